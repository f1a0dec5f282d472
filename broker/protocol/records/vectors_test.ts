import { assert, assertEquals } from "@std/assert";
import zlib from "node:zlib";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder, encodeEmptyBatch } from "./builder.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { RecordCursor } from "./record.ts";
import { RecordsError } from "./records_error.ts";

/** A record as Kafka's own classes read it: base64 texts or null. */
interface WantedRecord {
  readonly offset: number | bigint;
  readonly timestamp: number | bigint;
  readonly sequence?: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

type WantedHeader = Readonly<Record<string, string | number | bigint | boolean>>;

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly records?: readonly WantedRecord[];
  readonly header?: WantedHeader;
  readonly headers?: readonly WantedHeader[];
  readonly partialBytesAtEnd?: number;
  readonly error?: string | null;
  readonly stage?: Stage;
}

type Stage = "split" | "validate" | "header" | "records";
const STAGES: readonly Stage[] = ["split", "validate", "header", "records"];

/** Whole numbers beyond 2^53 as bigints, so that encoding them loses nothing. */
function reviveBig(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value) || source === undefined) {
    return value;
  }
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function readVectors(): Vector[] {
  const url = new URL("../../../tests/vectors/batches.jsonl.gz", import.meta.url);
  const text = new TextDecoder().decode(zlib.gunzipSync(Deno.readFileSync(url)));
  return text.trim().split("\n").map((line) => JSON.parse(line, reviveBig) as Vector);
}

const vectors = readVectors();
const good = vectors.filter(({ name }) => !name.startsWith("bad/"));
const bad = vectors.filter(({ name }) => name.startsWith("bad/"));

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(
    { length: hex.length / 2 },
    (_, at) => parseInt(hex.substr(2 * at, 2), 16),
  );
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : bytes.toBase64();
}

function fromBase64(text: string | null): Uint8Array | null {
  return text === null ? null : Uint8Array.fromBase64(text);
}

function headerOf(batch: BatchCursor): Record<string, unknown> {
  const header: Record<string, unknown> = {
    magic: batch.magic,
    baseOffset: batch.baseOffset,
    lastOffset: batch.lastOffset,
    sizeInBytes: batch.sizeBytes,
    crc: batch.crc,
    compression: batch.compression,
    timestampType: batch.timestampType,
    maxTimestamp: batch.maxTimestampMs,
  };
  if (batch.magic < 2) return { ...header, attributes: batch.attributes };
  if (batch.hasDeleteHorizon) header.deleteHorizonMs = batch.deleteHorizonMs;
  return {
    ...header,
    baseTimestamp: batch.baseTimestampMs,
    partitionLeaderEpoch: batch.partitionLeaderEpoch,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    lastSequence: batch.lastSequence,
    transactional: batch.isTransactional,
    control: batch.isControl,
    count: batch.recordCount,
  };
}

function recordOf(record: RecordCursor): Record<string, unknown> {
  return {
    offset: record.offset,
    timestamp: record.timestampMs,
    ...(record.sequence === -1 ? {} : { sequence: record.sequence }),
    key: base64(record.key),
    value: base64(record.value),
    headers: record.headers().map(({ key, value }) => [key, base64(value)]),
  };
}

interface Reading {
  readonly headers: Record<string, unknown>[];
  readonly records: Record<string, unknown>[];
  readonly partialBytesAtEnd: number;
}

class Refusal extends Error {
  constructor(readonly stage: Stage, cause: unknown) {
    super(`refused: ${cause}`, { cause });
  }
}

/** Reads all there is, in the steps in which the vectors were made. */
function readAll(bytes: Uint8Array): Reading {
  const reading = { headers: [], records: [], partialBytesAtEnd: 0 } as Reading;
  const batch = new BatchCursor().reset(bytes);
  const record = new RecordCursor();
  let stage: Stage = "split";
  try {
    while (batch.next()) {
      stage = "validate";
      if (!batch.crcValid()) throw new RecordsError(2, "the batch's checksum is wrong");
      stage = "header";
      reading.headers.push(headerOf(batch));
      stage = "records";
      record.reset(batch);
      while (record.next()) {
        if (!record.crcValid()) throw new RecordsError(2, "a record's checksum is wrong");
        reading.records.push(recordOf(record));
      }
      stage = "split";
    }
  } catch (error) {
    assert(error instanceof RecordsError, `not a RecordsError: ${error}`);
    throw new Refusal(stage, error);
  }
  return { ...reading, partialBytesAtEnd: batch.partialBytesAtEnd };
}

/** int64s beyond 2^53 are compared by their nearest number, sums of them by the two next to it. */
function nearest(wanted: unknown, found: unknown): unknown {
  if (typeof wanted !== "bigint") return wanted;
  const number = Number(wanted);
  return Math.abs(number - Number(found)) <= Math.abs(number) * 2 ** -51 ? found : number;
}

function assertReads(vector: Vector, reading: Reading): void {
  const compare = (wanted: readonly object[], found: readonly Record<string, unknown>[]) => {
    assertEquals(found.length, wanted.length, vector.name);
    for (const [index, object] of wanted.entries()) {
      const entries = Object.entries(object);
      const expected = entries.map(([name, value]) => [name, nearest(value, found[index]![name])]);
      assertEquals(found[index], Object.fromEntries(expected), vector.name);
    }
  };
  compare(vector.records ?? [], reading.records);
  compare(
    vector.headers ?? (vector.header === undefined ? [] : [vector.header]),
    reading.headers,
  );
  assertEquals(reading.partialBytesAtEnd, vector.partialBytesAtEnd ?? 0, vector.name);
}

