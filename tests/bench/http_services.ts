/**
 * The HTTP rows: what a request costs the schema registry and the REST proxy, how fast records stream through
 * them, what slow readers cost.
 */
import { kafkatsCommand } from "../clients/test_broker.ts";
import { startTestServices, type TestServices } from "../clients/test_services.ts";
import { errorText, linesIn } from "../clients/suite.ts";
import { cpuPerRequest } from "./http_load.ts";
import { residentBytes } from "./process_stats.ts";
import type { Results } from "./results.ts";

const MIB = 2 ** 20;
const NEW_SCHEMAS = 1000;
const LOADED_SCHEMAS = 10_000;
const STREAMED_RECORDS = 300_000;
const READERS = 200;
const READER_RECORDS = 20_000;

const JSON_V2 = "application/vnd.kafka.json.v2+json";
const REGISTRY_JSON = "application/vnd.schemaregistry.v1+json";

/** Measures every row; what fails is noted and the rest goes on. */
export async function measureHttp(results: Results): Promise<void> {
  await using services = await startTestServices();
  const rows: Record<string, () => Promise<void>> = {
    "registry requests": () => registryRequests(services, results),
    "registering": () => registering(services, results),
    "loading": () => loading(services, results),
    "REST produce": () => restProduce(services, results),
    "REST streaming": () => restStreaming(services, results),
    "SSE readers": () => sseReaders(services, results),
  };
  for (const [name, measure] of Object.entries(rows)) {
    try {
      await measure();
    } catch (error) {
      results.fail("ours", name, errorText(error));
    }
  }
}

function recordSchema(name: string): string {
  const fields = [{ name: "id", type: "long" }, { name: "name", type: "string" }];
  return JSON.stringify({ type: "record", name, namespace: "bench", fields });
}

async function post(url: string, body: unknown, contentType: string): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": contentType },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return await answer.json();
}

async function registryRequests(services: TestServices, results: Results): Promise<void> {
  const { registryUrl, pid } = services;
  const body = { schema: recordSchema("Requests") };
  const { id } = await post(
    `${registryUrl}/subjects/requests-value/versions`,
    body,
    REGISTRY_JSON,
  ) as {
    id: number;
  };
  const byId = await cpuPerRequest(pid, { url: `${registryUrl}/schemas/ids/${id}` });
  results.add("ours", "schemaById", byId.cpuMs);
  const lookup = await cpuPerRequest(pid, {
    url: `${registryUrl}/subjects/requests-value`,
    method: "POST",
    body: JSON.stringify(body),
    contentType: REGISTRY_JSON,
  });
  results.add("ours", "schemaLookup", lookup.cpuMs);
}

async function registering({ registryUrl }: TestServices, results: Results): Promise<void> {
  const started = performance.now();
  for (let n = 0; n < NEW_SCHEMAS; n++) {
    const schema = recordSchema(`New${n}`);
    await post(
      `${registryUrl}/subjects/new-${n % 100}/versions?force=true`,
      { schema },
      REGISTRY_JSON,
    );
  }
  results.add("ours", "schemaRegistration", (performance.now() - started) / 1000);
}

/** How much longer a registry takes to its first answer with many schemas in its topic than with none. */
async function loading(
  { bootstrap, restUrl }: TestServices,
  results: Results,
): Promise<void> {
  const empty = await startRegistry(bootstrap, "_schemas_empty");
  results.add("ours", "registryMemory", (await residentBytes(empty.pid)).now / MIB);
  await empty.stop();
  const topic = "_schemas_full";
  await (await startRegistry(bootstrap, topic)).stop();
  const page = 500;
  for (let from = 0; from < LOADED_SCHEMAS; from += page) {
    const records = Array.from({ length: page }, (_, i) => {
      const id = from + i + 1,
        subject = `loaded-${id % 1000}`,
        version = Math.floor(from / 1000) * 2 + 1;
      return {
        key: { keytype: "SCHEMA", subject: `${subject}-${id}`, version: 1, magic: 1 },
        value: {
          subject: `${subject}-${id}`,
          version: 1,
          id,
          schema: recordSchema(`L${id}V${version}`),
          deleted: false,
        },
      };
    });
    await post(`${restUrl}/topics/${topic}`, { records }, JSON_V2);
  }
  const full = await startRegistry(bootstrap, topic);
  results.add("ours", "registryLoad", (full.startMs - empty.startMs) / 1000);
  const told = await (await fetch(`${full.url}/subjects`)).json() as unknown[];
  await full.stop();
  if (told.length !== LOADED_SCHEMAS) throw new Error(`${told.length} subjects were loaded`);
}

interface BenchRegistry {
  readonly pid: number;
  readonly url: string;
  /** From its start to the line that tells where it listens. */
  readonly startMs: number;
  stop(): Promise<void>;
}

