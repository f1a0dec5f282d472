import { assertEquals } from "@std/assert";
import { type GroupClient, GroupHarness } from "../testing/group_harness.ts";

/** A harness whose groups don't wait for more members. */
function prompt(): GroupHarness {
  return new GroupHarness({ initialRebalanceDelayMs: 0 });
}

/** Joins with the id that the first answer gives out. */
function joinAll(...clients: GroupClient[]): void {
  for (const client of clients) {
    client.join();
    client.join();
  }
}

/** A stable group of these clients, the first one its leader; the transcript starts behind it. */
function stabilize(harness: GroupHarness, ...clients: GroupClient[]): void {
  joinAll(...clients);
  for (const client of clients.slice(0, -1)) client.join();
  for (const client of clients.slice(1)) client.sync();
  clients[0]!.sync(Object.fromEntries(clients.map(({ memberId, name }) => [memberId, name])));
  harness.take();
  assertEquals(harness.state.live.find("g")?.state, "Stable");
}

Deno.test("a first rebalance waits, and waits on while members come", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 3_000 });
  const [a, b, c] = ["a", "b", "c"].map((name) => harness.client(name)) as [
    GroupClient,
    GroupClient,
    GroupClient,
  ];
  joinAll(a);
  harness.advance(2_000);
  joinAll(b);
  harness.advance(3_000);
  joinAll(c);
  harness.advance(3_999);
  assertEquals(harness.take(), [
    "0.0 a join: MEMBER_ID_REQUIRED as a#1",
    "2.0 b join: MEMBER_ID_REQUIRED as b#2",
    "5.0 c join: MEMBER_ID_REQUIRED as c#3",
  ]);
  harness.advance(1);
  assertEquals(harness.take(), [
    "9.0 a join: generation 1 as a#1, range, leader a#1, members a#1 b#2 c#3",
    "9.0 b join: generation 1 as b#2, range, leader a#1",
    "9.0 c join: generation 1 as c#3, range, leader a#1",
  ]);
});

Deno.test("a first rebalance waits no longer than the rebalance timeout", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 3_000 });
  for (let index = 0; index < 5; index++) {
    const client = harness.client(`m${index}`);
    client.join({ rebalanceTimeoutMs: 7_000 });
    client.join({ rebalanceTimeoutMs: 7_000 });
    harness.advance(2_000);
  }
  const joined = harness.take().filter((line) => line.includes("generation 1"));
  assertEquals(joined.map((line) => line.split(" ").slice(0, 2).join(" ")), [
    "7.0 m0",
    "7.0 m1",
    "7.0 m2",
    "7.0 m3",
  ]);
});

Deno.test("a second member makes the first share", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  joinAll(a);
  a.sync({ [a.memberId]: "all" });
  a.heartbeat();
  joinAll(b);
  a.heartbeat();
  a.commit();
  a.join();
  a.commit();
  a.heartbeat();
  b.sync();
  a.sync({ [a.memberId]: "one", [b.memberId]: "other" });
  a.commit();
  b.heartbeat();
  assertEquals(harness.take(), [
    "0.0 a join: MEMBER_ID_REQUIRED as a#1",
    "0.0 a join: generation 1 as a#1, range, leader a#1, members a#1",
    '0.0 a sync: "all"',
    "0.0 a heartbeat: ok",
    "0.0 b join: MEMBER_ID_REQUIRED as b#2",
    "0.0 a heartbeat: REBALANCE_IN_PROGRESS",
    "0.0 a commit: ok",
    "0.0 a join: generation 2 as a#1, range, leader a#1, members a#1 b#2",
    "0.0 b join: generation 2 as b#2, range, leader a#1",
    "0.0 a commit: REBALANCE_IN_PROGRESS",
    "0.0 a heartbeat: ok",
    '0.0 a sync: "one"',
    '0.0 b sync: "other"',
    "0.0 a commit: ok",
    "0.0 b heartbeat: ok",
  ]);
});

