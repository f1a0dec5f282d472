import { assertEquals } from "@std/assert";
import { SeededPrng } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import {
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  make,
  offsetCommit,
  offsetDelete,
  syncGroup,
  ZERO_UUID,
} from "../protocol/mod.ts";
import { DEFAULT_GROUP_SETTINGS } from "./group/settings.ts";
import { GroupCoordinator } from "./group_coordinator_driver.ts";
import { ManualClock } from "../../tests/disk/manual_clock.ts";
import { MemoryPartitions } from "./testing/memory_partitions.ts";

const CONTEXT = { version: 9, clientId: "c", clientHost: "/127.0.0.1" };

function newCoordinator(partitionCount = 1) {
  const clock = new ManualClock();
  const partitions = new MemoryPartitions();
  const errors: unknown[] = [];
  const coordinator = new GroupCoordinator({
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      initialRebalanceDelayMs: 0,
      offsetsTopicSegmentBytes: 104_857_600,
      offsetsTopicCompressionCodec: 0,
      offsetsCommitTimeoutMs: 5_000,
      appendLingerMs: -1,
    },
    partitions,
    partitionCount: () => partitionCount,
    maxBatchBytes: () => 1_048_588,
    clock,
    prng: new SeededPrng(3),
    report: () => {},
    onError: (_, error) => errors.push(error),
  });
  return { coordinator, clock, partitions, errors };
}

/** The error code of each request for group `g`, in a fixed order. */
async function codes(coordinator: GroupCoordinator, groupId = "g"): Promise<number[]> {
  const topics = [{ name: "t", partitions: [{ partitionIndex: 0 }] }];
  const fetched = {
    groupId,
    memberId: null,
    memberEpoch: -1,
    topics: [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [0] }],
  };
  const v = CONTEXT;
  const [join, sync, beat, leave, commit, read, stable, remove, described, deleted] = await Promise
    .all([
      coordinator.joinGroup(
        make(joinGroup.request, { groupId, sessionTimeoutMs: 10_000 }),
        v,
      ),
      coordinator.syncGroup(make(syncGroup.request, { groupId }), { ...v, version: 4 }),
      coordinator.heartbeat(make(heartbeat.request, { groupId }), v),
      coordinator.leaveGroup(make(leaveGroup.request, { groupId }), v),
      coordinator.offsetCommit(make(offsetCommit.request, { groupId, topics }), v),
      coordinator.offsetFetch(fetched, false, v),
      coordinator.offsetFetch(fetched, true, v),
      coordinator.offsetDelete(make(offsetDelete.request, { groupId, topics }), v),
      coordinator.describeGroups([groupId], v),
      coordinator.deleteGroups([groupId], v),
    ]);
  return [
    join.errorCode,
    sync.errorCode,
    beat.errorCode,
    leave.errorCode,
    commit.topics[0]!.partitions[0]!.errorCode,
    read.errorCode,
    stable.errorCode,
    remove.errorCode,
    described[0]!.errorCode,
    deleted[0]!.errorCode,
  ];
}

function all(code: number): number[] {
  return new Array(10).fill(code);
}

