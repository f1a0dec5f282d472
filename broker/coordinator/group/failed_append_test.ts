import { assertEquals } from "@std/assert";
import { errorCodes } from "../../protocol/errors.ts";
import { GroupHarness } from "../testing/group_harness.ts";
import { persistentState } from "../testing/persistent_state.ts";

/** Errors that the log may give, and what clients are told. */
const FAILURES = [
  ["NOT_ENOUGH_REPLICAS", "COORDINATOR_NOT_AVAILABLE"],
  ["KAFKA_STORAGE_ERROR", "NOT_COORDINATOR"],
  ["NOT_LEADER_OR_FOLLOWER", "NOT_COORDINATOR"],
  ["MESSAGE_TOO_LARGE", "UNKNOWN_SERVER_ERROR"],
] as const;

Deno.test("a commit that can't be written leaves no trace", () => {
  const harness = new GroupHarness();
  const admin = harness.client("admin");
  admin.commit();
  const before = persistentState(harness.state);
  for (const [failure] of FAILURES) {
    harness.partitions.failures.push(errorCodes[failure]);
    admin.commit({ topics: [{ name: "u", partitions: [{ partitionIndex: 0 }] }] });
    harness.partitions.failures.push(errorCodes[failure]);
    harness.client("admin", "new").commit();
  }
  assertEquals(persistentState(harness.state), before);
  assertEquals(harness.partitions.logEndOffset(0), 1);
  admin.commit();
  assertEquals(harness.partitions.logEndOffset(0), 2);
  assertEquals(
    harness.take().map((line) => line.split(": ")[1]),
    ["ok", ...FAILURES.flatMap(([failure]) => [failure, failure]), "ok"],
  );
});

Deno.test("a group whose first record can't be written does not exist", () => {
  const harness = new GroupHarness();
  const a = harness.client("a");
  harness.partitions.failures.push(errorCodes.KAFKA_STORAGE_ERROR);
  a.join({ version: 3 });
  assertEquals(harness.take(), ["0.0 a join: NOT_COORDINATOR as -"]);
  assertEquals([harness.state.store.get("g"), harness.state.live.find("g")], [undefined, null]);
  harness.advance(400_000);
  assertEquals(harness.take(), []);
});

Deno.test("an assignment that can't be written makes the group rebalance", () => {
  for (const [failure, told] of FAILURES) {
    const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
    const a = harness.client("a"), b = harness.client("b");
    a.join();
    a.join();
    b.join();
    b.join();
    a.join();
    b.sync();
    harness.take();
    harness.partitions.failures.push(errorCodes[failure]);
    a.sync({ [a.memberId]: "x" });
    a.heartbeat();
    assertEquals(harness.take(), [
      `0.0 a sync: ${told}`,
      `0.0 b sync: ${told}`,
      "0.0 a heartbeat: REBALANCE_IN_PROGRESS",
    ]);
    harness.restart();
    assertEquals(harness.state.live.find("g")?.generationId, 0);
  }
});

Deno.test("a leave that can't be written is known until the next restart", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  a.sync();
  a.commit();
  harness.take();
  harness.partitions.failures.push(errorCodes.NOT_ENOUGH_REPLICAS);
  a.leave();
  assertEquals(harness.state.live.find("g")?.state, "Empty");
  harness.advance(600_000);
  assertEquals(harness.state.live.find("g")?.state, "Empty");
  harness.restart();
  a.heartbeat();
  assertEquals(harness.take().at(-1), "600.0 a heartbeat: ok");
});

Deno.test("an assignment that is not committed in time makes the group rebalance", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  harness.partitions.commitsAtOnce = false;
  a.sync({ [a.memberId]: "x" });
  a.heartbeat();
  harness.take();
  harness.advance(5_000);
  assertEquals(harness.take(), [
    "5.0 a sync: COORDINATOR_NOT_AVAILABLE",
    "5.0 a heartbeat: REQUEST_TIMED_OUT",
  ]);
});
