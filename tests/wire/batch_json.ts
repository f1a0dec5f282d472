/**
 * Record batches as conversations write them: built from a description, and shown with their header
 * fields and records.
 */
import {
  BatchBuilder,
  BatchCursor,
  CODEC_NAMES,
  codecId,
  type CodecName,
  decodeControlKey,
  encodeLegacySet,
  forEachRecord,
  type RecordHeader,
} from "../../broker/protocol/records/mod.ts";
import { isObject, type JsonObject, jsonText, type JsonValue, numberField } from "./json_text.ts";
import { bytesFrom } from "./bytes_json.ts";

/** Where a batch's checksum lies, by its magic. */
const CRC_POSITION = { legacy: 12, batch: 17 };

/** The bytes of a `records` field: hex, a batch, or a list of batches. */
export function recordsFrom(value: JsonValue): Uint8Array | null {
  if (value === null) return null;
  if (typeof value === "string") return Uint8Array.fromHex(value);
  const parts = (Array.isArray(value) ? value : [value]).map((batch) => {
    if (!isObject(batch)) throw new Error(`${jsonText(batch)} is not a batch`);
    return typeof batch.hex === "string" ? Uint8Array.fromHex(batch.hex) : batchFrom(batch);
  });
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function batchFrom(spec: JsonObject): Uint8Array {
  const magic = numberField(spec, "magic", 2);
  const codec = codecId((spec.compression ?? "none") as CodecName);
  const records = (spec.records ?? []) as JsonObject[];
  const base = numberField(spec, "baseOffset", 0);
  const isAppend = String(spec.timestampType ?? "create").startsWith("append");
  const now = Date.now();
  const logAppend = isAppend ? { logAppendTimeMs: numberField(spec, "logAppendTime", now) } : {};
  let offset = base;
  const placed = records.map((record) => {
    const at = numberField(record, "offset", offset);
    offset = at + 1;
    return {
      offset: at,
      timestampMs: magic === 0 ? -1 : numberField(record, "timestamp", now),
      key: partFrom(record.key),
      value: partFrom(record.value),
      headers: ((record.headers ?? []) as JsonValue[][]).map(headerFrom),
    };
  });
  let bytes: Uint8Array;
  if (magic === 2) {
    const builder = new BatchBuilder({
      baseOffset: base,
      codec,
      producerId: numberField(spec, "producerId", -1),
      producerEpoch: numberField(spec, "producerEpoch", -1),
      baseSequence: numberField(spec, "baseSequence", -1),
      isTransactional: spec.transactional === true,
      isControl: spec.control === true,
      partitionLeaderEpoch: numberField(spec, "partitionLeaderEpoch", -1),
      ...logAppend,
    });
    for (const record of placed) {
      const { offset, timestampMs, key, value, headers } = record;
      builder.appendAt(offset, timestampMs, key, value, headers);
    }
    bytes = builder.build().slice();
  } else {
    if (codec === 4) throw new Error("zstd needs magic 2");
    bytes = encodeLegacySet(placed, { magic: magic as 0 | 1, codec, ...logAppend });
  }
  if (spec.corruptCrc === true) {
    bytes[(magic < 2 ? CRC_POSITION.legacy : CRC_POSITION.batch) + 3]! ^= 1;
  }
  return bytes;
}

function partFrom(value: JsonValue | undefined): Uint8Array | null {
  return value === undefined || value === null ? null : bytesFrom(value);
}

function headerFrom([key, value]: JsonValue[]): RecordHeader {
  return { key: String(key), value: partFrom(value) };
}

/** A `records` field as an answer shows it. */
export function recordsJson(bytes: Uint8Array): JsonObject {
  const json: JsonObject = { sizeInBytes: bytes.length };
  const batches: JsonObject[] = [];
  json.batches = batches;
  const cursor = new BatchCursor().reset(bytes);
  try {
    while (cursor.next()) batches.push(batchJson(cursor));
    if (cursor.partialBytesAtEnd > 0) json.partialBytesAtEnd = cursor.partialBytesAtEnd;
  } catch (error) {
    json.error = String(error);
  }
  return json;
}

function batchJson(batch: BatchCursor): JsonObject {
  const json: JsonObject = {
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    sizeInBytes: batch.sizeBytes,
    magic: batch.magic,
    compression: CODEC_NAMES[batch.codec]!,
    timestampType: batch.timestampType,
    maxTimestamp: batch.maxTimestampMs,
    crc: batch.crc,
    valid: batch.crcValid(),
  };
  if (batch.magic === 2) {
    json.baseTimestamp = batch.baseTimestampMs;
    json.partitionLeaderEpoch = batch.partitionLeaderEpoch;
    json.producerId = batch.producerId;
    json.producerEpoch = batch.producerEpoch;
    json.baseSequence = batch.baseSequence;
    json.lastSequence = batch.lastSequence;
    json.transactional = batch.isTransactional;
    json.control = batch.isControl;
    json.count = batch.recordCount;
    if (batch.hasDeleteHorizon) json.deleteHorizonMs = batch.deleteHorizonMs;
  }
  const records: JsonObject[] = [];
  json.records = records;
  try {
    forEachRecord(batch, (record) => {
      const one: JsonObject = { offset: record.offset, timestamp: record.timestampMs };
      if (batch.isControl) {
        one.controlType = decodeControlKey(record.key)?.toUpperCase() ?? "UNKNOWN";
      }
      one.key = textJson(record.key);
      one.value = textJson(record.value);
      one.headers = record.headers().map(({ key, value }) => [key, textJson(value)]);
      records.push(one);
    });
  } catch (error) {
    json.error = String(error);
  }
  return json;
}

/** Bytes as text where they are printable text, else in base64. */
function textJson(bytes: Uint8Array | null): JsonValue {
  if (bytes === null) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    if (!/[\x00-\x08\x0b-\x1f]/.test(text)) return text;
  } catch {
    // Not UTF-8.
  }
  return { base64: bytes.toBase64() };
}
