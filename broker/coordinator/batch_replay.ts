import { BatchCursor, decodeControlKey, RecordCursor } from "../protocol/records/mod.ts";
import type { RecordFormat, RecordOrigin, StateMachine } from "./state_machine.ts";
import type { Timeline } from "./timeline.ts";

/** Bytes of a coordinator's partition that are not what they should be. */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/**
 * Feeds a partition's batches to a state machine, a given number of records at a time, so that a
 * long load can let others in between.
 */
export class BatchReplay<R> {
  readonly #machine: StateMachine<R>;
  readonly #timeline: Timeline;
  readonly #format: RecordFormat<R>;
  readonly #batches = new BatchCursor();
  readonly #records = new RecordCursor();
  #isInBatch = false;
  #skippedCount = 0;
  #nextOffset = -1;

  constructor(machine: StateMachine<R>, timeline: Timeline, format: RecordFormat<R>) {
    this.#machine = machine;
    this.#timeline = timeline;
    this.#format = format;
  }

  /** How many records were passed over because this version does not know their type. */
  get skippedCount(): number {
    return this.#skippedCount;
  }

  /** The offset behind the last batch begun; -1 before the first. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Hands over whole batches, when {@linkcode step} has done with those before. */
  feed(batches: Uint8Array): void {
    this.#batches.reset(batches);
    this.#isInBatch = false;
  }

  /**
   * Replays up to `count` records and returns whether there are more. Throws a {@linkcode LoadError}, or
   * what the record's format throws, on damage.
   */
  step(count: number, highWatermark: number): boolean {
    for (let left = count; left > 0; left--) {
      while (!this.#isInBatch || !this.#records.next()) {
        if (!this.#nextBatch()) return false;
      }
      this.#replay(highWatermark);
    }
    return true;
  }

  #nextBatch(): boolean {
    const batch = this.#batches;
    this.#isInBatch = batch.next();
    if (!this.#isInBatch) return false;
    if (!batch.crcValid()) {
      throw new LoadError(`Cannot load batch at offset ${batch.baseOffset}: its checksum is wrong`);
    }
    this.#nextOffset = batch.lastOffset + 1;
    this.#records.reset(batch);
    return true;
  }

  #replay(highWatermark: number): void {
    const batch = this.#batches;
    const { offset, key, value } = this.#records;
    const { producerId, producerEpoch } = batch;
    this.#timeline.replaying(offset, { isCommitted: offset < highWatermark });
    if (batch.isControl) {
      const type = decodeControlKey(key);
      const origin = { offset, producerId, producerEpoch };
      if (type === "commit" || type === "abort") {
        this.#machine.endTransaction(origin, type === "commit");
      }
      return;
    }
    const record = this.#format.decode(key, value);
    if (record === null) {
      this.#skippedCount++;
      return;
    }
    const origin: RecordOrigin = batch.isTransactional
      ? { offset, producerId, producerEpoch }
      : { offset, producerId: -1, producerEpoch: -1 };
    this.#machine.replay(record, origin);
  }
}
