import { errorCodes } from "../../../broker/protocol/errors.ts";
import {
  type FetchedRecord,
  type Isolation,
  type KafkaClient,
  KafkaError,
  listOffsets,
  type RecordReader,
} from "../../kafka/mod.ts";
import type { TopicWatch } from "./topic_watch.ts";

/** Records of one partition that follow each other. */
export interface Stretch {
  readonly kind: "records";
  /** Of the partition in the reader's list. */
  readonly index: number;
  readonly partition: number;
  readonly records: readonly FetchedRecord[];
  /** Where to read on behind all of them. */
  readonly nextOffset: number;
}

/** A position that its partition doesn't hold, and the one that takes its place. */
export interface PositionReset {
  readonly kind: "reset";
  readonly index: number;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly reason: "expired" | "truncated" | "recreated";
}

/** What reads partitions of one topic. */
export interface PartitionsReaderOptions {
  readonly client: KafkaClient;
  readonly reader: RecordReader;
  readonly watch: TopicWatch;
  /** As it was when reading began: one of the same name that is made anew is read from its beginning. */
  readonly topicId: string;
  readonly isolation: Isolation;
}

interface PartitionState {
  readonly partition: number;
  position: number;
  /** Fetching from the position gave nothing while the partition ended here; -1: it gave something. */
  drainedAt: number;
}

/**
 * Reads some partitions of a topic from positions of its own, in turn, without waiting for what isn't there yet.
 * Where a position lies outside of what its partition holds it is moved: to the first record that is left, if what
 * was there has expired; to the end, if the log was cut short; to the beginning, if the topic was made anew.
 */
export class PartitionsReader {
  readonly #options: PartitionsReaderOptions;
  readonly #states: readonly PartitionState[];
  #turn = 0;

  /** `positions` by rising partition. */
  constructor(
    options: PartitionsReaderOptions,
    positions: Iterable<readonly [partition: number, position: number]>,
  ) {
    this.#options = options;
    this.#states = [...positions].map(([partition, position]) => ({
      partition,
      position,
      drainedAt: -1,
    }));
  }

  /** Where it reads on in each partition. */
  positions(): (readonly [partition: number, position: number])[] {
    return this.#states.map(({ partition, position }) => [partition, position]);
  }

  /** Sets where to read on in the partition at `index`. */
  moveTo(index: number, position: number): void {
    this.#states[index]!.position = position;
  }

  /** Whether {@linkcode next} would find something, as far as is known. */
  get isDue(): boolean {
    return this.#states.some((state) => this.#hasMore(state));
  }

  /**
   * The next records, at least one where the partition has any; null: there is nothing at the moment. The position
   * stays until it is moved, but for what has no records. Rejects with KafkaError.
   */
  async next(
    limits: { readonly maxBytes: number; readonly maxRecords?: number },
  ): Promise<Stretch | PositionReset | null> {
    const { reader, watch, isolation } = this.#options;
    for (let tries = this.#states.length; tries > 0; tries--) {
      const index = this.#turn;
      const state = this.#states[index]!;
      this.#turn = (index + 1) % this.#states.length;
      if (!this.#hasMore(state)) continue;
      const { partition, position } = state;
      try {
        const fetched = await reader.fetchRecords(watch.topic, partition, {
          offset: position,
          isolation,
          ...limits,
        });
        const { records, nextOffset, highWatermark } = fetched;
        watch.observe(partition, highWatermark);
        const isMoved = nextOffset > position;
        state.drainedAt = isMoved ? -1 : highWatermark;
        if (records.length > 0) return { kind: "records", index, partition, records, nextOffset };
        state.position = nextOffset;
        // There is more behind what had no records.
        if (isMoved) tries++;
      } catch (error) {
        const isOutside = error instanceof KafkaError &&
          error.code === errorCodes.OFFSET_OUT_OF_RANGE;
        if (!isOutside) throw error;
        const reset = await this.#reset(index, state);
        if (reset !== null) return reset;
      }
    }
    return null;
  }

  #hasMore({ partition, position, drainedAt }: PartitionState): boolean {
    const end = this.#options.watch.endOf(partition);
    // A position behind the end is one that its partition may not hold: fetching tells.
    return end !== position && end !== drainedAt;
  }

  /** Null: the position lies within what the partition holds after all. */
  async #reset(index: number, state: PartitionState): Promise<PositionReset | null> {
    const { client, watch: { topic }, topicId } = this.#options;
    const { partition, position } = state;
    const [first, end] = await listOffsets(client, [
      { topic, partition, at: "earliest" },
      { topic, partition, at: "latest" },
    ]);
    if (first!.error !== null) throw first!.error;
    if (end!.error !== null) throw end!.error;
    if (position >= first!.offset && position <= end!.offset) return null;
    const found = await client.topic(topic, { maxAgeMs: 0 });
    const reason = found.topicId !== topicId
      ? "recreated"
      : position < first!.offset
      ? "expired"
      : "truncated";
    const to = reason === "truncated" ? end!.offset : first!.offset;
    return { kind: "reset", index, partition, from: position, to, reason };
  }
}
