import { assertEquals } from "@std/assert";
import { errorCodes } from "../../protocol/errors.ts";
import {
  listGroups as listGroupsApi,
  make,
  offsetDelete as offsetDeleteApi,
  ZERO_UUID,
} from "../../protocol/mod.ts";
import { GroupHarness } from "../testing/group_harness.ts";
import { deleteGroups } from "./delete_groups.ts";
import { describeGroup } from "./describe_groups.ts";
import { listGroups } from "./list_groups.ts";
import { deleteOffsets } from "./offset_delete.ts";
import { type FetchedGroupResponse, fetchOffsets } from "./offset_fetch.ts";

const TOPIC_ID = "FMrFdJw1SPak7b1dX_K11A";
const OTHER_ID = "uCgN9tRDS1SgQ__KrGAYAA";
const HOUR_MS = 3_600_000;

/** `topic/partition=offset`, with the error where there is one. */
function shown({ topics, errorCode }: FetchedGroupResponse): string[] {
  const lines = topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) =>
      `${name}/${partition.partitionIndex}=${partition.committedOffset}` +
      (partition.errorCode === 0 ? "" : ` error ${partition.errorCode}`)
    )
  );
  return errorCode === 0 ? lines : [`error ${errorCode}`];
}

function fetchAll(harness: GroupHarness, groupId = "g", requireStable = false): string[] {
  const request = { groupId, memberId: null, memberEpoch: -1, topics: null };
  return shown(fetchOffsets(harness.state, request, requireStable));
}

function fetchOne(
  harness: GroupHarness,
  partitionIndex: number,
  { topicId = ZERO_UUID, requireStable = false, groupId = "g" } = {},
): string {
  const topics = [{ name: "t", topicId, partitionIndexes: [partitionIndex] }];
  const request = { groupId, memberId: null, memberEpoch: -1, topics };
  return shown(fetchOffsets(harness.state, request, requireStable))[0]!;
}

function partitionsOf(...offsets: (readonly [number, number])[]) {
  return offsets.map(([partitionIndex, committedOffset]) => ({ partitionIndex, committedOffset }));
}

Deno.test("anybody may commit for a group without members, and so makes it", () => {
  const harness = new GroupHarness();
  const admin = harness.client("admin");
  admin.commit({ topics: [{ name: "t", topicId: TOPIC_ID, partitions: partitionsOf([0, 5]) }] });
  admin.commit({ topics: [{ name: "u", partitions: partitionsOf([3, 7]) }] });
  assertEquals(fetchAll(harness), ["t/0=5", "u/3=7"]);
  assertEquals(fetchOne(harness, 0), "t/0=5");
  assertEquals(fetchOne(harness, 1), "t/1=-1");
  assertEquals(fetchOne(harness, 0, { groupId: "none" }), "t/0=-1");
  assertEquals(fetchAll(harness, "none"), []);
  harness.restart();
  assertEquals(fetchAll(harness), ["t/0=5", "u/3=7"]);
});

Deno.test("an offset of a topic that was made anew under its name is not shown", () => {
  const harness = new GroupHarness();
  const topics = [{ name: "t", topicId: TOPIC_ID, partitions: partitionsOf([0, 5]) }];
  harness.client("admin").commit({ topics });
  assertEquals(fetchOne(harness, 0, { topicId: TOPIC_ID }), "t/0=5");
  assertEquals(fetchOne(harness, 0, { topicId: OTHER_ID }), "t/0=-1");
});

