import { assertEquals, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { SeededPrng } from "../../base/mod.ts";
import { errorCodes } from "../../protocol/errors.ts";
import { listGroups as listGroupsApi, make, ProtocolError, ZERO_UUID } from "../../protocol/mod.ts";
import { BatchBuilder, BatchCursor, RecordCursor } from "../../protocol/records/mod.ts";
import { BatchReplay, LoadError } from "../batch_replay.ts";
import { persistentState } from "../testing/persistent_state.ts";
import { Timeline } from "../timeline.ts";
import { deleteGroups } from "./delete_groups.ts";
import { describeGroup } from "./describe_groups.ts";
import { type GroupRecord, groupRecordFormat } from "./group_records.ts";
import { GroupShard } from "./group_shard.ts";
import { joinGroup } from "./join_group.ts";
import { listGroups } from "./list_groups.ts";
import { commitOffsets } from "./offset_commit.ts";
import { fetchOffsets } from "./offset_fetch.ts";
import { DEFAULT_GROUP_SETTINGS } from "./settings.ts";
import type { ShardState } from "./shard_state.ts";

const PLAIN_ID = "FMrFdJw1SPak7b1dX_K11A";
const CONTEXT = { version: 9, clientId: "c", clientHost: "/127.0.0.1" };

async function readVector(name: string): Promise<Uint8Array> {
  const path = new URL(`../../../tests/vectors/coordinator/${name}`, import.meta.url);
  return new Uint8Array(gunzipSync(await Deno.readFile(path)));
}

/** A shard that has replayed these bytes, `count` records at a time. */
function load(bytes: Uint8Array, { count = 1_000, highWatermark = 1_000_000 } = {}): ShardState {
  const timeline = new Timeline();
  const shard = new GroupShard(
    {
      partition: 0,
      timeline,
      nowMs: () => 1_795_481_800_000,
      schedule: () => ({ isPending: true, restart: () => {}, cancel: () => {} }),
    },
    { settings: DEFAULT_GROUP_SETTINGS, prng: new SeededPrng(1), report: () => {} },
  );
  const replay = new BatchReplay<GroupRecord>(shard, timeline, groupRecordFormat);
  replay.feed(bytes);
  while (replay.step(count, highWatermark));
  return shard.state;
}

function list(state: ShardState): string[] {
  return listGroups(state, make(listGroupsApi.request, {})).map((group) =>
    `${group.groupId}: ${group.protocolType} ${group.groupState} ${group.groupType}`
  ).sort();
}

function offsetsOf(state: ShardState, groupId: string): [string, number, number, string][] {
  const request = { groupId, memberId: null, memberEpoch: -1, topics: null };
  return fetchOffsets(state, request, false).topics.flatMap(({ name, partitions }) =>
    partitions.map((each): [string, number, number, string] => [
      `${name}/${each.partitionIndex}`,
      each.committedOffset,
      each.committedLeaderEpoch,
      each.metadata!,
    ])
  );
}

function joinCode(state: ShardState, groupId: string): number {
  let code = -1;
  const request = {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: new Uint8Array(0) }],
    reason: null,
  };
  joinGroup(state, {
    request,
    context: CONTEXT,
    reply: ({ errorCode }) => {
      if (code === -1) code = errorCode;
    },
  });
  return code;
}

Deno.test("groups of all kinds that Kafka wrote are there after a load", async () => {
  const first = load(await readVector("groups_of_all_kinds_0.log.gz"));
  assertEquals(list(first), [
    "classic: consumer Empty classic",
    "consumer: consumer Stable consumer",
    "simple:  Empty classic",
  ]);
  assertEquals(offsetsOf(first, "simple"), [["plain/0", 3, 0, "note é"], ["plain/1", 5, -1, ""]]);
  assertEquals(offsetsOf(first, "classic"), [["plain/0", 9, -1, ""]]);
  assertEquals(first.offsets.offsets.get("simple", "plain", 0), {
    offset: 3,
    leaderEpoch: 0,
    metadata: "note é",
    commitTimestampMs: 1_795_481_781_657,
    expireTimestampMs: -1,
    topicId: PLAIN_ID,
    recordOffset: 0,
  });
  assertEquals(first.live.find("classic")?.generationId, 2);
  const second = load(await readVector("groups_of_all_kinds_1.log.gz"));
  assertEquals(list(second), [
    "share: share Stable share",
    "streams: streams Stable streams",
  ]);
});

Deno.test("groups of other kinds with members are left alone by classic requests", async () => {
  for (
    const [file, groupIds] of [
      ["groups_of_all_kinds_0.log.gz", ["consumer"]],
      ["groups_of_all_kinds_1.log.gz", ["share", "streams"]],
    ] as const
  ) {
    const state = load(await readVector(file));
    const before = persistentState(state);
    for (const groupId of groupIds) {
      assertEquals(joinCode(state, groupId), errorCodes.INCONSISTENT_GROUP_PROTOCOL);
      const described = describeGroup(state, groupId, { ...CONTEXT, version: 6 });
      assertEquals(described.errorCode, errorCodes.GROUP_ID_NOT_FOUND);
      assertEquals(described.groupState, "Dead");
      const { response } = deleteGroups(state, [groupId]);
      assertEquals(response[0]!.errorCode, errorCodes.NON_EMPTY_GROUP);
      const topics = [{
        name: "t",
        topicId: ZERO_UUID,
        partitions: [{
          partitionIndex: 0,
          committedOffset: 1,
          committedLeaderEpoch: -1,
          committedMetadata: null,
        }],
      }];
      const request = {
        groupId,
        generationIdOrMemberEpoch: -1,
        memberId: "",
        groupInstanceId: null,
        retentionTimeMs: -1,
        topics,
      };
      const committed = commitOffsets(state, request, CONTEXT).response;
      assertEquals(
        committed.topics[0]!.partitions[0]!.errorCode,
        groupId === "share" ? errorCodes.GROUP_ID_NOT_FOUND : errorCodes.UNKNOWN_MEMBER_ID,
      );
    }
    assertEquals(persistentState(state), before);
  }
});

