import { assertEquals } from "@std/assert";
import { errorCodes, errorName } from "../protocol/errors.ts";
import { BatchCursor, CODEC_GZIP, CODEC_NONE } from "../protocol/records/mod.ts";
import { CoordinatorRuntime, type Effect, type RuntimeOptions } from "./runtime.ts";
import { answer, type Outcome } from "./state_machine.ts";
import { counterFormat, CounterMachine, type CounterRecord } from "./testing/counter_machine.ts";
import { MemoryPartitions } from "./testing/memory_partitions.ts";

type Options = Partial<RuntimeOptions<CounterMachine, CounterRecord>>;

/** A runtime of counters on a log in memory; a test carries out effects when it wants to. */
class Bench {
  readonly partitions = new MemoryPartitions();
  readonly runtime: CoordinatorRuntime<CounterMachine, CounterRecord>;
  readonly machines: CounterMachine[] = [];
  readonly answers: string[] = [];
  readonly bugs: unknown[] = [];
  nowMs = 0;

  constructor(options: Options = {}) {
    this.runtime = new CoordinatorRuntime<CounterMachine, CounterRecord>({
      createMachine: (context) => {
        const machine = new CounterMachine(context);
        this.machines.push(machine);
        return machine;
      },
      format: counterFormat,
      compression: { codec: CODEC_NONE },
      maxBatchBytes: () => 1_000,
      writeTimeoutMs: 5_000,
      lingerMs: 0,
      pendingOperationsMax: 100,
      ...options,
    });
    this.partitions.onHighWatermark((partition, highWatermark) =>
      this.runtime.highWatermark(partition, highWatermark, this.nowMs)
    );
  }

  get machine(): CounterMachine {
    return this.machines.at(-1)!;
  }

  elect(leaderEpoch = 0): this {
    this.runtime.load(0, leaderEpoch, this.nowMs);
    this.pump();
    return this;
  }

  write<T>(label: string, operation: (machine: CounterMachine) => Outcome<CounterRecord, T>): void {
    this.runtime.write(0, this.nowMs, {
      operation,
      complete: (code, response) =>
        this.answers.push(`${label}: ${code === 0 ? String(response) : errorName(code)}`),
    });
  }

  increment(name: string): void {
    this.write(name, (machine) => machine.increment(name));
  }

  pump(): void {
    this.runtime.tick(this.nowMs);
    for (let effects = this.effects(); effects.length > 0; effects = this.effects()) {
      for (const effect of effects) this.carryOut(effect);
    }
  }

  effects(): Effect[] {
    return this.runtime.takeEffects(this.nowMs);
  }

  carryOut(effect: Effect): void {
    if (effect.kind === "bug") {
      this.bugs.push(effect.error);
    } else if (effect.kind === "append") {
      const { partition, incarnation, records } = effect;
      const result = this.partitions.append(partition, records);
      this.runtime.appended(incarnation, partition, result, this.nowMs);
    } else {
      const { partition, incarnation } = effect;
      const highWatermark = this.partitions.highWatermark(partition);
      this.runtime.feed(incarnation, partition, this.partitions.bytes(partition));
      while (
        this.runtime.replayNext(incarnation, partition, { count: 1, highWatermark })?.hasMore
      );
      const endOffset = this.partitions.logEndOffset(partition);
      this.runtime.loaded(incarnation, partition, { endOffset, highWatermark, nowMs: this.nowMs });
    }
  }

  take(): string[] {
    return this.answers.splice(0);
  }
}

Deno.test("a write is replayed at once, goes out with its turn's others, and answers on commit", () => {
  const bench = new Bench().elect();
  bench.partitions.commitsAtOnce = false;
  bench.increment("a");
  bench.increment("a");
  bench.increment("b");
  assertEquals([bench.machine.counters.get("a"), bench.take()], [2, []]);
  bench.pump();
  assertEquals([bench.partitions.batchCount(0), bench.take()], [1, []]);
  assertEquals([...bench.machine.counters.committedEntries()], []);
  bench.partitions.commit(0, 3);
  assertEquals(bench.take(), ["a: 1", "a: 2", "b: 1"]);
  assertEquals([...bench.machine.counters.committedEntries()], [["a", 2], ["b", 1]]);
  assertEquals(bench.machine.events, [
    "loaded",
    "a=1 at 0",
    "a=2 at 1",
    "b=1 at 2",
    "a=1 settled 0",
    "a=2 settled 0",
    "b=1 settled 0",
  ]);
});

