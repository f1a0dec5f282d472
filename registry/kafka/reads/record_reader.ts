import { errorCodes, errorMessage } from "../../../broker/protocol/mod.ts";
import { Backoff, pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError } from "../kafka_error.ts";
import { decodeRecords, type FetchedRecord, type Isolation } from "./decode_records.ts";
import { fetchPartitions, LEADER_CODES } from "./fetch_partitions.ts";
import { listOffsets } from "./list_offsets.ts";

/** Where to read and how much. */
export interface FetchOptions {
  /** The first offset wanted; from the first to the next one that the partition will give. */
  readonly offset: number;
  /** Bytes of keys and values; one record is given whatever its size. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Default: as many as the bytes allow. */
  readonly maxRecords?: number;
  /** How long to wait when there is nothing yet; default 0. */
  readonly waitMs?: number;
  /** Default: read_uncommitted. */
  readonly isolation?: Isolation;
}

/** A stretch of a partition. */
export interface FetchedRecords {
  readonly records: readonly FetchedRecord[];
  /** Records below it are with all in-sync replicas: the end for readers. */
  readonly highWatermark: number;
  /** Where reading committed records ends. */
  readonly lastStableOffset: number;
  /** The first offset that is still held. */
  readonly logStartOffset: number;
  /**
   * Where to read on. It may go forward without any record: what compaction left out, markers and
   * records of aborted transactions are passed over.
   */
  readonly nextOffset: number;
}

const MAX_BYTES = 1024 * 1024;
/** What is fetched beyond the bytes asked for, for the batches' own bytes. */
const BATCH_OVERHEAD_BYTES = 16 * 1024;

/**
 * Reads partitions by offset, without a group. Readers that ask for the same place at the same time
 * share one request and its records: two hundred that wait at the end of one topic cost the broker
 * one long poll, and this process one copy of what comes.
 */
export class RecordReader {
  readonly #client: KafkaClient;
  readonly #underWay = new Map<string, Promise<FetchedRecords>>();

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  /**
   * Reads from an offset on. Rejects with {@linkcode KafkaError}: OFFSET_OUT_OF_RANGE, whose message
   * says what the partition holds; UNKNOWN_TOPIC_OR_PARTITION; what the broker says. A leader that
   * moves is followed.
   */
  fetchRecords(topic: string, partition: number, options: FetchOptions): Promise<FetchedRecords> {
    const { offset, maxBytes = MAX_BYTES, maxRecords = Infinity, waitMs = 0 } = options;
    const { isolation = "read_uncommitted" } = options;
    const key = `${partition} ${offset} ${maxBytes} ${maxRecords} ${waitMs} ${isolation} ${topic}`;
    const shared = this.#underWay.get(key);
    if (shared !== undefined) return shared;
    const fetched = this.#fetch(topic, partition, {
      offset,
      maxBytes,
      maxRecords,
      waitMs,
      isolation,
    });
    this.#underWay.set(key, fetched);
    const done = () => this.#underWay.delete(key);
    fetched.then(done, done);
    return fetched;
  }

  async #fetch(
    topic: string,
    partition: number,
    options: Required<FetchOptions>,
  ): Promise<FetchedRecords> {
    const deadlineMs = performance.now() + options.waitMs + this.#client.requestTimeoutMs;
    const backoff = new Backoff(20, 500);
    for (;;) {
      try {
        const leader = await this.#client.leaderOf(topic, partition);
        return await this.#fetchFrom(leader, topic, partition, options);
      } catch (thrown) {
        const error = asKafkaError(thrown);
        const delayMs = backoff.nextMs();
        if (!error.retriable || !LEADER_CODES.has(error.code)) throw error;
        // Where the metadata itself says that it isn't there, asking again brings nothing.
        const isUnknown = error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION &&
          this.#client.cachedTopic(topic) === null;
        if (isUnknown || this.#client.closed.aborted) throw error;
        if (performance.now() + delayMs > deadlineMs) throw error;
        this.#client.forgetTopic(topic);
        await pause(delayMs, this.#client.closed);
      }
    }
  }

  async #fetchFrom(
    leader: number,
    topic: string,
    partition: number,
    { offset, maxBytes, maxRecords, waitMs, isolation }: Required<FetchOptions>,
  ): Promise<FetchedRecords> {
    let result: FetchedRecords | null = null;
    let code: number = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
    const bytes = Math.min(0x7fffffff, maxBytes + BATCH_OVERHEAD_BYTES);
    await fetchPartitions(
      this.#client,
      leader,
      [{ topic, partition, offset }],
      { maxBytes: bytes, partitionMaxBytes: bytes, waitMs, isolation },
      (_topic, fetched) => {
        code = fetched.errorCode;
        if (code !== errorCodes.NONE) return;
        const decoded = decodeRecords(fetched.records as Uint8Array ?? EMPTY, {
          fromOffset: offset,
          abortedTransactions: isolation === "read_committed" ? fetched.abortedTransactions : null,
          bytesMax: maxBytes,
          recordsMax: maxRecords,
        });
        result = {
          records: decoded.records,
          highWatermark: fetched.highWatermark,
          lastStableOffset: fetched.lastStableOffset,
          logStartOffset: fetched.logStartOffset,
          nextOffset: decoded.nextOffset,
        };
      },
    );
    if (result !== null) return result;
    if (code === errorCodes.OFFSET_OUT_OF_RANGE) {
      throw await this.#outOfRange(topic, partition, offset);
    }
    throw new KafkaError(
      code,
      `Cannot read partition ${partition} of "${topic}": ${errorMessage(code)}`,
    );
  }

  async #outOfRange(topic: string, partition: number, offset: number): Promise<KafkaError> {
    const [first, end] = await listOffsets(this.#client, [
      { topic, partition, at: "earliest" },
      { topic, partition, at: "latest" },
    ]);
    const holds = first?.error === null && end?.error === null
      ? `its offsets go from ${first.offset} to ${end.offset}`
      : errorMessage(errorCodes.OFFSET_OUT_OF_RANGE);
    return new KafkaError(
      errorCodes.OFFSET_OUT_OF_RANGE,
      `Cannot read partition ${partition} of "${topic}" from offset ${offset}: ${holds}`,
    );
  }
}

const EMPTY = new Uint8Array(0);
