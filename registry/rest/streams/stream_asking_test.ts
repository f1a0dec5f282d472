/** What tests of streams share. */
import type { SseEvent } from "./sse_client_test.ts";
import type { TestProxy } from "./proxy_world_test.ts";

const encoder = new TextEncoder();

/** Writes values to a partition. */
export async function write(
  proxy: TestProxy,
  topic: string,
  values: readonly (string | Uint8Array | null)[],
  partition = 0,
): Promise<void> {
  const outcomes = await proxy.context.producer.sendAll(
    topic,
    values.map((value) => ({
      partition,
      key: null,
      value: typeof value === "string" ? encoder.encode(value) : value,
    })),
  );
  for (const { error } of outcomes) if (error !== null) throw error;
}

/** What the records of events have as data of their values. */
export function dataOf(events: readonly SseEvent[]): unknown[] {
  return events.map(({ data }) => data.value.data);
}

/** Status, error code and message of a request that is refused. */
export async function statusOf(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const { error_code: code, message } = await response.json();
  return [response.status, code, message] as const;
}
