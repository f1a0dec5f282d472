import { assertEquals } from "@std/assert";
import { errorCodes } from "../../protocol/errors.ts";
import { type GroupClient, GroupHarness, type JoinOptions } from "../testing/group_harness.ts";

const A: JoinOptions = { groupInstanceId: "ia" };
const B: JoinOptions = { groupInstanceId: "ib" };

/** A stable group of two static members, `a` leading. */
function pair(): { harness: GroupHarness; a: GroupClient; b: GroupClient } {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a"), b = harness.client("b");
  a.join(A);
  b.join(B);
  a.join(A);
  b.sync();
  a.sync({ [a.memberId]: "x", [b.memberId]: "y" });
  assertEquals(harness.take(), [
    "0.0 a join: generation 1 as ia#1, range, leader ia#1, members ia#1",
    "0.0 a join: generation 2 as ia#1, range, leader ia#1, members ia#1 ib#2",
    "0.0 b join: generation 2 as ib#2, range, leader ia#1",
    '0.0 a sync: "x"',
    '0.0 b sync: "y"',
  ]);
  return { harness, a, b };
}

/** The same program, started again without its member id. */
function restarted(harness: GroupHarness, name: string): GroupClient {
  return harness.client(name);
}

Deno.test("a static member that restarts finds its partitions and disturbs nobody", () => {
  const { harness, a, b } = pair();
  const again = restarted(harness, "b2");
  again.join(B);
  again.sync();
  a.heartbeat();
  b.heartbeat();
  b.join({ ...B });
  assertEquals(harness.take(), [
    "0.0 b2 join: generation 2 as ib#3, range, leader ia#1",
    '0.0 b2 sync: "y"',
    "0.0 a heartbeat: ok",
    "0.0 b heartbeat: UNKNOWN_MEMBER_ID",
    "0.0 b join: FENCED_INSTANCE_ID as ib#2",
  ]);
  harness.restart();
  again.heartbeat();
  assertEquals(harness.take(), ["0.0 b2 heartbeat: ok"]);
});

Deno.test("a static leader that restarts is told to skip the assignment (KIP-814)", () => {
  const { harness } = pair();
  const again = restarted(harness, "a2");
  again.join(A);
  again.sync();
  assertEquals(harness.take(), [
    "0.0 a2 join: generation 2 as ia#3, range, leader ia#3, members ib#2 ia#3, skip assignment",
    '0.0 a2 sync: "x"',
  ]);
});

Deno.test("an old client that restarts as static leader is not told that it leads", () => {
  const { harness } = pair();
  const again = restarted(harness, "a2");
  again.join({ ...A, version: 8 });
  assertEquals(harness.take(), ["0.0 a2 join: generation 2 as ia#3, range, leader ia#1"]);
});

Deno.test("a static member that restarts with another protocol in front makes the group vote", () => {
  const { harness, a } = pair();
  const both: [string, string][] = [["sticky", "s"], ["range", "r"]];
  a.join({ ...A, protocols: both });
  const b2 = restarted(harness, "b2");
  b2.join({ ...B, protocols: both });
  assertEquals(harness.take(), [
    "0.0 a join: generation 3 as ia#1, sticky, leader ia#1, members ia#1 ib#3",
    "0.0 b2 join: generation 3 as ib#3, sticky, leader ia#1",
  ]);
});

Deno.test("a static member that restarts while the leader assigns starts the rebalance anew", () => {
  const { harness, a } = pair();
  a.join(A);
  const b2 = restarted(harness, "b2");
  b2.join(B);
  const b3 = restarted(harness, "b3");
  b3.join(B);
  a.heartbeat();
  assertEquals(harness.take(), [
    "0.0 a join: generation 3 as ia#1, range, leader ia#1, members ia#1 ib#3",
    "0.0 b2 join: generation 3 as ib#3, range, leader ia#1",
    "0.0 a heartbeat: REBALANCE_IN_PROGRESS",
  ]);
});

Deno.test("whoever waits under a static member's old id is fenced", () => {
  const { harness, b } = pair();
  b.join({ ...B, protocols: [["range", "changed"]] });
  const b2 = restarted(harness, "b2");
  b2.join(B);
  assertEquals(harness.take(), ["0.0 b join: FENCED_INSTANCE_ID as ib#2"]);
});

Deno.test("a static member that is away keeps its place until its session ends", () => {
  const { harness, a } = pair();
  const c = harness.client("c");
  c.join();
  c.join();
  a.join({ ...A, rebalanceTimeoutMs: 5_000 });
  harness.advance(9_999);
  a.heartbeat();
  assertEquals([...harness.state.live.find("g")!.members.values()].length, 3);
  harness.take();
  harness.advance(1);
  assertEquals([...harness.state.live.find("g")!.members.values()].length, 2);
});

Deno.test("an administrator removes a static member by its instance", () => {
  const { harness, a, b } = pair();
  a.leave({ memberId: "", groupInstanceId: "ib" });
  a.leave({ memberId: "", groupInstanceId: "nobody" });
  a.leave({ memberId: "", groupInstanceId: "ib" });
  b.heartbeat();
  a.leave({ memberId: "wrong", groupInstanceId: "ia" });
  assertEquals(harness.take(), [
    "0.0 a leave: ok",
    "0.0 a leave: UNKNOWN_MEMBER_ID",
    "0.0 a leave: UNKNOWN_MEMBER_ID",
    "0.0 b heartbeat: UNKNOWN_MEMBER_ID",
    "0.0 a leave: FENCED_INSTANCE_ID",
  ]);
});

Deno.test("a static member's new id is taken back when it can't be stored", () => {
  const { harness, b } = pair();
  harness.partitions.failures.push(errorCodes.NOT_ENOUGH_REPLICAS);
  const b2 = restarted(harness, "b2");
  b2.join(B);
  b.heartbeat();
  assertEquals(harness.take(), [
    "0.0 b2 join: COORDINATOR_NOT_AVAILABLE as -",
    "0.0 b heartbeat: ok",
  ]);
});