async function startRegistry(bootstrap: string, topic: string): Promise<BenchRegistry> {
  const [program, ...args] = kafkatsCommand();
  const started = performance.now();
  const overrides = {
    "listeners": "http://localhost:0",
    "kafkastore.bootstrap.servers": bootstrap,
    "kafkastore.topic": topic,
    "schema.registry.group.id": topic,
  };
  const flags = Object.entries(overrides).map(([name, value]) => `--override=${name}=${value}`);
  const child = new Deno.Command(program!, {
    args: [...args, "registry", ...flags],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = linesIn(child.stdout)[Symbol.asyncIterator]();
  let url: string | undefined;
  while (url === undefined) {
    const { value, done } = await lines.next();
    if (done) throw new Error("the registry ended before it served");
    url = value.match(/Listening on (http:[^ ,"]+)/)?.[1];
  }
  const startMs = performance.now() - started;
  return {
    pid: child.pid,
    url,
    startMs,
    async stop() {
      child.kill("SIGTERM");
      while (!(await lines.next()).done);
      await child.status;
    },
  };
}

async function restProduce({ restUrl, pid }: TestServices, results: Results): Promise<void> {
  const load = {
    url: `${restUrl}/topics/bench-rest`,
    method: "POST",
    contentType: JSON_V2,
  } as const;
  const one = { records: [{ value: { user: "ana", action: "login", at: 1_700_000_000_000 } }] };
  await post(load.url, one, JSON_V2);
  const single = await cpuPerRequest(pid, { ...load, body: JSON.stringify(one) });
  results.add("ours", "restOne", single.cpuMs);
  const hundred = { records: Array.from({ length: 100 }, () => one.records[0]) };
  const many = await cpuPerRequest(pid, { ...load, body: JSON.stringify(hundred) });
  results.add("ours", "restHundred", many.cpuMs);
}

/** NDJSON in and out on one connection, as fast as it goes. */
async function restStreaming({ restUrl }: TestServices, results: Results): Promise<void> {
  const [{ cluster_id: cluster }] = (await (await fetch(`${restUrl}/v3/clusters`)).json()).data;
  const line = new TextEncoder().encode(
    `${JSON.stringify({ value: { type: "JSON", data: { user: "ana", action: "login" } } })}\n`
      .repeat(100),
  );
  let left = STREAMED_RECORDS / 100;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(line);
      else controller.close();
    },
  });
  const started = performance.now();
  const answer = await fetch(`${restUrl}/v3/clusters/${cluster}/topics/bench-stream/records`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  });
  let answers = 0;
  const decoder = new TextDecoder();
  for await (const chunk of answer.body!) {
    answers += decoder.decode(chunk).split('"error_code":200').length - 1;
  }
  // An answer that two chunks share is not counted.
  if (answers < STREAMED_RECORDS * 0.98) throw new Error(`${answers} records were taken`);
  results.add("ours", "restStream", STREAMED_RECORDS / ((performance.now() - started) / 1000));
}

/** One reader that reads all, beside many that read nothing after their first bytes. */
async function sseReaders({ restUrl, pid }: TestServices, results: Results): Promise<void> {
  const [{ cluster_id: cluster }] = (await (await fetch(`${restUrl}/v3/clusters`)).json()).data;
  const topic = `${restUrl}/topics/bench-sse`;
  const records = Array.from({ length: 500 }, (_, n) => ({ value: { n, text: "x".repeat(200) } }));
  await post(topic, { records: records.slice(0, 1) }, JSON_V2);
  const url = `${restUrl}/v3/clusters/${cluster}/topics/bench-sse/records:stream?from=earliest`;
  const before = (await residentBytes(pid)).now;
  const stop = new AbortController();
  const options = { headers: { Accept: "text/event-stream" }, signal: stop.signal };
  const slow = await Promise.all(Array.from({ length: READERS }, () => fetch(url, options)));
  const fast = await fetch(url, options);
  const started = performance.now();
  const producing = (async () => {
    for (let sent = 0; sent < READER_RECORDS; sent += records.length) {
      await post(topic, { records }, JSON_V2);
    }
  })();
  let seen = 0;
  for await (
    const chunk of fast.body!.pipeThrough(new TextDecoderStream() as never) as ReadableStream<
      string
    >
  ) {
    seen += chunk.split("\nid:").length - 1 + (chunk.startsWith("id:") ? 1 : 0);
    if (seen >= READER_RECORDS * 0.98) break;
  }
  await producing;
  results.add("ours", "sseRate", seen / ((performance.now() - started) / 1000));
  results.add("ours", "sseMemory", ((await residentBytes(pid)).now - before) / MIB);
  stop.abort();
  await Promise.allSettled(slow.map((answer) => answer.body?.cancel()));
}