Deno.test("a node answers for groups that it does not coordinate, or not yet", async () => {
  const { coordinator, clock } = newCoordinator();
  assertEquals(await codes(coordinator), all(errorCodes.NOT_COORDINATOR));
  coordinator.onElected(0, 1);
  const loading = all(errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
  // A heartbeat has nothing to learn from a load.
  loading[2] = 0;
  const duringLoad = codes(coordinator);
  const listed = coordinator.listGroups(make(listGroups.request, {}), CONTEXT);
  await clock.advance(0);
  assertEquals(await duringLoad, loading);
  assertEquals((await listed).errorCode, errorCodes.COORDINATOR_LOAD_IN_PROGRESS);
  coordinator.onResigned(0, 2);
  assertEquals(await codes(coordinator), all(errorCodes.NOT_COORDINATOR));
  coordinator.close();
});

Deno.test("an empty group id is refused where Kafka refuses it", async () => {
  const { coordinator, clock } = newCoordinator();
  coordinator.onElected(0, 1);
  await clock.advance(0);
  const invalid = errorCodes.INVALID_GROUP_ID;
  const answers = await codes(coordinator, "");
  assertEquals(answers.slice(0, 4), [invalid, invalid, invalid, invalid]);
  assertEquals(answers.slice(4, 7), [0, 0, 0]);
  assertEquals(answers[7], invalid);
  coordinator.close();
});

Deno.test("log errors reach clients as codes that make them find the coordinator again", async () => {
  const { coordinator, clock, partitions } = newCoordinator();
  coordinator.onElected(0, 1);
  await clock.advance(0);
  const topics = [{ name: "t", partitions: [{ partitionIndex: 0 }] }];
  const request = make(offsetCommit.request, { groupId: "g", topics });
  for (
    const [failure, told] of [
      ["NOT_ENOUGH_REPLICAS", "COORDINATOR_NOT_AVAILABLE"],
      ["KAFKA_STORAGE_ERROR", "NOT_COORDINATOR"],
      ["MESSAGE_TOO_LARGE", "UNKNOWN_SERVER_ERROR"],
    ] as const
  ) {
    partitions.failures.push(errorCodes[failure]);
    const { topics: [topic] } = await coordinator.offsetCommit(request, CONTEXT);
    assertEquals(topic!.partitions[0]!.errorCode, errorCodes[told]);
  }
  partitions.commitsAtOnce = false;
  const committing = coordinator.offsetCommit(request, CONTEXT);
  const group = { groupId: "g", memberId: null, memberEpoch: -1, topics: null };
  const fetching = coordinator.offsetFetch(group, true, CONTEXT);
  await clock.advance(5_000);
  const committed = (await committing).topics[0]!.partitions[0]!;
  assertEquals(committed.errorCode, errorCodes.COORDINATOR_NOT_AVAILABLE);
  assertEquals((await fetching).errorCode, errorCodes.NOT_COORDINATOR);
  coordinator.close();
});

Deno.test("before OffsetFetch 2 a group's error stands at its partitions", async () => {
  const { coordinator } = newCoordinator();
  const group = {
    groupId: "g",
    memberId: null,
    memberEpoch: -1,
    topics: [{ name: "t", topicId: ZERO_UUID, partitionIndexes: [4] }],
  };
  const { errorCode, topics } = await coordinator.offsetFetch(group, false, {
    ...CONTEXT,
    version: 1,
  });
  assertEquals([errorCode, topics[0]!.partitions], [0, [{
    partitionIndex: 4,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: "",
    errorCode: errorCodes.NOT_COORDINATOR,
  }]]);
});

Deno.test("groups lie in the partitions where Kafka puts them, and requests go to each", async () => {
  const { coordinator, clock } = newCoordinator(50);
  assertEquals(
    ["", "g", "my-group", "Grüße"].map((groupId) => coordinator.partitionFor(groupId)),
    [0, 3, 12, 1],
  );
  const groupIds = Array.from({ length: 20 }, (_, index) => `group-${index}`);
  for (const groupId of groupIds) coordinator.onElected(coordinator.partitionFor(groupId), 1);
  await clock.advance(10);
  const topics = [{ name: "t", partitions: [{ partitionIndex: 0 }] }];
  for (const groupId of groupIds) {
    await coordinator.offsetCommit(make(offsetCommit.request, { groupId, topics }), CONTEXT);
  }
  const { groups } = await coordinator.listGroups(make(listGroups.request, {}), CONTEXT);
  assertEquals(groups.map((group) => group.groupId).sort(), groupIds.toSorted());
  await coordinator.onTopicsDeleted([{ name: "t", id: ZERO_UUID }]);
  const deleted = await coordinator.deleteGroups([...groupIds, "never"], CONTEXT);
  assertEquals(deleted.filter(({ errorCode }) => errorCode === 0).length, 20);
  coordinator.close();
});