Deno.test("commits are refused for unknown members, old generations and unknown groups", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  a.sync();
  harness.take();
  a.commit();
  a.commit({ generationIdOrMemberEpoch: 7 });
  a.commit({ memberId: "nobody" });
  a.commit({ generationIdOrMemberEpoch: -1, memberId: "" });
  a.commit({ generationIdOrMemberEpoch: -1 });
  a.commit({ groupInstanceId: "i" });
  a.commit({ groupId: "none", generationIdOrMemberEpoch: 1 });
  a.commit({ groupId: "none", generationIdOrMemberEpoch: 1 }, 8);
  assertEquals(harness.take().map((line) => line.split(": ")[1]), [
    "ok",
    "ILLEGAL_GENERATION",
    "UNKNOWN_MEMBER_ID",
    "UNKNOWN_MEMBER_ID",
    "ILLEGAL_GENERATION",
    "UNKNOWN_MEMBER_ID",
    "GROUP_ID_NOT_FOUND",
    "ILLEGAL_GENERATION",
  ]);
  assertEquals(fetchAll(harness), ["t/0=1"]);
});

Deno.test("metadata that is too long fails its partition alone, and makes no group", () => {
  const harness = new GroupHarness();
  const admin = harness.client("admin");
  const partitions = [
    { partitionIndex: 0, committedOffset: 1, committedMetadata: "x".repeat(4097) },
    { partitionIndex: 1, committedOffset: 2, committedMetadata: "x".repeat(4096) },
  ];
  admin.commit({ topics: [{ name: "t", partitions: partitions.slice(0, 1) }] });
  assertEquals(harness.state.store.get("g"), undefined);
  admin.commit({ topics: [{ name: "t", partitions }] });
  assertEquals(harness.take(), [
    "0.0 admin commit: OFFSET_METADATA_TOO_LARGE",
    "0.0 admin commit: OFFSET_METADATA_TOO_LARGE",
  ]);
  assertEquals(fetchAll(harness), ["t/1=2"]);
});

Deno.test("readers see committed offsets; who wants stable ones sees the newest", () => {
  const harness = new GroupHarness();
  const admin = harness.client("admin");
  admin.commit();
  harness.partitions.commitsAtOnce = false;
  admin.commit({ topics: [{ name: "t", partitions: partitionsOf([0, 2], [1, 3]) }] });
  assertEquals(harness.take().length, 1);
  assertEquals(fetchAll(harness), ["t/0=1"]);
  assertEquals(fetchOne(harness, 1), "t/1=-1");
  assertEquals(fetchOne(harness, 1, { requireStable: true }), "t/1=3");
  assertEquals(fetchAll(harness, "g", true), ["t/0=2", "t/1=3"]);
  harness.partitions.commit(0, 3);
  assertEquals(harness.take().length, 1);
  assertEquals(fetchAll(harness), ["t/0=2", "t/1=3"]);
});

Deno.test("an offset with an open transaction is unstable", () => {
  const harness = new GroupHarness();
  harness.client("admin").commit();
  const { offsets } = harness.state;
  const pending = { ...offsets.offsets.get("g", "t", 0)!, offset: 9, recordOffset: 1 };
  harness.state.shard.timeline.replaying(1, { isCommitted: true });
  offsets.put({ group: "g", topic: "t", partition: 0 }, pending, 77);
  assertEquals(fetchOne(harness, 0), "t/0=1");
  assertEquals(fetchOne(harness, 0, { requireStable: true }), "t/0=-1 error 88");
  offsets.endTransaction(77, true);
  assertEquals(fetchOne(harness, 0, { requireStable: true }), "t/0=9");
});