Deno.test("an empty group of another kind makes way for a classic one, without a trace", async () => {
  const bytes = await readVector("groups_of_all_kinds_0.log.gz");
  const state = load(bytes);
  const other = state.store.get("consumer")!;
  if (other.type === "classic") throw new Error("It is a consumer group");
  const isOfMember = (keyType: number) => [5, 7, 8].includes(keyType);
  for (const [key, { keyType }] of [...other.records.entries()]) {
    if (isOfMember(keyType)) other.records.delete(key);
  }
  assertEquals(list(state).includes("consumer: consumer Empty consumer"), true);
  let code = -1;
  const request = {
    groupId: "consumer",
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    memberId: "",
    groupInstanceId: null,
    protocolType: "consumer",
    protocols: [{ name: "range", metadata: new Uint8Array(0) }],
    reason: null,
  };
  const { records } = joinGroup(state, {
    request,
    context: CONTEXT,
    reply: ({ errorCode }) => code = errorCode,
  });
  assertEquals(code, errorCodes.MEMBER_ID_REQUIRED);
  assertEquals(records.map(({ kind }) => kind), ["other", "other", "other", "group"]);
  assertEquals(records.slice(0, -1).every(({ value }) => value === null), true);
});

Deno.test("offsets of transactions count, wait or are gone as their markers say", async () => {
  const bytes = await readVector("transactional_offsets.log.gz");
  for (const count of [1, 2, 1_000]) {
    const state = load(bytes, { count });
    const numbers = offsetsOf(state, "tx").map(([partition, offset]) => [partition, offset]).sort();
    assertEquals(numbers, [["m-a/0", 10], ["m-b/0", 20], ["m-b/1", 30]]);
    assertEquals(
      [0, 1, 2].map((partition) => state.offsets.hasPending("tx", "m-a", partition)),
      [false, false, true],
    );
    assertEquals(state.offsets.hasPending("tx", "m-b", 0), true);
  }
});

Deno.test("records above the high watermark are not shown until they are committed", async () => {
  const bytes = await readVector("transactional_offsets.log.gz");
  const state = load(bytes, { highWatermark: 4 });
  assertEquals(offsetsOf(state, "tx"), []);
  state.shard.timeline.commit(5);
  assertEquals(offsetsOf(state, "tx").length, 2);
  state.shard.timeline.revert(5);
  assertEquals(state.offsets.hasPending("tx", "m-a", 2), false);
  assertEquals(state.offsets.hasPending("tx", "m-a", 1), true);
});

Deno.test("what was read is written again to the byte", async () => {
  for (const file of ["groups_of_all_kinds_0.log.gz", "groups_of_all_kinds_1.log.gz"]) {
    const bytes = await readVector(file);
    const batch = new BatchCursor().reset(bytes);
    const records = new RecordCursor();
    while (batch.next()) {
      const { baseOffset, partitionLeaderEpoch } = batch;
      const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch, baseSequence: 0 });
      records.reset(batch);
      while (records.next()) {
        const record = groupRecordFormat.decode(records.key, records.value)!;
        const { key, value } = groupRecordFormat.encode(record);
        builder.append(records.timestampMs, key, value);
      }
      assertEquals(builder.build(), batch.bytes.slice(), `${file} at ${baseOffset}`);
    }
  }
});

Deno.test("damaged batches and records stop a load with a sentence; unknown types are passed over", () => {
  const builder = new BatchBuilder({ baseOffset: 0 });
  builder.append(0, new Uint8Array([0, 99, 1]), new Uint8Array([0, 0]));
  const unknown = builder.build();
  assertEquals(list(load(unknown)), []);
  const torn = unknown.slice();
  torn[torn.length - 1]! ^= 1;
  assertThrows(() => load(torn), LoadError, "Cannot load batch at offset 0: its checksum is wrong");
  const bad: [Uint8Array | null, Uint8Array | null][] = [
    [null, null],
    [new Uint8Array([0]), null],
    [new Uint8Array([0, 1, 0, 5]), null],
    [new Uint8Array([0, 2, 0, 1, 97]), new Uint8Array([0, 77])],
    [new Uint8Array([0, 2, 0, 1, 97]), new Uint8Array([0, 3, 0])],
    [new Uint8Array([0, 2, 0, 1, 97]), new Uint8Array([])],
    [new Uint8Array([0, 3]), new Uint8Array([0, 0])],
  ];
  for (const [key, value] of bad) {
    const one = new BatchBuilder({ baseOffset: 0 });
    one.append(0, key, value);
    const built = one.build();
    assertThrows(() => load(built), ProtocolError);
  }
});
