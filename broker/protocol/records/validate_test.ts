import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import zlib from "node:zlib";
import { crc32c } from "../../base/crc32c.ts";
import { errorCodes } from "../errors.ts";
import type { AppendRules, RefusedRecords, ValidatedRecords } from "./append_rules.ts";
import { RECORD_PROBLEMS_MAX } from "./append_rules.ts";
import { BatchCursor } from "./batch.ts";
import { BatchBuilder, type BatchOptions } from "./builder.ts";
import {
  CODEC_LZ4,
  CODEC_NONE,
  type CodecId,
  DEFAULT_COMPRESSION_LEVELS,
} from "./compression/mod.ts";
import { encodeEndTxnMarker } from "./control.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { checkProduced } from "./produced_records.ts";
import { RecordCursor } from "./record.ts";
import { validateProduced } from "./validate.ts";

const NOW = 1_700_000_000_000;
const TIME = NOW;

const RULES: AppendRules = {
  nowMs: NOW,
  startOffset: 0,
  leaderEpoch: 5,
  origin: "client",
  compressionType: "producer",
  compressionLevels: DEFAULT_COMPRESSION_LEVELS,
  compacted: false,
  timestampType: "CreateTime",
  timestampBeforeMaxMs: 2 ** 63,
  timestampAfterMaxMs: 3_600_000,
  maxBatchBytes: 1_048_588,
};

function readLines<T>(name: string): T[] {
  const url = new URL(`../../../tests/vectors/${name}`, import.meta.url);
  const text = new TextDecoder().decode(zlib.gunzipSync(Deno.readFileSync(url)));
  return text.trim().split("\n").map((line) => JSON.parse(line) as T);
}

function fromHex(hex: string): Uint8Array {
  return hex.length === 0 ? new Uint8Array(0) : Uint8Array.fromHex(hex);
}

function batchesOf(records: Uint8Array): BatchCursor[] {
  const found: BatchCursor[] = [];
  const walk = new BatchCursor().reset(records);
  while (walk.next()) {
    const batch = new BatchCursor().reset(walk.bytes);
    batch.next();
    found.push(batch);
  }
  return found;
}

function refused(result: ValidatedRecords | RefusedRecords): RefusedRecords {
  assert(!result.ok, "the batch was taken");
  return result;
}

interface AppendLine {
  readonly inputHex: string;
  readonly now: number;
  readonly compressionType: "producer" | "none" | "lz4";
  readonly compacted: boolean;
  readonly timestampType: "CreateTime" | "LogAppendTime";
  readonly timestampBeforeMaxMs: number;
  readonly timestampAfterMaxMs: number;
  readonly leaderEpoch: number;
  readonly origin: string;
  readonly startOffset: number;
  readonly outputHex?: string;
  readonly exact?: boolean;
  readonly inPlace?: boolean;
  readonly maxTimestampMs?: number;
  readonly records?: readonly {
    readonly offset: number;
    readonly timestamp: number;
    readonly key: string | null;
    readonly value: string;
  }[];
  readonly errorCode?: number;
  readonly recordErrorIndexes?: readonly number[];
}

function rulesOf(line: AppendLine): AppendRules {
  return {
    nowMs: line.now,
    startOffset: line.startOffset,
    leaderEpoch: line.leaderEpoch,
    origin: line.origin === "CLIENT" ? "client" : "coordinator",
    compressionType: line.compressionType === "none" ? "uncompressed" : line.compressionType,
    compressionLevels: DEFAULT_COMPRESSION_LEVELS,
    compacted: line.compacted,
    timestampType: line.timestampType,
    timestampBeforeMaxMs: line.timestampBeforeMaxMs,
    timestampAfterMaxMs: line.timestampAfterMaxMs,
    maxBatchBytes: 0x7fffffff,
  };
}