Deno.test("offsets of topics that members read stay, others may be deleted", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a"), admin = harness.client("admin");
  const topics = [
    { name: "t", partitions: partitionsOf([0, 1]) },
    { name: "u", partitions: partitionsOf([0, 2]) },
  ];
  admin.commit({ topics });
  const subscription = "\x00\x00\x00\x00\x00\x01\x00\x01t\x00\x00\x00\x00";
  a.join({ protocols: [["range", subscription]] });
  a.join({ protocols: [["range", subscription]] });
  a.sync();
  const remove = (groupId: string, ...names: string[]): (number | undefined)[] => {
    const request = make(offsetDeleteApi.request, {
      groupId,
      topics: names.map((name) => ({ name, partitions: [{ partitionIndex: 0 }] })),
    });
    let codes: (number | undefined)[] = [];
    harness.write((state) => deleteOffsets(state, request), (_, response) => {
      codes = response!.errorCode !== 0
        ? [response!.errorCode]
        : response!.topics.map(({ partitions }) => partitions[0]!.errorCode);
    });
    return codes;
  };
  assertEquals(remove("g", "t", "u", "v"), [errorCodes.GROUP_SUBSCRIBED_TO_TOPIC, 0, 0]);
  assertEquals(fetchAll(harness), ["t/0=1"]);
  assertEquals(remove("none", "t"), [errorCodes.GROUP_ID_NOT_FOUND]);
  const b = harness.client("b", "other");
  b.join({ protocolType: "connect" });
  b.join({ protocolType: "connect" });
  assertEquals(remove("other", "t"), [errorCodes.NON_EMPTY_GROUP]);
});

Deno.test("a group is deleted with its offsets once it has no members", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  a.sync();
  a.commit();
  harness.client("admin", "simple").commit();
  const remove = (...groupIds: string[]): number[] => {
    let codes: number[] = [];
    harness.write((state) => deleteGroups(state, groupIds), (_, results) => {
      codes = results!.map(({ errorCode }) => errorCode);
    });
    return codes;
  };
  assertEquals(remove("g", "none", "simple"), [
    errorCodes.NON_EMPTY_GROUP,
    errorCodes.GROUP_ID_NOT_FOUND,
    0,
  ]);
  a.leave();
  assertEquals(remove("g"), [0]);
  assertEquals([fetchAll(harness), fetchAll(harness, "simple")], [[], []]);
  const all = make(listGroupsApi.request, {});
  assertEquals(listGroups(harness.state, all), []);
  harness.restart();
  assertEquals(listGroups(harness.state, all), []);
});

Deno.test("groups are listed by state and type, whatever their case", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  a.sync();
  harness.client("admin", "simple").commit();
  const list = (states: string[], types: string[]): string[] => {
    const request = make(listGroupsApi.request, { statesFilter: states, typesFilter: types });
    return listGroups(harness.state, request).map((group) =>
      `${group.groupId} ${group.protocolType} ${group.groupState} ${group.groupType}`
    );
  };
  const g = "g consumer Stable classic", simple = "simple  Empty classic";
  assertEquals(list([], []), [g, simple]);
  assertEquals(list([" stable"], ["CLASSIC"]), [g]);
  assertEquals(list(["Empty", "Dead"], []), [simple]);
  assertEquals(list(["nonsense"], []), []);
  assertEquals(list([], ["share"]), []);
  harness.restart();
  assertEquals(list([], []).sort(), [g, simple]);
});

Deno.test("a group is described with its members; one that is not there is dead", () => {
  const harness = new GroupHarness({ initialRebalanceDelayMs: 0 });
  const a = harness.client("a");
  a.join();
  a.join();
  const context = { version: 6, clientId: "", clientHost: "" };
  const rebalancing = describeGroup(harness.state, "g", context);
  assertEquals([rebalancing.groupState, rebalancing.protocolData], ["CompletingRebalance", ""]);
  assertEquals(rebalancing.members[0]!.memberMetadata.length, 0);
  a.sync({ [a.memberId]: "all" });
  const { members, ...group } = describeGroup(harness.state, "g", context);
  assertEquals(group, {
    errorCode: 0,
    errorMessage: null,
    groupId: "g",
    groupState: "Stable",
    protocolType: "consumer",
    protocolData: "range",
    authorizedOperations: -(2 ** 31),
  });
  assertEquals(members, [{
    memberId: a.memberId,
    groupInstanceId: null,
    clientId: "a",
    clientHost: "/127.0.0.1",
    memberMetadata: new TextEncoder().encode("r"),
    memberAssignment: new TextEncoder().encode("all"),
  }]);
  const missing = describeGroup(harness.state, "none", context);
  assertEquals([missing.errorCode, missing.groupState, missing.errorMessage !== null], [
    errorCodes.GROUP_ID_NOT_FOUND,
    "Dead",
    true,
  ]);
  const old = describeGroup(harness.state, "none", { ...context, version: 5 });
  assertEquals([old.errorCode, old.groupState, old.errorMessage], [0, "Dead", null]);
});

