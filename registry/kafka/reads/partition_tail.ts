import { Backoff, pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError } from "../kafka_error.ts";
import type { FetchedRecords, FetchOptions, RecordReader } from "./record_reader.ts";

/** How a partition is followed; see {@linkcode FetchOptions}. */
export interface TailOptions extends FetchOptions {
  /** Hears of failures that pass; default: nobody. */
  readonly onProblem?: (error: Error) => void;
}

const WAIT_MS = 5000;

/**
 * Follows one partition for ever: gives stretch after stretch as records come, and waits through
 * lost connections and changes of the leader.
 *
 * ```ts
 * for await (const { records, highWatermark } of tail) { ... }
 * ```
 */
export class PartitionTail {
  readonly topic: string;
  readonly partition: number;
  readonly #client: KafkaClient;
  readonly #reader: RecordReader;
  readonly #options: TailOptions;
  readonly #end = new AbortController();
  /** Ends the wait for what is being read. */
  #wake: () => void = () => {};
  #position: number;
  #highWatermark = -1;

  constructor(
    client: KafkaClient,
    reader: RecordReader,
    topic: string,
    partition: number,
    options: TailOptions,
  ) {
    this.#client = client;
    this.#reader = reader;
    this.topic = topic;
    this.partition = partition;
    this.#options = options;
    this.#position = options.offset;
  }

  /** Where it reads on: behind what was given last. */
  get position(): number {
    return this.#position;
  }

  /** As last told; -1 before. */
  get highWatermark(): number {
    return this.#highWatermark;
  }

  /** Ends the loop; what waits now ends at once. */
  close(): void {
    this.#end.abort();
    this.#wake();
  }

  /**
   * Stretches as they come, also empty ones: the first answer, and then one each `waitMs` (default
   * 5 s) at most. Throws what doesn't pass by itself, such as OFFSET_OUT_OF_RANGE.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<FetchedRecords> {
    const { waitMs = WAIT_MS, onProblem = () => {} } = this.#options;
    const { signal } = this.#end;
    const backoff = new Backoff(50, 1000);
    let isFirst = true;
    while (!signal.aborted && !this.#client.closed.aborted) {
      let fetched: FetchedRecords | null = null;
      try {
        const reading = this.#reader.fetchRecords(this.topic, this.partition, {
          ...this.#options,
          offset: this.#position,
          // What is there already is told at once, be it nothing.
          waitMs: isFirst ? 0 : waitMs,
        });
        fetched = await Promise.race([reading, this.#ended()]);
      } catch (thrown) {
        const error = asKafkaError(thrown);
        if (!error.retriable || this.#client.closed.aborted) throw error;
        onProblem(error);
        await pause(backoff.nextMs(), signal);
        continue;
      }
      if (fetched === null) return;
      backoff.reset();
      isFirst = false;
      this.#position = fetched.nextOffset;
      this.#highWatermark = fetched.highWatermark;
      yield fetched;
    }
  }

  /** A promise for each wait: one that lives as long as the tail would gather all that wait on it. */
  #ended(): Promise<null> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(null);
    });
  }
}