Deno.test("validateProduced() makes of a batch what Kafka's LogValidator makes of it", () => {
  const lines = readLines<AppendLine>("behaviour_append.jsonl.gz");
  assertEquals(lines.length, 273);
  for (const [index, line] of lines.entries()) {
    const name = `line ${index + 1}: ${JSON.stringify({ ...line, inputHex: "", outputHex: "" })}`;
    const input = fromHex(line.inputHex);
    const result = validateProduced(input, rulesOf(line));
    if (line.errorCode !== undefined) {
      assertEquals(refused(result).errorCode, line.errorCode, name);
      const indexes = refused(result).recordErrors.map(({ index }) => index);
      assertEquals(indexes, line.recordErrorIndexes ?? [], name);
      continue;
    }
    assert(result.ok, `${name}: ${result.ok ? "" : result.message}`);
    const { records, maxTimestampMs, lastOffset, recordCount } = result;
    if (line.exact) assertEquals(records.toHex(), line.outputHex, name);
    assertEquals(result.isRebuilt, !line.inPlace, name);
    if (line.inPlace) assertEquals(records.buffer, input.buffer, name);
    assertEquals(maxTimestampMs, line.maxTimestampMs, name);
    assertEquals(recordCount, line.records!.length, name);
    assertEquals(lastOffset, line.records!.at(-1)!.offset, name);
    const batches = batchesOf(records);
    assertEquals(batches.length, 1, name);
    const [batch] = batches;
    assertEquals(batch!.crcValid(), true, name);
    assertEquals(batch!.partitionLeaderEpoch, line.leaderEpoch, name);
    const record = new RecordCursor().reset(batch!);
    const found = [];
    while (record.next()) {
      found.push({
        offset: record.offset,
        timestamp: record.timestampMs,
        key: record.key?.toBase64() ?? null,
        value: record.value!.toBase64(),
      });
    }
    assertEquals(found, line.records, name);
  }
});

interface AnswerLine {
  readonly name: string;
  readonly answers: Readonly<
    Record<string, {
      readonly errorCode: number;
      readonly hasMessage?: boolean;
      readonly recordErrorIndexes?: readonly number[];
    }>
  >;
}

/** The topics to which every batch was sent, and the broker's clock at that time. */
const ANSWERED_AT = 1_795_573_618_000;
const TOPICS: Readonly<Record<string, Partial<AppendRules>>> = {
  producer: {},
  uncompressed: { compressionType: "uncompressed" },
  compacted: { compacted: true },
  logAppendTime: { compressionType: "zstd", timestampType: "LogAppendTime" },
};

/** Kafka checks a gzip stream's own checksum behind the records that it reads from it, zlib before. */
function isBrokenGzip(result: ValidatedRecords | RefusedRecords): boolean {
  return !result.ok && result.message.startsWith("Cannot unpack gzip");
}

/** Kafka runs into an error of its own, or says nothing; ours say what is wrong. */
const CLEARER: ReadonlyMap<string, number> = new Map([
  ["bad/length-2147483647", 87],
  ["bad/varint-too-long-crc-fixed", 87],
]);

Deno.test("batches good and bad are refused with the codes that Apache Kafka 4.4.0 answered", () => {
  const hexByName = new Map(
    readLines<{ name: string; hex: string }>("batches.jsonl.gz").map((
      { name, hex },
    ) => [name, hex]),
  );
  for (const { name, answers } of readLines<AnswerLine>("produce_answers.jsonl.gz")) {
    for (const [topic, answer] of Object.entries(answers)) {
      const records = fromHex(hexByName.get(name)!);
      // As they were sent: producers count from 0.
      if (records.length > 16 && records[16] === 2) records.fill(0, 0, 8);
      const result = checkProduced(records, 9) ??
        validateProduced(records, { ...RULES, nowMs: ANSWERED_AT, ...TOPICS[topic] });
      const where = `${name} to ${topic}: ${result.ok ? "taken" : result.message}`;
      const errorCode = result.ok ? 0 : result.errorCode;
      if (isBrokenGzip(result) && answer.errorCode === 87) continue;
      assertEquals(errorCode, CLEARER.get(name) ?? answer.errorCode, where);
      if (result.ok || CLEARER.has(name)) continue;
      assertEquals(result.errorMessage !== null, answer.hasMessage ?? false, where);
      const indexes = result.recordErrors.map(({ index }) => index);
      assertEquals(indexes, answer.recordErrorIndexes ?? [], where);
    }
  }
});

const text = new TextEncoder();

function batchOf(values: readonly string[], options: BatchOptions = {}): Uint8Array {
  const builder = new BatchBuilder(options);
  for (const value of values) builder.append(TIME, text.encode("key"), text.encode(value));
  return builder.build();
}

