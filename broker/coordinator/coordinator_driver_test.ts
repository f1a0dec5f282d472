import { assertEquals } from "@std/assert";
import { CODEC_NONE } from "../protocol/records/mod.ts";
import { CoordinatorDriver, type LoadSummary } from "./coordinator_driver.ts";
import { CoordinatorRuntime } from "./runtime.ts";
import { counterFormat, CounterMachine, type CounterRecord } from "./testing/counter_machine.ts";
import { ManualClock } from "../../tests/disk/manual_clock.ts";
import { MemoryPartitions } from "./testing/memory_partitions.ts";

/** A clock on which each look costs time, as on a machine that works. */
class BusyClock extends ManualClock {
  yields = 0;
  #spentMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + (this.#spentMs += 0.5);
  }

  override schedule(delayMs: number, callback: () => void) {
    if (delayMs === 0) {
      this.yields++;
      queueMicrotask(callback);
      return { cancel: () => {} };
    }
    return super.schedule(delayMs, callback);
  }
}

function newDriver(partitions: MemoryPartitions, clock = new ManualClock()) {
  const machines: CounterMachine[] = [];
  const errors: unknown[] = [];
  const loads: LoadSummary[] = [];
  const driver = new CoordinatorDriver<CounterMachine, CounterRecord>({
    runtime: new CoordinatorRuntime<CounterMachine, CounterRecord>({
      createMachine: (context) => {
        const machine = new CounterMachine(context);
        machines.push(machine);
        return machine;
      },
      format: counterFormat,
      compression: { codec: CODEC_NONE },
      maxBatchBytes: () => 1_000_000,
      writeTimeoutMs: 5_000,
      lingerMs: 0,
      pendingOperationsMax: 100,
    }),
    partitions,
    clock,
    onError: (_, error) => errors.push(error),
    onLoaded: (_, load) => loads.push(load),
  });
  return { driver, machines, errors, loads, clock };
}

Deno.test("requests of one turn share an append and are answered without delay", async () => {
  const partitions = new MemoryPartitions();
  const { driver, clock } = newDriver(partitions);
  driver.onElected(0, 0);
  await clock.advance(0);
  const answers = await Promise.all(
    ["a", "a", "b"].map((name) => driver.write(0, (machine) => machine.increment(name))),
  );
  assertEquals(answers.map(({ response }) => response), [1, 2, 1]);
  assertEquals(partitions.batchCount(0), 1);
  driver.close();
});

Deno.test("a load lets others in every few milliseconds", async () => {
  const partitions = new MemoryPartitions();
  const first = newDriver(partitions);
  first.driver.onElected(0, 0);
  await first.clock.advance(0);
  for (let round = 0; round < 100; round++) {
    await Promise.all(
      Array.from(
        { length: 50 },
        (_, index) => first.driver.write(0, (machine) => machine.increment(`counter-${index}`)),
      ),
    );
  }
  first.driver.close();
  const clock = new BusyClock();
  const { driver, machines, loads } = newDriver(partitions, clock);
  driver.onElected(0, 1);
  await clock.advance(0);
  for (let turn = 0; turn < 1_000 && loads.length === 0; turn++) await Promise.resolve();
  assertEquals([machines[0]!.counters.get("counter-7"), clock.yields > 1], [100, true]);
  assertEquals(driver.read(0, ({ counters }) => counters.size).response, 50);
  driver.close();
});

Deno.test("partitions load one after the other, and one that is taken away meanwhile is dropped", async () => {
  const partitions = new MemoryPartitions();
  const { driver, machines, clock, loads } = newDriver(partitions);
  driver.onElected(0, 0);
  driver.onElected(1, 0);
  driver.onElected(2, 0);
  driver.onResigned(1, 1);
  await clock.advance(0);
  assertEquals([driver.activePartitions(), loads.length, machines.length], [[0, 2], 2, 3]);
  driver.close();
});

Deno.test("a load that can't read its partition fails it and goes on with the next", async () => {
  const partitions = new MemoryPartitions();
  partitions.logEndOffset = (partition) => partition === 0 ? -1 : 0;
  const { driver, errors, clock } = newDriver(partitions);
  driver.onElected(0, 0);
  driver.onElected(1, 0);
  await clock.advance(0);
  assertEquals(errors.map(String), ["LoadError: Cannot load partition 0: it is not led here"]);
  assertEquals(driver.activePartitions(), [1]);
  driver.close();
});

Deno.test("timers fire without a request, whatever the wall clock does", async () => {
  const partitions = new MemoryPartitions();
  const { driver, machines, clock } = newDriver(partitions);
  driver.onElected(0, 0);
  await clock.advance(0);
  await driver.write(0, (machine) => {
    machine.context.schedule(1_000, () => ({ ...machine.increment("t"), response: undefined }));
    return machine.increment("a");
  });
  clock.jump(3_600_000);
  await driver.write(0, (machine) => machine.increment("a"));
  await clock.advance(999);
  assertEquals(machines[0]!.counters.get("t"), undefined);
  await clock.advance(1);
  assertEquals(machines[0]!.counters.get("t"), 1);
  driver.close();
});

Deno.test("close() answers what waits", async () => {
  const partitions = new MemoryPartitions();
  const { driver, clock } = newDriver(partitions);
  driver.onElected(0, 0);
  await clock.advance(0);
  partitions.commitsAtOnce = false;
  const waiting = driver.write(0, (machine) => machine.increment("a"));
  await clock.advance(0);
  driver.close();
  assertEquals(await waiting, { errorCode: 16, response: null });
  driver.close();
});