Deno.test("who does not join again within the rebalance timeout is out", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b"), c = harness.client("c");
  stabilize(harness, a, b);
  joinAll(c);
  for (let seconds = 0; seconds < 59; seconds += 5) {
    harness.advance(5_000);
    a.heartbeat();
    if (seconds === 0) b.join();
  }
  harness.take();
  harness.advance(0);
  a.join();
  assertEquals(harness.take(), [
    "60.0 a join: UNKNOWN_MEMBER_ID as a#1",
  ]);
  assertEquals([...harness.state.live.find("g")!.members.keys()].map((id) => harness.nameOf(id)), [
    "b#2",
    "c#3",
  ]);
});

Deno.test("a leader that does not join again is replaced", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  b.join({ protocols: [["range", "changed"]] });
  harness.advance(10_000);
  assertEquals(harness.take(), [
    "10.0 b join: generation 3 as b#2, range, leader b#2, members b#2",
  ]);
});

Deno.test("a silent member's session ends and the others share anew", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  harness.advance(9_999);
  a.heartbeat();
  harness.advance(1);
  a.heartbeat();
  a.join();
  a.sync({ [a.memberId]: "all" });
  b.heartbeat();
  assertEquals(harness.take(), [
    "10.0 a heartbeat: ok",
    "10.0 a heartbeat: REBALANCE_IN_PROGRESS",
    "10.0 a join: generation 3 as a#1, range, leader a#1, members a#1",
    '10.0 a sync: "all"',
    "10.0 b heartbeat: UNKNOWN_MEMBER_ID",
  ]);
});

Deno.test("waiting for the others keeps a session alive, and it starts anew with the answer", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  a.join();
  for (let count = 0; count < 6; count++) {
    harness.advance(9_000);
    b.heartbeat();
  }
  b.join();
  harness.advance(9_999);
  a.heartbeat();
  harness.advance(1);
  a.heartbeat();
  assertEquals(harness.take().slice(6), [
    "54.0 a join: generation 3 as a#1, range, leader a#1, members a#1 b#2",
    "54.0 b join: generation 3 as b#2, range, leader a#1",
    "64.0 a heartbeat: ok",
    "64.0 a heartbeat: REBALANCE_IN_PROGRESS",
  ]);
});

Deno.test("a new member that waits too long for its first answer is let go", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 400_000 });
  const a = harness.client("a");
  a.join();
  a.join({ rebalanceTimeoutMs: 600_000 });
  harness.advance(299_999);
  harness.take();
  harness.advance(1);
  assertEquals(harness.take(), ["300.0 a join: UNKNOWN_MEMBER_ID as -"]);
});

Deno.test("a leaving member starts a rebalance, the last one empties the group", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  a.leave();
  b.heartbeat();
  b.join();
  b.sync({ [b.memberId]: "all" });
  b.leave();
  b.heartbeat();
  a.leave();
  const group = harness.state.live.find("g")!;
  assertEquals(harness.take(), [
    "0.0 a leave: ok",
    "0.0 b heartbeat: REBALANCE_IN_PROGRESS",
    "0.0 b join: generation 3 as b#2, range, leader b#2, members b#2",
    '0.0 b sync: "all"',
    "0.0 b leave: ok",
    "0.0 b heartbeat: UNKNOWN_MEMBER_ID",
    "0.0 a leave: UNKNOWN_MEMBER_ID",
  ]);
  assertEquals([group.state, group.generationId, group.leaderId], ["Empty", 4, null]);
});

Deno.test("leaving lets a join phase end and sends a waiting member home", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b"), c = harness.client("c");
  stabilize(harness, a, b);
  a.join();
  joinAll(c);
  c.leave();
  b.leave();
  assertEquals(harness.take(), [
    "0.0 c join: MEMBER_ID_REQUIRED as c#3",
    "0.0 c join: UNKNOWN_MEMBER_ID as -",
    "0.0 c leave: ok",
    "0.0 a join: generation 3 as a#1, range, leader a#1, members a#1",
    "0.0 b leave: ok",
  ]);
});

