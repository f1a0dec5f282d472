import { BatchBuilder, BatchCursor, type ControlType } from "../protocol/records/mod.ts";
import { decodeControlKey, RecordCursor } from "../protocol/records/mod.ts";
import { decodeMetadataRecord, encodeRecord, type MetadataRecord } from "./records.ts";

/** A control record of the quorum: leader change, snapshot header and footer, voters. */
export interface ControlRecord {
  /** Null for a type of a newer Kafka. */
  readonly type: ControlType | null;
  readonly value: Uint8Array;
}

/** A batch of the metadata log or of a snapshot; it holds either records or control records. */
export interface LogBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
  readonly sizeBytes: number;
  readonly records: readonly MetadataRecord[];
  readonly controls: readonly ControlRecord[];
}

/** A batch of the metadata log is damaged. */
export class MetadataLogError extends Error {
  override readonly name = "MetadataLogError";
}

/** One uncompressed batch of metadata records, as Kafka's controller writes it. */
export function encodeBatch(
  records: readonly MetadataRecord[],
  at: { readonly baseOffset: number; readonly epoch: number; readonly timestampMs: number },
): Uint8Array {
  const values = records.map(encodeRecord);
  const builder = new BatchBuilder({
    baseOffset: at.baseOffset,
    partitionLeaderEpoch: at.epoch,
    sizeHintBytes: values.reduce((sum, value) => sum + value.length + 16, 0),
  });
  for (const value of values) builder.append(at.timestampMs, null, value);
  return builder.build();
}

/**
 * The batches in `bytes`, each checked against its checksum. Records are views into `bytes` where they
 * hold bytes. Throws {@linkcode MetadataLogError}, `RecordsError` or `ProtocolError` on damage.
 */
export function decodeBatches(bytes: Uint8Array): Generator<LogBatch> {
  return decode(bytes, false);
}

/**
 * As {@linkcode decodeBatches}, but data batches are passed over quickly: they come without records,
 * and unchecked.
 */
export function decodeControlBatches(bytes: Uint8Array): Generator<LogBatch> {
  return decode(bytes, true);
}

function* decode(bytes: Uint8Array, controlsOnly: boolean): Generator<LogBatch> {
  const batch = new BatchCursor().reset(bytes);
  const cursor = new RecordCursor();
  while (batch.next()) {
    const records: MetadataRecord[] = [];
    const controls: ControlRecord[] = [];
    if (!controlsOnly || batch.isControl) readRecords(batch, cursor, records, controls);
    yield {
      baseOffset: batch.baseOffset,
      lastOffset: batch.lastOffset,
      epoch: batch.partitionLeaderEpoch,
      timestampMs: batch.maxTimestampMs,
      sizeBytes: batch.sizeBytes,
      records,
      controls,
    };
  }
  if (batch.partialBytesAtEnd > 0) {
    throw new MetadataLogError(
      `Cannot read metadata batches: ${batch.partialBytesAtEnd} bytes of one are left at the end`,
    );
  }
}

function readRecords(
  batch: BatchCursor,
  cursor: RecordCursor,
  records: MetadataRecord[],
  controls: ControlRecord[],
): void {
  if (!batch.crcValid()) {
    throw new MetadataLogError(
      `Cannot read metadata batch at offset ${batch.baseOffset}: its checksum does not match`,
    );
  }
  cursor.reset(batch);
  while (cursor.next()) {
    const { value } = cursor;
    if (value === null) {
      throw new MetadataLogError(`Cannot read record at offset ${cursor.offset}: it has no value`);
    }
    if (batch.isControl) controls.push({ type: decodeControlKey(cursor.key), value });
    else records.push(decodeMetadataRecord(value));
  }
}