Deno.test("an operation without records waits for what it may have seen, and only for that", () => {
  const bench = new Bench().elect();
  bench.partitions.commitsAtOnce = false;
  bench.write("free", () => answer("now"));
  assertEquals(bench.take(), ["free: now"]);
  bench.increment("a");
  bench.write("unwritten", (machine) => answer(machine.counters.get("a")!));
  bench.pump();
  bench.write("uncommitted", (machine) => answer(machine.counters.get("a")!));
  assertEquals(bench.take(), []);
  bench.partitions.commit(0, 1);
  assertEquals(bench.take(), ["a: 1", "unwritten: 1", "uncommitted: 1"]);
});

Deno.test("reads see committed state", () => {
  const bench = new Bench().elect();
  bench.increment("a");
  bench.pump();
  bench.partitions.commitsAtOnce = false;
  bench.increment("a");
  bench.pump();
  const read = () =>
    bench.runtime.read(0, 0, ({ counters }) => [counters.committed("a"), counters.get("a")]);
  assertEquals(read(), { errorCode: 0, response: [1, 2] });
  bench.partitions.commit(0, 2);
  assertEquals(read(), { errorCode: 0, response: [2, 2] });
});

Deno.test("a failed append takes back its batch and all that was built on it", () => {
  const bench = new Bench().elect();
  bench.increment("a");
  bench.pump();
  bench.take();
  bench.increment("a");
  const [append] = bench.effects();
  bench.increment("a");
  bench.write("seen", (machine) => answer(machine.counters.get("a")!));
  bench.partitions.failures.push(errorCodes.KAFKA_STORAGE_ERROR);
  bench.carryOut(append!);
  const error = "KAFKA_STORAGE_ERROR";
  assertEquals(bench.take(), [`a: ${error}`, `a: ${error}`, `seen: ${error}`]);
  assertEquals([bench.machine.counters.get("a"), bench.partitions.logEndOffset(0)], [1, 1]);
  assertEquals(bench.machine.events.slice(-2), ["a=2 settled 56", "a=3 settled 56"]);
  bench.increment("a");
  bench.pump();
  assertEquals([bench.take(), bench.partitions.logEndOffset(0)], [["a: 2"], 2]);
});

Deno.test("batches stop at the partition's limit; what can't fit is refused and leaves nothing", () => {
  const bench = new Bench({ maxBatchBytes: () => 300 }).elect();
  for (let count = 0; count < 20; count++) bench.increment(`counter-${count}`);
  bench.pump();
  assertEquals(bench.take().length, 20);
  const sizes = [];
  const batch = new BatchCursor().reset(bench.partitions.bytes(0));
  while (batch.next()) sizes.push(batch.sizeBytes);
  assertEquals([sizes.length > 1, sizes.every((sizeBytes) => sizeBytes <= 300)], [true, true]);
  const records = Array.from({ length: 20 }, (_, value) => ({ name: `wide-${value}`, value }));
  const outcome = { records, response: 0, isAtomic: true, onSettled: null };
  bench.write("atomic", () => outcome);
  bench.write("loose", () => ({ ...outcome, isAtomic: false }));
  bench.pump();
  assertEquals(bench.take(), ["atomic: MESSAGE_TOO_LARGE", "loose: 0"]);
  assertEquals(bench.machine.counters.get("wide-19"), 19);
});

Deno.test("what fits into a batch to the byte is written, as Kafka writes it", () => {
  // A header of 61 bytes, then a record of 9: length, attributes, two deltas, key, value, headers.
  for (const [limit, told] of [[70, "a: 1"], [69, "a: MESSAGE_TOO_LARGE"]] as const) {
    const bench = new Bench({ maxBatchBytes: () => limit }).elect();
    bench.increment("a");
    bench.pump();
    assertEquals(bench.take(), [told]);
  }
});