Deno.test("a stable group rebalances when its leader joins or a subscription changes, else not", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  b.join();
  a.heartbeat();
  b.join({ protocols: [["range", "changed"]] });
  a.heartbeat();
  a.join();
  b.sync();
  a.sync({ [a.memberId]: "x", [b.memberId]: "y" });
  a.join();
  b.heartbeat();
  assertEquals(harness.take(), [
    "0.0 b join: generation 2 as b#2, range, leader a#1",
    "0.0 a heartbeat: ok",
    "0.0 a heartbeat: REBALANCE_IN_PROGRESS",
    "0.0 a join: generation 3 as a#1, range, leader a#1, members a#1 b#2",
    "0.0 b join: generation 3 as b#2, range, leader a#1",
    '0.0 a sync: "x"',
    '0.0 b sync: "y"',
    "0.0 b heartbeat: REBALANCE_IN_PROGRESS",
  ]);
});

Deno.test("who missed the end of the join phase may ask again before the assignment is there", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  joinAll(a, b);
  a.join();
  harness.take();
  b.join();
  a.join();
  b.sync();
  b.join({ protocols: [["range", "changed"]] });
  a.heartbeat();
  assertEquals(harness.take(), [
    "0.0 b join: generation 2 as b#2, range, leader a#1",
    "0.0 a join: generation 2 as a#1, range, leader a#1, members a#1 b#2",
    "0.0 b sync: REBALANCE_IN_PROGRESS",
    "0.0 a heartbeat: REBALANCE_IN_PROGRESS",
  ]);
});

Deno.test("who does not ask for its assignment within the rebalance timeout is out", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  a.join();
  b.join();
  a.sync({ [a.memberId]: "x" });
  for (let seconds = 0; seconds < 60; seconds += 5) {
    a.heartbeat();
    b.heartbeat();
    harness.advance(5_000);
  }
  harness.take();
  a.heartbeat();
  b.heartbeat();
  assertEquals(harness.take(), [
    "60.0 a heartbeat: REBALANCE_IN_PROGRESS",
    "60.0 b heartbeat: UNKNOWN_MEMBER_ID",
  ]);
});

Deno.test("a client that never comes back with its id holds a rebalance up for its session only", () => {
  const harness = prompt();
  const a = harness.client("a"), ghost = harness.client("ghost");
  stabilize(harness, a);
  ghost.join({ sessionTimeoutMs: 20_000 });
  a.join();
  harness.advance(19_999);
  harness.take();
  harness.advance(1);
  assertEquals(harness.take(), [
    "20.0 a join: generation 2 as a#1, range, leader a#1, members a#1",
  ]);
  ghost.join();
  assertEquals(harness.take(), ["20.0 ghost join: UNKNOWN_MEMBER_ID as ghost#2"]);
});

Deno.test("clients before JoinGroup 4 join at once", () => {
  const harness = prompt();
  const a = harness.client("a");
  a.join({ version: 3 });
  assertEquals(harness.take(), [
    "0.0 a join: generation 1 as a#1, range, leader a#1, members a#1",
  ]);
});

Deno.test("a group takes no more members than its maximum", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0, maxSize: 2 });
  const a = harness.client("a"), b = harness.client("b"), c = harness.client("c");
  stabilize(harness, a, b);
  c.join();
  a.join();
  c.join();
  b.join();
  c.join();
  harness.advance(60_000);
  assertEquals(harness.take(), [
    "0.0 c join: GROUP_MAX_SIZE_REACHED as -",
    "0.0 c join: MEMBER_ID_REQUIRED as c#3",
    "0.0 c join: GROUP_MAX_SIZE_REACHED as -",
    "60.0 a join: generation 3 as a#1, range, leader a#1, members a#1 b#2",
    "60.0 b join: generation 3 as b#2, range, leader a#1",
  ]);
});

