import { assert, assertEquals } from "@std/assert";
import zlib from "node:zlib";
import type { AppendRules, RefusedRecords, ValidatedRecords } from "./append_rules.ts";
import { BatchCursor } from "./batch.ts";
import { DEFAULT_COMPRESSION_LEVELS } from "./compression/mod.ts";
import { checkProducedRecords } from "./produce_check.ts";
import { RecordCursor } from "./record.ts";
import { validateProduced } from "./validate.ts";

const NOW = 1_700_000_000_000;

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
  ["bad/length-48", 2],
  ["bad/length-2147483647", 2],
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
      const result = checkProducedRecords(records, 9) ??
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