Deno.test("records to be compressed are given half their size and 1 KiB at the least", () => {
  const value = Number("9".repeat(15));
  for (const [count, told] of [[100, "0"], [160, "MESSAGE_TOO_LARGE"]] as const) {
    const bench = new Bench({
      compression: { codec: CODEC_GZIP },
      maxBatchBytes: () => 2_000,
    }).elect();
    const records = Array.from({ length: count }, () => ({ name: "a".repeat(8), value }));
    bench.write("a", () => ({ records, response: 0, isAtomic: true, onSettled: null }));
    bench.pump();
    assertEquals(bench.take(), [`a: ${told}`]);
  }
});

Deno.test("a shard refuses operations before its load, while it loads, and after it moved", () => {
  const bench = new Bench();
  bench.increment("a");
  bench.runtime.load(0, 3, 0);
  bench.increment("a");
  bench.pump();
  bench.increment("a");
  bench.runtime.unload(0, 3, 0);
  bench.increment("b");
  bench.partitions.commitsAtOnce = false;
  bench.pump();
  bench.runtime.unload(0, 4, 0);
  bench.increment("a");
  assertEquals(bench.take(), [
    "a: NOT_COORDINATOR",
    "a: COORDINATOR_LOAD_IN_PROGRESS",
    "a: NOT_COORDINATOR",
    "b: NOT_COORDINATOR",
    "a: NOT_COORDINATOR",
  ]);
  assertEquals(bench.machine.events.at(-1), "unloaded");
});

Deno.test("a load that fails leaves a shard that a later election loads again", () => {
  const bench = new Bench();
  bench.runtime.load(0, 1, 0);
  const [load] = bench.effects() as [Extract<Effect, { kind: "load" }>];
  bench.runtime.loadFailed(load.incarnation, 0);
  assertEquals(bench.runtime.status(0), "failed");
  bench.increment("a");
  assertEquals(bench.take(), ["a: NOT_COORDINATOR"]);
  bench.elect(1);
  assertEquals(bench.runtime.status(0), "failed");
  bench.elect(2);
  assertEquals(bench.runtime.status(0), "active");
});

Deno.test("a leader that stays leader keeps its state; the log of an earlier life is not mixed in", () => {
  const bench = new Bench().elect(1);
  bench.increment("a");
  bench.elect(2);
  assertEquals(bench.machines.length, 1);
  bench.runtime.load(1, 1, 0);
  const [load] = bench.effects() as [Extract<Effect, { kind: "load" }>];
  bench.runtime.unload(1, null, 0);
  bench.runtime.load(1, 2, 0);
  assertEquals(bench.runtime.feed(load.incarnation, 1, new Uint8Array(0)), false);
  assertEquals(bench.runtime.replayNext(load.incarnation, 1, { count: 1, highWatermark: 0 }), null);
  bench.runtime.loaded(load.incarnation, 1, { endOffset: 9, highWatermark: 9, nowMs: 0 });
  assertEquals(bench.runtime.status(1), "loading");
});

Deno.test("a log that took records at other offsets makes the shard load it anew", () => {
  const bench = new Bench().elect();
  bench.increment("a");
  bench.pump();
  bench.take();
  bench.increment("a");
  const [append] = bench.effects() as [Extract<Effect, { kind: "append" }>];
  bench.partitions.append(0, bench.partitions.bytes(0).slice());
  bench.carryOut(append);
  bench.pump();
  assertEquals(bench.take(), ["a: NOT_COORDINATOR"]);
  assertEquals([bench.machines.length, bench.machine.counters.get("a")], [2, 2]);
  bench.increment("a");
  bench.pump();
  assertEquals(bench.take(), ["a: 3"]);
});

Deno.test("a bug in one shard's code is reported, and the shard loads again", () => {
  const bench = new Bench().elect();
  bench.increment("a");
  bench.pump();
  bench.increment("a");
  bench.write("bug", () => ({
    records: [{ name: "bug", value: 1 }],
    response: null,
    isAtomic: true,
    onSettled: null,
  }));
  assertEquals(bench.take(), ["a: 1", "a: NOT_COORDINATOR", "bug: UNKNOWN_SERVER_ERROR"]);
  bench.pump();
  assertEquals([bench.bugs.length, bench.machines.length], [1, 2]);
  bench.increment("a");
  bench.pump();
  assertEquals(bench.take(), ["a: 2"]);
  bench.write("throws", () => {
    throw new Error("A bug, for the test");
  });
  bench.pump();
  assertEquals([bench.take(), bench.bugs.length], [["throws: UNKNOWN_SERVER_ERROR"], 2]);
});

