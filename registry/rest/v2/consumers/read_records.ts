import { HttpError } from "../../../http/mod.ts";
import type { ConsumedRecord, GroupConsumer } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import { PayloadError, type ValueReader } from "../../records/mod.ts";
import { type SchemaKey, SchemaSourceError } from "../../schemas/mod.ts";

/** When a read is over. */
export interface ReadLimits {
  readonly timeoutMs: number;
  /** More bytes than these are enough; -1: none are. */
  readonly minBytes: number;
  /** Keys and values of an answer have fewer; a record that is larger by itself comes alone. */
  readonly maxBytes: number;
}

/** What a read came to. */
export interface ReadOutcome {
  /** The answer's JSON: a list of records. */
  readonly text: string;
  /** What went wrong behind these records; the next read has to tell it. */
  readonly problem: Error | null;
}

/**
 * Polls until there is enough or the time is over. A record that can't be read ends the answer before it; when it
 * comes first it fails the read, again and again until the client moves on: nothing is skipped unseen.
 */
export async function readRecords(
  consumer: GroupConsumer,
  values: ValueReader,
  limits: ReadLimits,
): Promise<ReadOutcome> {
  const deadlineMs = performance.now() + limits.timeoutMs;
  const page = new RecordPage(values, limits.maxBytes);
  for (;;) {
    const leftMs = deadlineMs - performance.now();
    try {
      await consumer.poll({
        maxWaitMs: Math.max(0, leftMs),
        maxRecords: Infinity,
        accept: (record) => page.take(record),
      });
    } catch (error) {
      // What was taken already is past the consumer's position: it must reach the client.
      return { text: page.textOrThrow(error as Error), problem: error as Error };
    }
    await page.fetchMissing();
    if (page.isEnded || leftMs <= 0) break;
    if (limits.minBytes >= 0 && page.bytes > limits.minBytes) break;
  }
  return { text: page.textOrThrow(page.problem), problem: null };
}

/** What a read has collected. */
class RecordPage {
  readonly #values: ValueReader;
  readonly #maxBytes: number;
  readonly #parts: string[] = [];
  #bytes = 0;
  #isFull = false;
  #problem: Error | null = null;
  /** The record that waits for a schema. */
  #missing: { readonly record: ConsumedRecord; readonly schema: SchemaKey } | null = null;

  constructor(values: ValueReader, maxBytes: number) {
    this.#values = values;
    this.#maxBytes = maxBytes;
  }

  /** What is wrong with the next record. */
  get problem(): Error | null {
    return this.#problem;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the next record stays for the next read. */
  get isEnded(): boolean {
    return this.#isFull || this.#problem !== null;
  }

  /** False: it stays with the consumer. */
  take(record: ConsumedRecord): boolean {
    const { topic, key, value, partition, offset } = record;
    const size = (key?.length ?? 0) + (value?.length ?? 0);
    if (this.#parts.length > 0 && this.#bytes + size >= this.#maxBytes) {
      this.#isFull = true;
      return false;
    }
    const schema = this.#values.missing(record);
    if (schema !== null) {
      this.#missing = { record, schema };
      return false;
    }
    const keyText = this.#read(record, "key");
    const valueText = keyText === null ? null : this.#read(record, "value");
    if (keyText === null || valueText === null) return false;
    this.#parts.push(
      `{"topic":${
        JSON.stringify(topic)
      },"key":${keyText},"value":${valueText},"partition":${partition},"offset":${offset}}`,
    );
    this.#bytes += size;
    return true;
  }

  /** Fetches the schema that the next record waits for. */
  async fetchMissing(): Promise<void> {
    if (this.#missing === null) return;
    const { record, schema } = this.#missing;
    this.#missing = null;
    try {
      await this.#values.fetch(schema);
    } catch (error) {
      if (!(error instanceof SchemaSourceError)) throw error;
      this.#problem = error.reason === "unreachable" ? error : unreadable(record, error.message);
    }
  }

  /** The records; throws the problem where there is none before it. */
  textOrThrow(problem: Error | null): string {
    if (this.#parts.length === 0 && problem !== null) throw problem;
    return `[${this.#parts.join(",")}]`;
  }

  #read(record: ConsumedRecord, part: "key" | "value"): string | null {
    try {
      return this.#values.text(record, part);
    } catch (error) {
      if (!(error instanceof PayloadError || error instanceof SchemaSourceError)) throw error;
      this.#problem = unreadable(record, `its ${part} ${error.message}`);
      return null;
    }
  }
}

function unreadable({ topic, partition, offset }: ConsumedRecord, why: string): HttpError {
  return new HttpError(
    422,
    restCodes.SERIALIZATION,
    `Cannot read offset ${offset} of partition ${partition} of "${topic}": ${why}; ` +
      "a seek behind it goes on",
  );
}
