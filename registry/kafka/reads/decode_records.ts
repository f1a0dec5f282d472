import { errorCodes } from "../../../broker/protocol/errors.ts";
import {
  BatchCursor,
  decodeControlKey,
  RecordCursor,
  type RecordHeader,
  RecordsError,
} from "../../../broker/protocol/records/mod.ts";
import { KafkaError } from "../kafka_error.ts";

/** A record as it stands in a log. Its bytes are views of what was received: don't write to them. */
export interface FetchedRecord {
  readonly offset: number;
  /** Milliseconds since 1970; -1 when it has none. */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** Which records of transactions are seen (KIP-98). */
export type Isolation = "read_uncommitted" | "read_committed";

/** A transaction that was aborted, as an answer to Fetch names it. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** What to take from the batches. */
export interface DecodeOptions {
  /** Records before it are passed over: batches come whole. */
  readonly fromOffset: number;
  /** Null when uncommitted records are to be seen too. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  /** Bytes of keys and values; the first record is taken whatever its size. */
  readonly bytesMax: number;
  readonly recordsMax: number;
}

/** What was taken. */
export interface DecodedRecords {
  readonly records: FetchedRecord[];
  /** Where to go on: behind the last record taken, and what was passed over there. */
  readonly nextOffset: number;
}

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Reads the records of the whole batches in `bytes`: control batches and, where asked, what aborted
 * transactions wrote are passed over. Throws {@linkcode KafkaError} CORRUPT_MESSAGE and the like on
 * damage.
 */
export function decodeRecords(bytes: Uint8Array, options: DecodeOptions): DecodedRecords {
  try {
    return decode(bytes, options);
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    throw new KafkaError(error.errorCode, error.message, { cause: error, retriable: false });
  }
}

function decode(bytes: Uint8Array, options: DecodeOptions): DecodedRecords {
  const { fromOffset, bytesMax, recordsMax } = options;
  const filter = new AbortedFilter(options.abortedTransactions);
  const records: FetchedRecord[] = [];
  const batch = new BatchCursor().reset(bytes);
  let nextOffset = fromOffset;
  let takenBytes = 0;
  while (batch.next()) {
    const { lastOffset } = batch;
    if (lastOffset < fromOffset) continue;
    if (!batch.crcValid()) {
      throw new RecordsError(
        errorCodes.CORRUPT_MESSAGE,
        `The batch at offset ${batch.baseOffset} has a wrong checksum`,
      );
    }
    if (filter.passesOver(batch)) {
      nextOffset = lastOffset + 1;
      continue;
    }
    // A cursor unpacks into a buffer of its own, which lives on in the records' views.
    const cursor = new RecordCursor().reset(batch);
    while (cursor.next()) {
      if (cursor.offset < fromOffset) continue;
      const sizeBytes = Math.max(0, cursor.keySize) + Math.max(0, cursor.valueSize);
      const isEnough = records.length >= recordsMax ||
        records.length > 0 && takenBytes + sizeBytes > bytesMax;
      if (isEnough) return { records, nextOffset: cursor.offset };
      takenBytes += sizeBytes;
      records.push({
        offset: cursor.offset,
        timestampMs: cursor.timestampMs,
        key: cursor.key,
        value: cursor.value,
        headers: cursor.headerCount === 0 ? NO_HEADERS : cursor.headers(),
      });
    }
    nextOffset = lastOffset + 1;
  }
  return { records, nextOffset };
}

/** Knows, batch by batch in the order of the log, which belong to aborted transactions. */
class AbortedFilter {
  readonly #aborted: readonly AbortedTransaction[];
  readonly #open = new Set<number>();
  #next = 0;

  constructor(aborted: readonly AbortedTransaction[] | null) {
    this.#aborted = [...aborted ?? []].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  passesOver(batch: BatchCursor): boolean {
    const { lastOffset } = batch;
    while (
      this.#next < this.#aborted.length && this.#aborted[this.#next]!.firstOffset <= lastOffset
    ) {
      this.#open.add(this.#aborted[this.#next++]!.producerId);
    }
    if (batch.isControl) {
      if (this.#open.size > 0 && isAbortMarker(batch)) this.#open.delete(batch.producerId);
      return true;
    }
    return batch.isTransactional && this.#open.has(batch.producerId);
  }
}

function isAbortMarker(batch: BatchCursor): boolean {
  const cursor = new RecordCursor().reset(batch);
  return cursor.next() && decodeControlKey(cursor.key) === "abort";
}