/** Changes a header and makes the checksum right again. */
function edited(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  change(view);
  view.setUint32(17, crc32c(copy, 21, copy.length));
  return copy;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function codeOf(records: Uint8Array, rules: Partial<AppendRules> = {}): number {
  const result = validateProduced(records, { ...RULES, ...rules });
  return result.ok ? 0 : result.errorCode;
}

Deno.test("an accepted batch is patched where it lies", () => {
  const input = batchOf(["a", "b", "c"]);
  const result = validateProduced(input, { ...RULES, startOffset: 2 ** 33, leaderEpoch: 6 });
  assert(result.ok);
  assertEquals(result.records.buffer, input.buffer);
  assertEquals([result.firstOffset, result.lastOffset], [2 ** 33, 2 ** 33 + 2]);
  assertEquals([result.recordCount, result.logAppendTimeMs], [3, -1]);
  assertEquals([result.maxTimestampMs, result.offsetOfMaxTimestamp], [TIME, 2 ** 33 + 2]);
  const [batch] = batchesOf(input);
  assertEquals([batch!.baseOffset, batch!.partitionLeaderEpoch], [2 ** 33, 6]);
  assert(batch!.crcValid());
});

Deno.test("records without a timestamp leave the batch without one", () => {
  const builder = new BatchBuilder();
  builder.append(-1, null, null);
  const result = validateProduced(builder.build(), RULES);
  assert(result.ok);
  assertEquals([result.maxTimestampMs, result.offsetOfMaxTimestamp], [-1, -1]);
});

Deno.test("a wrong largest timestamp in the header is put right", () => {
  const input = edited(batchOf(["a"]), (view) => view.setBigInt64(35, 99n));
  const result = validateProduced(input, RULES);
  assert(result.ok);
  const [batch] = batchesOf(result.records);
  assertEquals(batch!.maxTimestampMs, TIME);
  assert(batch!.crcValid());
});

Deno.test("a cut batch at the end is dropped, and nothing at all is nothing to append", () => {
  const whole = batchOf(["a"]);
  const result = validateProduced(join(whole, whole.subarray(0, 50)), RULES);
  assert(result.ok);
  assertEquals(result.records.length, whole.length);
  const none = validateProduced(whole.subarray(0, 50), RULES);
  assert(none.ok);
  assertEquals([none.records.length, none.firstOffset, none.lastOffset], [0, -1, -1]);
});

Deno.test("clients bring one batch from offset 0 with as many records as offsets and no control records", () => {
  const { INVALID_RECORD, CORRUPT_MESSAGE } = errorCodes;
  const good = batchOf(["a", "b"]);
  assertEquals(codeOf(join(good, good)), INVALID_RECORD);
  assertEquals(codeOf(batchOf(["a"], { baseOffset: 5 })), INVALID_RECORD);
  for (const count of [-1, 0, 1, 3, 0x7fffffff]) {
    assertEquals(codeOf(edited(good, (view) => view.setInt32(57, count))), INVALID_RECORD);
  }
  for (const delta of [-1, 0, 2, 0x7fffffff, -0x80000000]) {
    assertEquals(codeOf(edited(good, (view) => view.setInt32(23, delta))), INVALID_RECORD);
  }
  const producer = { producerId: 3, producerEpoch: 0 };
  const unnumbered = edited(
    batchOf(["a"], { ...producer, baseSequence: 0 }),
    (view) => view.setInt32(53, -1),
  );
  assertEquals(codeOf(unnumbered), INVALID_RECORD);
  const control = encodeEndTxnMarker("commit", {
    ...producer,
    baseOffset: 0,
    partitionLeaderEpoch: 0,
    timestampMs: TIME,
    coordinatorEpoch: 0,
  });
  assertEquals(codeOf(control), INVALID_RECORD);
  assertEquals(codeOf(control, { origin: "coordinator" }), 0);
  const damaged = good.slice();
  damaged[damaged.length - 1]! ^= 1;
  assertEquals(codeOf(damaged), CORRUPT_MESSAGE);
});

Deno.test("control records stay uncompressed whatever the topic says", () => {
  const control = encodeEndTxnMarker("commit", {
    baseOffset: 0,
    partitionLeaderEpoch: 0,
    timestampMs: TIME,
    producerId: 3,
    producerEpoch: 0,
    coordinatorEpoch: 0,
  });
  const rules = { ...RULES, origin: "coordinator", compressionType: "zstd" } as const;
  const result = validateProduced(control, rules);
  assert(result.ok);
  assertEquals(result.isRebuilt, false);
  assertEquals(batchesOf(result.records)[0]!.isCompressed, false);
});

Deno.test("each compression.type makes the batch that it names, at its level", () => {
  const input = batchOf(Array.from({ length: 200 }, (_, index) => `value ${index % 7} ${index}`));
  for (const compressionType of ["gzip", "snappy", "lz4", "zstd"] as const) {
    const rules = { ...RULES, compressionType, startOffset: 40 };
    const result = validateProduced(input.slice(), rules);
    assert(result.ok);
    const [batch] = batchesOf(result.records);
    assertEquals([batch!.compression, batch!.baseOffset], [compressionType, 40]);
    assertEquals([result.isRebuilt, result.sourceCodec], [true, CODEC_NONE]);
    const again = validateProduced(result.records.fill(0, 0, 8), rules);
    assert(again.ok);
    assertEquals(again.isRebuilt, false);
    const back = validateProduced(again.records.fill(0, 0, 8), {
      ...RULES,
      compressionType: "uncompressed",
    });
    assert(back.ok);
    const record = new RecordCursor().reset(batchesOf(back.records)[0]!);
    const source = new RecordCursor().reset(batchesOf(input)[0]!);
    while (source.next()) {
      assert(record.next());
      assertEquals([record.key, record.value], [source.key, source.value]);
    }
  }
});

Deno.test("max.message.bytes holds for what comes and for what is written", () => {
  const { MESSAGE_TOO_LARGE } = errorCodes;
  const plain = batchOf(["x".repeat(5_000)]);
  assertEquals(codeOf(plain, { maxBatchBytes: plain.length }), 0);
  plain.fill(0, 0, 8);
  assertEquals(codeOf(plain, { maxBatchBytes: plain.length - 1 }), MESSAGE_TOO_LARGE);
  const packed = batchOf(["x".repeat(5_000)], { codec: CODEC_LZ4 });
  assertEquals(
    codeOf(packed, { compressionType: "uncompressed", maxBatchBytes: 2_000 }),
    MESSAGE_TOO_LARGE,
  );
});

Deno.test("a bomb in a batch is refused as too large, in place and when it is to be rebuilt", () => {
  for (const codec of [1, 2, 3, 4] as const) {
    const bomb = batchOf(["x".repeat(3_000_000)], { codec });
    for (const compressionType of ["producer", "uncompressed"] as const) {
      const rules = { compressionType, unpackedBytesMax: 1_000_000 };
      assertEquals(codeOf(bomb, rules), errorCodes.MESSAGE_TOO_LARGE);
    }
  }
});

Deno.test("max.decompressed.message.bytes holds for each record of a compressed batch", () => {
  // Asked of Apache Kafka 4.4.0: a body of 1000 bytes is taken, one of 1001 is not; the whole batch
  // may be larger, and so may records that come uncompressed.
  const rules = { decompressedBytesMax: 1_000 };
  const batchWith = (codec: CodecId, ...sizes: readonly number[]) => {
    const builder = new BatchBuilder({ codec });
    for (const size of sizes) builder.append(TIME, null, new Uint8Array(size));
    return builder.build();
  };
  for (const codec of [1, 2, 3, 4] as const) {
    assertEquals(codeOf(batchWith(codec, 993, 993), rules), 0);
    assertEquals(codeOf(batchWith(codec, 10, 994), rules), errorCodes.INVALID_RECORD);
  }
  assertEquals(codeOf(batchWith(CODEC_NONE, 5_000), rules), 0);
});

Deno.test("refused records are told by their place, up to a thousand of them", () => {
  const builder = new BatchBuilder();
  for (let index = 0; index < 1_500; index++) builder.append(TIME - 10, null, null);
  const input = builder.build();
  const late = refused(validateProduced(input, { ...RULES, timestampBeforeMaxMs: 9 }));
  assertEquals(late.errorCode, errorCodes.INVALID_TIMESTAMP);
  assertEquals(late.recordErrors.length, RECORD_PROBLEMS_MAX);
  assertEquals(late.recordErrors[7]!.index, 7);
  assert(late.errorMessage!.includes("1500 records"));
  const keyless = refused(validateProduced(input, { ...RULES, compacted: true }));
  assertEquals(keyless.errorCode, errorCodes.INVALID_RECORD);
  assert(keyless.recordErrors[0]!.message.includes("no key"));
});

Deno.test("a batch with records in and out of bounds is refused for those out of them", () => {
  const builder = new BatchBuilder();
  for (const age of [0, 1_000, 1_001, -500, -501]) builder.append(NOW - age, null, null);
  builder.append(-1, null, null);
  const rules = { ...RULES, timestampBeforeMaxMs: 1_000, timestampAfterMaxMs: 500 };
  const result = refused(validateProduced(builder.build(), rules));
  assertEquals(result.recordErrors.map(({ index }) => index), [2, 4]);
});

Deno.test("offsets that are out of order in a batch: kept uncompressed, refused compressed", () => {
  // Three records of eight bytes; the fourth byte of each is its offset delta.
  const plain = batchOf(["", "", ""]);
  const size = (plain.length - 61) / 3;
  const shuffled = edited(plain, (view) => {
    for (const [index, delta] of [0, 5, 1].entries()) {
      view.setInt8(61 + index * size + 3, delta * 2);
    }
  });
  assertEquals(codeOf(shuffled.slice()), 0);
  // Snappy's plain form: a length, and the bytes as literals.
  const records = shuffled.subarray(61);
  const packed = join(
    shuffled.subarray(0, 61),
    Uint8Array.of(records.length, records.length - 1 << 2),
    records,
  );
  const compressed = edited(packed, (view) => {
    view.setInt32(8, packed.length - 12);
    view.setInt16(21, 2);
  });
  assertEquals(codeOf(compressed.slice()), errorCodes.UNKNOWN_SERVER_ERROR);
  const result = validateProduced(compressed, { ...RULES, compressionType: "uncompressed" });
  assert(result.ok); // Rebuilt, so put in order.
  assertEquals(result.lastOffset, 2);
});

Deno.test("the quorum's leader and followers keep bytes and offsets, and need their order", () => {
  const [first, second] = [
    batchOf(["a"], { baseOffset: 7, partitionLeaderEpoch: 3 }),
    batchOf(["b", "c"], { baseOffset: 8, partitionLeaderEpoch: 3 }),
  ];
  const input = join(first, second);
  for (const origin of ["raft", "replication"] as const) {
    const rules = { ...RULES, origin, leaderEpoch: 3, startOffset: 7 };
    const result = validateProduced(input.slice(), rules);
    assert(result.ok);
    assertEquals(result.records, input);
    assertEquals([result.firstOffset, result.lastOffset], [7, 9]);
    assertEquals([result.maxTimestampMs, result.offsetOfMaxTimestamp], [TIME, 7]);
    assertEquals(codeOf(join(second, first), rules), errorCodes.UNKNOWN_SERVER_ERROR);
  }
  const small = { leaderEpoch: 3, maxBatchBytes: 10 };
  assertEquals(codeOf(input, { ...small, origin: "replication" }), 0);
  assertEquals(codeOf(input, { ...small, origin: "raft" }), errorCodes.MESSAGE_TOO_LARGE);
  assertEquals(codeOf(input, { origin: "raft", leaderEpoch: 4 }), errorCodes.INVALID_RECORD);
});

Deno.test("messages of magic 0 and 1 become one batch of magic 2", () => {
  const records = ["a", "b"].map((value, index) => ({
    offset: index,
    timestampMs: TIME + index,
    key: null,
    value: text.encode(value),
  }));
  for (const magic of [0, 1] as const) {
    for (const codec of [CODEC_NONE, CODEC_LZ4] as const) {
      const input = encodeLegacySet(records, { magic, codec });
      const result = validateProduced(input, { ...RULES, startOffset: 90 });
      assert(result.ok);
      const [batch] = batchesOf(result.records);
      assertEquals([batch!.magic, batch!.baseOffset, batch!.lastOffset], [2, 90, 91]);
      assertEquals(batch!.codec, codec);
      assertEquals(batch!.maxTimestampMs, magic === 0 ? -1 : TIME + 1);
    }
  }
  const mixed = join(
    encodeLegacySet(records, { magic: 0 }),
    encodeLegacySet(records, { magic: 1 }),
  );
  assertEquals(codeOf(mixed), errorCodes.INVALID_RECORD);
});

Deno.test("changed and random batches never throw", () => {
  const seeds = readLines<{ hex: string }>("batches.jsonl.gz")
    .map(({ hex }) => hex).filter((hex) => hex.length > 0 && hex.length < 1_000).map(fromHex);
  const rules = fc.record({
    compressionType: fc.constantFrom("producer", "uncompressed", "lz4", "zstd", "snappy", "gzip"),
    compacted: fc.boolean(),
    timestampType: fc.constantFrom("CreateTime", "LogAppendTime"),
    origin: fc.constantFrom("client", "coordinator", "raft", "replication"),
  });
  fc.assert(
    fc.property(
      fc.nat({ max: seeds.length - 1 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
      rules,
      (index, changes, some) => {
        const bytes = seeds[index]!.slice();
        for (const [at, bits] of changes) bytes[at % bytes.length]! ^= bits;
        if (bytes.length > 61 && bytes[16] === 2) {
          new DataView(bytes.buffer).setUint32(17, crc32c(bytes, 21, bytes.length));
        }
        validateProduced(bytes, { ...RULES, ...some } as AppendRules);
      },
    ),
    { numRuns: 3_000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), rules, (bytes, some) => {
    validateProduced(bytes, { ...RULES, ...some } as AppendRules);
  }));
});