Deno.test("every good batch reads as Kafka's own classes read it", () => {
  assertEquals(good.length, 247);
  for (const vector of good) assertReads(vector, readAll(fromHex(vector.hex)));
});

Deno.test("every bad batch is refused where Kafka refuses it, or before, and read where Kafka reads it", () => {
  assertEquals(bad.length, 397);
  for (const vector of bad) {
    let refusal: Refusal | null = null;
    try {
      assertReads(vector, readAll(fromHex(vector.hex)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error;
    }
    if (vector.error === null) {
      assertEquals(refusal, null, vector.name);
    } else {
      assert(refusal !== null, `${vector.name} was read`);
      assert(
        STAGES.indexOf(refusal.stage) <= STAGES.indexOf(vector.stage!),
        `${vector.name}: refused at ${refusal.stage}, Kafka at ${vector.stage}`,
      );
    }
  }
});

Deno.test("a batch cut anywhere counts as partial bytes at the end", () => {
  for (const vector of good) {
    const bytes = fromHex(vector.hex);
    if (bytes.length > 500 || !vector.name.startsWith("v2/")) continue;
    for (let length = 0; length < bytes.length; length++) {
      const batch = new BatchCursor().reset(bytes, 0, length);
      assertEquals(batch.next(), false, vector.name);
      assertEquals(batch.partialBytesAtEnd, length);
    }
  }
});

function encode(vector: Vector): Uint8Array {
  const header = vector.header!;
  const records = vector.records!;
  if (header.magic !== 2) {
    return encodeLegacySet(
      records.map(({ offset, timestamp, key, value }) => ({
        offset: Number(offset),
        timestampMs: Number(timestamp),
        key: fromBase64(key),
        value: fromBase64(value),
      })),
      {
        magic: header.magic as 0 | 1,
        ...(header.timestampType === "LogAppendTime"
          ? { logAppendTimeMs: header.maxTimestamp as number }
          : {}),
      },
    );
  }
  const builder = new BatchBuilder({
    baseOffset: header.baseOffset as number | bigint,
    partitionLeaderEpoch: header.partitionLeaderEpoch as number,
    producerId: header.producerId as number | bigint,
    producerEpoch: header.producerEpoch as number,
    baseSequence: header.baseSequence as number,
    isTransactional: header.transactional as boolean,
    isControl: header.control as boolean,
    ...(header.timestampType === "LogAppendTime"
      ? { logAppendTimeMs: header.maxTimestamp as number }
      : {}),
    ...(header.deleteHorizonMs === undefined
      ? {}
      : { deleteHorizonMs: header.deleteHorizonMs as number }),
  });
  // The header does not tell the records' own times when the log's is theirs: take the first.
  const record = new RecordCursor();
  const batch = new BatchCursor().reset(fromHex(vector.hex));
  batch.next();
  const createTimes = new BatchCursor().reset(batch.bytes.slice());
  createTimes.next();
  createTimes.setMaxTimestamp("CreateTime", 0);
  record.reset(createTimes);
  for (const { key, value, headers, offset } of records) {
    record.next();
    builder.appendAt(
      // Offsets beyond 2^53 by their distance, which numbers hold.
      typeof header.baseOffset === "bigint"
        ? Number(header.baseOffset) + Number(BigInt(offset) - header.baseOffset)
        : Number(offset),
      record.timestampMs,
      fromBase64(key),
      fromBase64(value),
      headers.map(([name, content]) => ({ key: name, value: fromBase64(content) })),
    );
  }
  if (header.lastOffset !== records.at(-1)!.offset) {
    builder.setLastOffset(Number(header.lastOffset));
  }
  return builder.build();
}

Deno.test("every uncompressed good batch is encoded to the same bytes", () => {
  let count = 0;
  for (const vector of good) {
    if (!/^v\d\/(?:none|control)\//.test(vector.name)) continue;
    const bytes = fromHex(vector.hex);
    const batch = new BatchCursor().reset(bytes);
    batch.next();
    const encoded = vector.records!.length === 0 ? encodeEmptyBatch(batch) : encode(vector);
    assertEquals(encoded.toHex(), vector.hex, vector.name);
    count++;
  }
  assertEquals(count, 57);
});

Deno.test("records copied by a cursor into a new batch make the same bytes", () => {
  for (const vector of good) {
    if (!vector.name.startsWith("v2/none/") || vector.records!.length === 0) continue;
    const batch = new BatchCursor().reset(fromHex(vector.hex));
    batch.next();
    if (batch.isLogAppendTime || !Number.isSafeInteger(batch.baseOffset)) continue;
    const builder = new BatchBuilder({
      baseOffset: batch.baseOffset,
      partitionLeaderEpoch: batch.partitionLeaderEpoch,
      producerId: vector.header!.producerId as number | bigint,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      isTransactional: batch.isTransactional,
      ...(batch.hasDeleteHorizon ? { deleteHorizonMs: batch.deleteHorizonMs } : {}),
    });
    const record = new RecordCursor().reset(batch);
    while (record.next()) builder.appendCopy(record.offset, record);
    builder.setLastOffset(batch.lastOffset);
    assertEquals(builder.build().toHex(), vector.hex, vector.name);
  }
});