Deno.test("an operation that is not committed in time is given up", () => {
  const bench = new Bench().elect();
  bench.partitions.commitsAtOnce = false;
  bench.increment("a");
  bench.pump();
  bench.nowMs = 1_000;
  bench.increment("b");
  bench.pump();
  assertEquals(bench.runtime.nextWakeMs, 5_000);
  bench.nowMs = 5_000;
  bench.pump();
  assertEquals(bench.take(), ["a: REQUEST_TIMED_OUT"]);
  assertEquals(bench.runtime.nextWakeMs, 6_000);
  bench.partitions.commit(0, 2);
  assertEquals(bench.take(), ["b: 1"]);
  assertEquals(bench.machine.counters.committed("a"), 1);
});

Deno.test("more operations than may wait are refused", () => {
  const bench = new Bench({ pendingOperationsMax: 2 }).elect();
  bench.partitions.commitsAtOnce = false;
  for (let count = 0; count < 3; count++) bench.increment("a");
  bench.pump();
  bench.increment("a");
  assertEquals(bench.take(), ["a: COORDINATOR_NOT_AVAILABLE", "a: COORDINATOR_NOT_AVAILABLE"]);
  bench.partitions.commit(0, 2);
  assertEquals(bench.take(), ["a: 1", "a: 2"]);
});

Deno.test("with a linger a batch stays open for it, and no longer", () => {
  const bench = new Bench({ lingerMs: 10 }).elect();
  bench.increment("a");
  bench.pump();
  bench.nowMs = 9;
  bench.increment("b");
  bench.pump();
  assertEquals([bench.take(), bench.runtime.nextWakeMs], [[], 10]);
  bench.nowMs = 10;
  bench.pump();
  assertEquals([bench.take(), bench.partitions.batchCount(0)], [["a: 1", "b: 1"], 1]);
});

Deno.test("timers write as requests do, and not after their shard is gone", () => {
  const bench = new Bench().elect();
  const { machine } = bench;
  const tick = (): Outcome<CounterRecord, void> => ({
    ...machine.increment("ticks"),
    response: undefined,
  });
  const timer = machine.context.schedule(100, tick);
  machine.context.schedule(500, tick);
  bench.nowMs = 99;
  bench.pump();
  assertEquals(bench.partitions.logEndOffset(0), 0);
  bench.nowMs = 100;
  bench.pump();
  assertEquals([bench.partitions.logEndOffset(0), timer.isPending], [1, false]);
  timer.restart(50);
  bench.nowMs = 150;
  bench.pump();
  assertEquals(bench.partitions.logEndOffset(0), 2);
  bench.runtime.unload(0, null, 150);
  bench.nowMs = 500;
  bench.pump();
  assertEquals(bench.partitions.logEndOffset(0), 2);
});

Deno.test("a jump of the wall clock moves no timer", () => {
  const bench = new Bench().elect();
  const { machine } = bench;
  machine.context.schedule(1_000, () => ({ ...machine.increment("a"), response: undefined }));
  bench.nowMs = 3_600_000;
  bench.runtime.shiftClock(3_600_000);
  bench.pump();
  assertEquals([bench.partitions.logEndOffset(0), bench.runtime.nextWakeMs], [0, 3_601_000]);
  bench.nowMs = 3_601_000;
  bench.pump();
  assertEquals(bench.partitions.logEndOffset(0), 1);
  bench.nowMs = 1_000;
  bench.runtime.shiftClock(-3_600_000);
  machine.context.schedule(10, () => ({ ...machine.increment("a"), response: undefined }));
  bench.nowMs = 1_010;
  bench.pump();
  assertEquals(bench.partitions.logEndOffset(0), 2);
});

Deno.test("batches are compressed as the topic wants, and read again", () => {
  const bench = new Bench({ compression: { codec: CODEC_GZIP }, maxBatchBytes: () => 100_000 });
  bench.elect();
  for (let count = 0; count < 100; count++) bench.increment("a");
  bench.pump();
  const batch = new BatchCursor().reset(bench.partitions.bytes(0));
  batch.next();
  assertEquals([batch.compression, batch.recordCount, batch.baseSequence], ["gzip", 100, 0]);
  bench.runtime.unload(0, null, 0);
  bench.elect();
  assertEquals(bench.machine.counters.get("a"), 100);
});
