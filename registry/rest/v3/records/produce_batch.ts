import { HttpError, type ServiceLogger, shown } from "../../../http/mod.ts";
import type { BatchingProducer } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import { RecordAnswers, refusalOf } from "./record_answers.ts";
import type { EncodedRecord, RecordEncoder } from "./record_encoder.ts";
import { entryRequest } from "./record_request.ts";

/** What a batch is written with. */
export interface ProduceBatchOptions {
  readonly clusterId: string;
  readonly topic: string;
  readonly producer: BatchingProducer;
  readonly encoder: RecordEncoder;
  readonly logger: ServiceLogger;
  readonly entriesMax: number;
}

interface Entry {
  readonly id: string;
  readonly json: unknown;
}

const ID = /^[0-9A-Za-z_-]{1,80}$/;

/**
 * Writes the entries of a batch, each for itself, and gives the answer's JSON. Throws 422/42208 for what is no batch
 * as a whole: nothing is written then.
 */
export async function produceBatch(body: unknown, options: ProduceBatchOptions): Promise<string> {
  const entries = entriesOf(body, options.entriesMax);
  const { clusterId, topic, producer, encoder, logger } = options;
  const answers = new RecordAnswers(clusterId, topic);
  const successes: string[] = [], failures: string[] = [];
  const encoded: (EncodedRecord | null)[] = [];
  const refusals = new Map<Entry, unknown>();
  for (const entry of entries) {
    try {
      encoded.push(await encoder.encode(entryRequest(entry.json)));
    } catch (error) {
      encoded.push(null);
      refusals.set(entry, error);
    }
  }
  // Sent in one turn, so that they share a request.
  const sent = await Promise.allSettled(
    encoded.map((one) => one === null ? null : producer.send(topic, one.record)),
  );
  for (const [n, entry] of entries.entries()) {
    const outcome = sent[n]!;
    if (outcome.status === "fulfilled" && outcome.value !== null) {
      successes.push(answers.produced(`"id":"${entry.id}"`, encoded[n]!, outcome.value));
      continue;
    }
    const error = outcome.status === "rejected" ? outcome.reason : refusals.get(entry);
    const { errorCode, message } = refusalOf(error, logger);
    failures.push(JSON.stringify({ id: entry.id, error_code: errorCode, message }));
  }
  return `{"successes":[${successes.join(",")}],"failures":[${failures.join(",")}]}`;
}

function entriesOf(body: unknown, entriesMax: number): Entry[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw badBatch(`The body is ${shown(body)}; allowed: an object with entries`);
  }
  for (const name in body) {
    if (name !== "entries") {
      throw new HttpError(
        422,
        422,
        `The body has the unknown field ${shown(name)}; allowed: entries`,
      );
    }
  }
  const { entries } = body as { readonly entries?: unknown };
  if (!Array.isArray(entries) || entries.length === 0) {
    throw badBatch(`entries is ${shown(entries)}; allowed: a list of 1 to ${entriesMax} entries`);
  }
  if (entries.length > entriesMax) {
    throw badBatch(`The batch has ${entries.length} entries; allowed: 1 to ${entriesMax}`);
  }
  const ids = new Set<string>();
  return entries.map((json, n) => {
    const id = idOf(json, n);
    if (ids.has(id)) throw badBatch(`Two entries have the id ${shown(id)}`);
    ids.add(id);
    return { id, json };
  });
}

function idOf(entry: unknown, n: number): string {
  const { id } = (entry ?? {}) as { readonly id?: unknown };
  if (typeof id === "string" && ID.test(id)) return id;
  throw badBatch(
    `entries[${n}].id is ${shown(id)}; allowed: a string of 1 to 80 of 0-9 A-Z a-z _ -`,
  );
}

function badBatch(message: string): HttpError {
  return new HttpError(422, restCodes.BAD_BATCH, message);
}
