/** A few questions that scenarios ask a broker again and again, and what of the answers they need. */
import type { JsonObject, JsonValue } from "../wire/json_text.ts";
import { Player } from "../wire/player.ts";

/** One record as it was read. */
export interface ReadRecord {
  readonly offset: number;
  readonly value: string;
}

/** What a produce request came to for its one partition. */
export interface Produced {
  readonly errorCode: number;
  readonly baseOffset: number;
}

const TIMEOUT_MS = 10_000;
/** Errors of a topic or broker that is not known everywhere yet. */
const NOT_READY = [3, 5, 6];
const FETCH_BYTES_MAX = 1 << 24;

/** A client with names for what it asks; each of its requests waits for the answer. */
export class Asker {
  readonly player: Player;

  constructor(at: { readonly host: string; readonly port: number }) {
    this.player = new Player(at.host, at.port, "scenario");
  }

  end(): Promise<void> {
    return this.player.end();
  }

  /** The body of the answer; throws when the connection closes or nothing comes. */
  async ask(line: JsonObject): Promise<JsonObject> {
    const { body, result } = await this.player.play(line);
    if (body === undefined) throw new Error(`${line.api}: ${result ?? "no body"}`);
    return body as JsonObject;
  }

  /** Makes a topic and waits until its partitions have a leader. */
  async createTopic(
    name: string,
    partitions = 1,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const configList = Object.entries(configs).map(([name, value]) => ({ name, value }));
    const topic = { name, numPartitions: partitions, replicationFactor: 1, configs: configList };
    const made = await this.ask({
      api: "CreateTopics",
      version: 7,
      body: { timeoutMs: TIMEOUT_MS, topics: [topic] },
    });
    const errorCode = first(made.topics).errorCode;
    if (errorCode !== 0) throw new Error(`CreateTopics of ${name} gave error ${errorCode}`);
    const retryOn = NOT_READY;
    await this.ask({ api: "Metadata", version: 12, retryOn, body: { topics: [{ name }] } });
  }

  /** Sends one request for one partition; `records` as batch_json.ts reads them. */
  async produce(
    topic: string,
    records: JsonValue,
    options: { readonly partition?: number; readonly acks?: number } = {},
  ): Promise<Produced> {
    const partitionData = [{ index: options.partition ?? 0, records }];
    const body = await this.ask({
      api: "Produce",
      version: 11,
      retryOn: NOT_READY,
      body: {
        acks: options.acks ?? -1,
        timeoutMs: TIMEOUT_MS,
        topicData: [{ name: topic, partitionData }],
      },
    });
    const { errorCode, baseOffset } = first(first(body.responses).partitionResponses);
    return { errorCode: errorCode as number, baseOffset: baseOffset as number };
  }

  /** The partition's first and next offset. */
  async offsets(topic: string, partition = 0): Promise<{ start: number; end: number }> {
    const found: number[] = [];
    for (const timestamp of [-2, -1]) {
      const body = await this.ask({
        api: "ListOffsets",
        version: 7,
        retryOn: NOT_READY,
        body: {
          replicaId: -1,
          topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
        },
      });
      found.push(first(first(body.topics).partitions).offset as number);
    }
    return { start: found[0]!, end: found[1]! };
  }

  /** Every record of a partition from its start to its end. */
  async readAll(topic: string, partition = 0): Promise<ReadRecord[]> {
    const { start, end } = await this.offsets(topic, partition);
    const records: ReadRecord[] = [];
    for (let offset = start; offset < end;) {
      const body = await this.ask({
        api: "Fetch",
        version: 12,
        retryOn: NOT_READY,
        body: {
          maxWaitMs: 500,
          minBytes: 1,
          maxBytes: FETCH_BYTES_MAX,
          topics: [{
            topic,
            partitions: [{ partition, fetchOffset: offset, partitionMaxBytes: FETCH_BYTES_MAX }],
          }],
        },
      });
      const { errorCode, records: fetched } = first(first(body.responses).partitions);
      if (errorCode !== 0) throw new Error(`Fetch at ${offset} gave error ${errorCode}`);
      for (const batch of ((fetched as JsonObject | null)?.batches ?? []) as JsonObject[]) {
        if (batch.valid !== true) throw new Error(`Fetch at ${offset} gave a batch of bad CRC`);
        for (const record of batch.records as JsonObject[]) {
          const at = record.offset as number;
          if (at < offset) continue;
          records.push({ offset: at, value: String(record.value) });
          offset = at + 1;
        }
      }
    }
    return records;
  }
}

/** The first item of an array of objects; an empty object when there is none. */
export function first(items: JsonValue | undefined): JsonObject {
  return ((items ?? []) as JsonObject[])[0] ?? {};
}