Deno.test("members vote for the protocol that all of them offer", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b"), c = harness.client("c");
  const offers: [GroupClient, [string, string][]][] = [
    [a, [["sticky", "1"], ["range", "1"], ["only-a", "1"]]],
    [b, [["range", "2"], ["sticky", "2"]]],
    [c, [["range", "3"], ["sticky", "3"]]],
  ];
  for (const [client, protocols] of offers) {
    client.join({ protocols });
    client.join({ protocols });
  }
  a.join({ protocols: offers[0]![1] });
  assertEquals(harness.take().filter((line) => line.includes("generation")), [
    "0.0 a join: generation 1 as a#1, sticky, leader a#1, members a#1",
    "0.0 a join: generation 2 as a#1, range, leader a#1, members a#1 b#2 c#3",
    "0.0 b join: generation 2 as b#2, range, leader a#1",
    "0.0 c join: generation 2 as c#3, range, leader a#1",
  ]);
  const d = harness.client("d");
  d.join({ protocols: [["only-a", "4"]] });
  d.join({ protocolType: "connect" });
  assertEquals(harness.take(), [
    "0.0 d join: INCONSISTENT_GROUP_PROTOCOL as -",
    "0.0 d join: INCONSISTENT_GROUP_PROTOCOL as -",
  ]);
});

Deno.test("a shard that moves away sends those who wait to its new place", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  joinAll(a, b);
  harness.take();
  harness.resign();
  assertEquals(harness.take(), ["0.0 b join: NOT_COORDINATOR as b#2"]);
  const other = prompt();
  const c = other.client("c"), d = other.client("d");
  joinAll(c, d);
  c.join();
  d.sync();
  other.take();
  other.resign();
  assertEquals(other.take(), ["0.0 d sync: NOT_COORDINATOR"]);
});

Deno.test("a stable group lives through a restart, as long as its members show themselves", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a, b);
  harness.advance(8_000);
  harness.restart();
  a.heartbeat();
  harness.advance(9_000);
  a.heartbeat();
  a.sync();
  harness.advance(1_000);
  a.heartbeat();
  b.heartbeat();
  assertEquals(harness.take(), [
    "8.0 a heartbeat: ok",
    "17.0 a heartbeat: ok",
    '17.0 a sync: "a"',
    "18.0 a heartbeat: REBALANCE_IN_PROGRESS",
    "18.0 b heartbeat: UNKNOWN_MEMBER_ID",
  ]);
});

Deno.test("a rebalance that a restart cuts off falls back to the generation before", () => {
  const harness = prompt();
  const a = harness.client("a"), b = harness.client("b");
  stabilize(harness, a);
  joinAll(b);
  a.join();
  harness.take();
  harness.restart();
  a.heartbeat();
  a.heartbeat(1);
  b.heartbeat();
  b.join();
  assertEquals(harness.take(), [
    "0.0 a heartbeat: ILLEGAL_GENERATION",
    "0.0 a heartbeat: ok",
    "0.0 b heartbeat: UNKNOWN_MEMBER_ID",
    "0.0 b join: UNKNOWN_MEMBER_ID as b#2",
  ]);
});

Deno.test("a rebalance timeout of nothing or less neither blocks nor spins", () => {
  for (const rebalanceTimeoutMs of [0, -1, -(2 ** 31), 2 ** 31 - 1]) {
    const harness = prompt();
    const a = harness.client("a"), b = harness.client("b"), c = harness.client("c");
    a.join({ groupInstanceId: "ia", rebalanceTimeoutMs });
    b.join({ groupInstanceId: "ib", rebalanceTimeoutMs });
    harness.advance(100);
    c.join({ rebalanceTimeoutMs });
    c.leave();
    harness.advance(60_000);
    const group = harness.state.live.find("g")!;
    assertEquals([group.state, group.members.size], ["Empty", 0]);
  }
});