Deno.test("offsets of a simple group expire with their commits, and the group with the last", () => {
  const harness = new GroupHarness({
    offsetsRetentionMs: 2 * HOUR_MS,
    offsetsRetentionCheckIntervalMs: HOUR_MS / 2,
  });
  const admin = harness.client("admin");
  admin.commit();
  harness.advance(HOUR_MS);
  admin.commit({ topics: [{ name: "t", partitions: partitionsOf([1, 7]) }] });
  harness.advance(HOUR_MS - 1);
  assertEquals(fetchAll(harness), ["t/0=1", "t/1=7"]);
  harness.advance(1);
  assertEquals(fetchAll(harness), ["t/1=7"]);
  harness.advance(HOUR_MS);
  assertEquals([...harness.state.store.ids()], []);
  harness.restart();
  assertEquals([...harness.state.store.ids()], []);
});

Deno.test("a client before OffsetCommit 5 may say when its offset expires", () => {
  const harness = new GroupHarness({ offsetsRetentionCheckIntervalMs: HOUR_MS / 2 });
  harness.client("old").commit({ retentionTimeMs: HOUR_MS }, 4);
  harness.restart();
  harness.advance(HOUR_MS - 1);
  assertEquals(fetchAll(harness), ["t/0=1"]);
  harness.advance(HOUR_MS);
  assertEquals(fetchAll(harness), []);
});

Deno.test("a group's offsets stay while it has members, and for the retention after", () => {
  const harness = new GroupHarness({
    initialRebalanceDelayMs: 0,
    offsetsRetentionMs: 2 * HOUR_MS,
    offsetsRetentionCheckIntervalMs: HOUR_MS / 2,
  });
  const a = harness.client("a");
  a.join({ sessionTimeoutMs: 1_800_000 });
  a.join({ sessionTimeoutMs: 1_800_000 });
  a.sync();
  a.commit();
  for (let count = 0; count < 10; count++) {
    harness.advance(HOUR_MS / 4);
    a.heartbeat();
  }
  a.leave();
  harness.advance(2 * HOUR_MS - 1);
  assertEquals(fetchAll(harness), ["t/0=1"]);
  harness.advance(HOUR_MS / 2);
  assertEquals([fetchAll(harness), [...harness.state.store.ids()]], [[], []]);
});

Deno.test("deleted topics take their offsets along, unless they came again under the name", () => {
  const harness = new GroupHarness();
  const admin = harness.client("admin");
  admin.commit({ topics: [{ name: "t", topicId: OTHER_ID, partitions: partitionsOf([0, 1]) }] });
  admin.commit({ topics: [{ name: "u", partitions: partitionsOf([0, 2]) }] });
  const other = harness.client("other", "h");
  other.commit({ topics: [{ name: "t", topicId: TOPIC_ID, partitions: partitionsOf([0, 3]) }] });
  harness.write(() =>
    harness.shard.onTopicsDeleted([{ name: "t", id: TOPIC_ID }, { name: "u", id: OTHER_ID }])
  );
  assertEquals([fetchAll(harness), fetchAll(harness, "h")], [["t/0=1"], []]);
});

Deno.test("a sweep over many groups takes several turns and gets to all of them", () => {
  const harness = new GroupHarness();
  for (let index = 0; index < 450; index++) harness.client("admin", `g${index}`).commit();
  harness.write(() => harness.shard.onTopicsDeleted([{ name: "t", id: TOPIC_ID }]));
  harness.advance(1);
  harness.advance(1);
  assertEquals([...harness.state.offsets.groupIds()], []);
});
