import { CODEC_NONE, type CodecId, compress } from "./compression/mod.ts";
import { crc32 } from "./compression/zlib.ts";
import { writeInt64 } from "./int64.ts";
import {
  LEGACY_ATTRIBUTES,
  LEGACY_CRC,
  LEGACY_TIMESTAMP,
  legacyKeyPosition,
  LENGTH,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD_BYTES,
  MAGIC,
} from "./layout.ts";

/** A record as messages of magic 0 and 1 can hold it. */
export interface LegacyRecord {
  readonly offset: number;
  /** -1 for none; magic 0 has none. */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** How {@linkcode encodeLegacySet} writes. */
export interface LegacyOptions {
  readonly magic: 0 | 1;
  readonly codec?: Exclude<CodecId, 4>;
  /** The time at which the log took the records; default: they keep their own times. */
  readonly logAppendTimeMs?: number;
}

/**
 * Records as messages of magic 0 or 1, in ascending offsets: one after the other, or all inside one
 * compressed message, which then has the last one's offset, and in magic 1 the largest time. Clients
 * and logs of before Kafka 0.11 have these; a broker only rewrites them when it compacts such a log.
 */
export function encodeLegacySet(
  records: readonly LegacyRecord[],
  options: LegacyOptions,
): Uint8Array {
  const { magic, codec = CODEC_NONE } = options;
  const isRelative = magic === 1 && codec !== CODEC_NONE;
  const base = isRelative ? records[0]?.offset ?? 0 : 0;
  let maxTimestampMs = -1;
  let size = 0;
  for (const { key, value } of records) size += sizeOfMessage(magic, key, value);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const record of records) {
    const timestampMs = options.logAppendTimeMs ?? record.timestampMs;
    maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
    at = writeMessage(bytes, at, {
      magic,
      attributes: attributesOf(options, CODEC_NONE),
      offset: record.offset - base,
      timestampMs,
      key: record.key,
      value: record.value,
    });
  }
  if (codec === CODEC_NONE || records.length === 0) return bytes;

  const value = compress(codec, bytes, undefined, magic);
  const outer = new Uint8Array(sizeOfMessage(magic, null, value));
  writeMessage(outer, 0, {
    magic,
    attributes: attributesOf(options, codec),
    offset: records[records.length - 1]!.offset,
    timestampMs: maxTimestampMs,
    key: null,
    value,
  });
  return outer;
}

function attributesOf(options: LegacyOptions, codec: CodecId): number {
  const isAppendTime = options.magic === 1 && options.logAppendTimeMs !== undefined;
  return codec | (isAppendTime ? LOG_APPEND_TIME_FLAG : 0);
}

function sizeOfMessage(magic: number, key: Uint8Array | null, value: Uint8Array | null): number {
  return legacyKeyPosition(magic) + 8 + (key?.length ?? 0) + (value?.length ?? 0);
}

interface Message {
  readonly magic: number;
  readonly attributes: number;
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

function writeMessage(bytes: Uint8Array, start: number, message: Message): number {
  const { magic, key, value } = message;
  const view = new DataView(bytes.buffer);
  const end = start + sizeOfMessage(magic, key, value);
  writeInt64(view, start, message.offset);
  view.setInt32(start + LENGTH, end - start - LOG_OVERHEAD_BYTES);
  bytes[start + MAGIC] = magic;
  bytes[start + LEGACY_ATTRIBUTES] = message.attributes;
  if (magic > 0) writeInt64(view, start + LEGACY_TIMESTAMP, message.timestampMs);
  let at = writeBytes(bytes, view, start + legacyKeyPosition(magic), key);
  at = writeBytes(bytes, view, at, value);
  view.setUint32(start + LEGACY_CRC, crc32(bytes, start + MAGIC, end));
  return at;
}

function writeBytes(
  target: Uint8Array,
  view: DataView,
  at: number,
  bytes: Uint8Array | null,
): number {
  view.setInt32(at, bytes === null ? -1 : bytes.length);
  if (bytes !== null) target.set(bytes, at + 4);
  return at + 4 + (bytes?.length ?? 0);
}
