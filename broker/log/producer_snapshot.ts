import { crc32c } from "../base/crc32c.ts";
import { readInt64, writeInt64 } from "../protocol/records/mod.ts";
import { FileFormatError } from "./small_file.ts";

/** What a `.snapshot` file keeps of one producer. Offsets and sequences are -1 when there is none. */
export interface ProducerSnapshotEntry {
  readonly producerId: number;
  readonly epoch: number;
  /** Sequence of the last record of the last batch. */
  readonly lastSequence: number;
  readonly lastOffset: number;
  /** Last offset minus first offset of the last batch. */
  readonly offsetDelta: number;
  readonly timestampMs: number;
  readonly coordinatorEpoch: number;
  /** First offset of the open transaction. */
  readonly currentTxnFirstOffset: number;
}

const VERSION = 1;
const CRC_AT = 2;
const COUNT_AT = 6;
const ENTRIES_AT = 10;
const ENTRY_BYTES = 46;

/** The file's bytes: version, CRC-32C of what follows it, count, entries (`ProducerSnapshot.json`). */
export function encodeProducerSnapshot(entries: readonly ProducerSnapshotEntry[]): Uint8Array {
  const bytes = new Uint8Array(ENTRIES_AT + entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt16(0, VERSION);
  view.setInt32(COUNT_AT, entries.length);
  let at = ENTRIES_AT;
  for (const entry of entries) {
    writeInt64(view, at, entry.producerId);
    view.setInt16(at + 8, entry.epoch);
    view.setInt32(at + 10, entry.lastSequence);
    writeInt64(view, at + 14, entry.lastOffset);
    view.setInt32(at + 22, entry.offsetDelta);
    writeInt64(view, at + 26, entry.timestampMs);
    view.setInt32(at + 34, entry.coordinatorEpoch);
    writeInt64(view, at + 38, entry.currentTxnFirstOffset);
    at += ENTRY_BYTES;
  }
  view.setUint32(CRC_AT, crc32c(bytes, COUNT_AT));
  return bytes;
}

/** Throws a `FileFormatError` that names `path` when the bytes are not a whole, sound snapshot. */
export function decodeProducerSnapshot(bytes: Uint8Array, path: string): ProducerSnapshotEntry[] {
  const refuse = (what: string) => new FileFormatError(`Cannot use ${path}: ${what}`);
  if (bytes.length < ENTRIES_AT) throw refuse(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getInt16(0);
  if (version !== VERSION) throw refuse(`version is ${version}, known is ${VERSION}`);
  const count = view.getInt32(COUNT_AT);
  if (count < 0 || ENTRIES_AT + count * ENTRY_BYTES > bytes.length) {
    throw refuse(`${count} entries do not fit its ${bytes.length} bytes`);
  }
  const stored = view.getUint32(CRC_AT);
  const computed = crc32c(bytes, COUNT_AT);
  if (stored !== computed) throw refuse(`its checksum is ${computed}, it says ${stored}`);
  const entries: ProducerSnapshotEntry[] = [];
  for (let index = 0; index < count; index++) {
    const at = ENTRIES_AT + index * ENTRY_BYTES;
    entries.push({
      producerId: readInt64(view, at),
      epoch: view.getInt16(at + 8),
      lastSequence: view.getInt32(at + 10),
      lastOffset: readInt64(view, at + 14),
      offsetDelta: view.getInt32(at + 22),
      timestampMs: readInt64(view, at + 26),
      coordinatorEpoch: view.getInt32(at + 34),
      currentTxnFirstOffset: readInt64(view, at + 38),
    });
  }
  return entries;
}

/**
 * Producer ids in the order in which Java's hash table gives them, which is the order of Kafka's own
 * snapshots: so ours have the same bytes. `ids` come in the order in which they were added.
 */
export function javaHashOrder(ids: readonly number[]): number[] {
  let capacity = 16;
  while (ids.length > capacity * 0.75) capacity *= 2;
  const bucketOf = (id: number) => {
    const low = (id % 2 ** 32) | 0;
    const hash = low ^ Math.floor(id / 2 ** 32);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return [...ids].sort((one, other) => bucketOf(one) - bucketOf(other));
}
