import { errorCodes } from "../../protocol/mod.ts";
import {
  BatchCursor,
  decodeControlKey,
  RecordCursor,
  RecordsError,
} from "../../protocol/records/mod.ts";
import type { ConsumedRecord } from "./consumed_record.ts";

/** A transaction that was aborted: its producer's batches from there up to its marker don't count. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** Batches of one partition as a broker sent them. */
export interface FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  /** What was asked for: the first batch may begin before it. */
  readonly fetchOffset: number;
  readonly records: Uint8Array;
  /** Null when uncommitted records are wanted too. */
  readonly aborted: readonly AbortedTransaction[] | null;
}

/**
 * Walks fetched batches: checks their checksums, unpacks them, leaves out control records, aborted
 * transactions and what lies before the wanted offset.
 */
export class BatchReader {
  readonly #batches = new BatchCursor();
  readonly #records = new RecordCursor();

  /**
   * Calls `visit` for each record until it returns false. Returns the offset to go on from. The
   * record's fields hold during the call alone. Throws RecordsError on damaged batches; those before
   * have been visited.
   */
  read(fetched: FetchedRecords, visit: (record: ConsumedRecord) => boolean): number {
    const { topic, partition, fetchOffset, records, aborted } = fetched;
    const transactions = new OpenAborts(aborted);
    let nextOffset = fetchOffset;
    this.#batches.reset(records);
    while (this.#batches.next()) {
      const batch = this.#batches;
      if (batch.lastOffset < fetchOffset) continue;
      if (!batch.crcValid()) {
        throw new RecordsError(
          errorCodes.CORRUPT_MESSAGE,
          `Batch at offset ${batch.baseOffset} of ${topic}-${partition} has a wrong checksum`,
        );
      }
      if (transactions.covers(batch, this.#records)) {
        nextOffset = batch.lastOffset + 1;
        continue;
      }
      const cursor = this.#records.reset(batch);
      while (cursor.next()) {
        if (cursor.offset < fetchOffset) continue;
        const goesOn = visit({
          topic,
          partition,
          offset: cursor.offset,
          leaderEpoch: batch.partitionLeaderEpoch,
          timestampMs: cursor.timestampMs,
          timestampType: cursor.magic === 0 ? "NoTimestampType" : batch.timestampType,
          key: cursor.key,
          value: cursor.value,
          headers: cursor.headers(),
        });
        nextOffset = cursor.offset + 1;
        if (!goesOn) return nextOffset;
      }
      nextOffset = batch.lastOffset + 1;
    }
    return nextOffset;
  }
}

/** Which producers' transactions are aborted at the place where the reader is (KIP-98). */
class OpenAborts {
  readonly #isReadCommitted: boolean;
  /** By first offset, the next one last. */
  readonly #coming: AbortedTransaction[];
  readonly #open = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[] | null) {
    this.#isReadCommitted = aborted !== null;
    this.#coming = [...aborted ?? []].sort((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Whether the batch is no data: a control batch, or part of an aborted transaction. */
  covers(batch: BatchCursor, records: RecordCursor): boolean {
    while ((this.#coming.at(-1)?.firstOffset ?? Infinity) <= batch.lastOffset) {
      this.#open.add(this.#coming.pop()!.producerId);
    }
    if (batch.isControl) {
      if (this.#isReadCommitted && isAbortMarker(batch, records)) {
        this.#open.delete(batch.producerId);
      }
      return true;
    }
    return batch.isTransactional && this.#open.has(batch.producerId);
  }
}

function isAbortMarker(batch: BatchCursor, records: RecordCursor): boolean {
  records.reset(batch);
  return records.next() && decodeControlKey(records.key) === "abort";
}
