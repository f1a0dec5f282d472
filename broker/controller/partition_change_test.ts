import { assertEquals } from "@std/assert";
import { changePartition, type PartitionImage, RECOVERED, RECOVERING } from "../metadata/mod.ts";
import { changes } from "./harness_test.ts";
import {
  changePartitionRecord,
  type PartitionChangeContext,
  type PartitionTarget,
} from "./partition_change.ts";

const directoryOf = (id: number) => `${id}`.repeat(21) + "A";

const healthy: PartitionImage = {
  replicas: [1, 2, 3],
  directories: [1, 2, 3].map(directoryOf),
  isr: [1, 2, 3],
  removingReplicas: [],
  addingReplicas: [],
  elr: [],
  lastKnownElr: [],
  leader: 1,
  leaderEpoch: 4,
  partitionEpoch: 9,
  leaderRecoveryState: RECOVERED,
};

/** What a change would record; `alive` are the brokers that may lead. */
function change(
  partition: Partial<PartitionImage>,
  target: PartitionTarget,
  { alive = [1, 2, 3, 4, 5], ...context }: Partial<PartitionChangeContext> & { alive?: number[] } =
    {},
): Record<string, unknown> | null {
  const record = changePartitionRecord({ ...healthy, ...partition }, target, {
    topicId: "topicAAAAAAAAAAAAAAAAA",
    partitionId: 0,
    metadataVersion: 33,
    elrEnabled: true,
    minIsr: 2,
    isAcceptableLeader: (id) => alive.includes(id),
    defaultDirectory: directoryOf,
    ...context,
  });
  return record === null ? null : changes(record);
}

Deno.test("nothing that stays is recorded", () => {
  assertEquals(change({}, {}), null);
  assertEquals(change({}, { isr: [1, 2, 3], replicas: [1, 2, 3] }), null);
});

Deno.test("the ISR shrinks and grows; the leader epoch stays since metadata.version 12", () => {
  assertEquals(change({}, { isr: [1, 2] }), { isr: [1, 2] });
  assertEquals(change({ isr: [1, 2] }, { isr: [1, 2, 3] }), { isr: [1, 2, 3] });
  const old = { metadataVersion: 11, elrEnabled: false };
  assertEquals(change({}, { isr: [1, 2] }, old), { isr: [1, 2], leader: 1 });
  assertEquals(change({ isr: [1, 2] }, { isr: [1, 2, 3] }, old), { isr: [1, 2, 3] });
});

Deno.test("a leader that may not lead makes way for the first of its replicas in sync", () => {
  assertEquals(change({}, { isr: [2, 3] }, { alive: [2, 3] }), { isr: [2, 3], leader: 2 });
  assertEquals(change({ isr: [1, 3] }, { isr: [3] }, { alive: [2, 3], minIsr: 1 }), {
    isr: [3],
    leader: 3,
  });
});

Deno.test("a preferred election gives the first replica its place back; an online one does not", () => {
  assertEquals(change({ leader: 2 }, { election: "preferred" }), { leader: 1 });
  assertEquals(change({ leader: 2 }, { election: "online" }), null);
  assertEquals(change({ leader: 2, isr: [2, 3] }, { election: "preferred" }), null);
});

Deno.test("who leaves below min.insync.replicas stays eligible, and leads when all others are gone (KIP-966)", () => {
  const one = change({ isr: [1, 2] }, { isr: [1] });
  assertEquals(one, { isr: [1], eligibleLeaderReplicas: [2] });
  const none = change({ isr: [1], elr: [2] }, { isr: [] }, { alive: [3] });
  assertEquals(none, { isr: [], eligibleLeaderReplicas: [1, 2], leader: -1, lastKnownElr: [1] });
  const back = change(
    { isr: [], elr: [1, 2], leader: -1, lastKnownElr: [1] },
    {},
    { alive: [2, 3] },
  );
  assertEquals(back, { isr: [2], eligibleLeaderReplicas: [1], leader: 2, lastKnownElr: [] });
  const enough = change({ isr: [2], elr: [1], leader: 2 }, { isr: [2, 3] });
  assertEquals(enough, { isr: [2, 3], eligibleLeaderReplicas: [] });
});

Deno.test("a broker that lost records is not eligible; the last leader is taken when nobody else is left", () => {
  const partition = { isr: [1], elr: [], minIsr: 2 };
  const lost = change(partition, { isr: [], uncleanBroker: 1 }, { alive: [2, 3] });
  assertEquals(lost, { isr: [], leader: -1, lastKnownElr: [1] });
  const again = change({ isr: [], leader: -1, lastKnownElr: [1] }, {}, { alive: [1, 2, 3] });
  assertEquals(again, { isr: [1], leader: 1, lastKnownElr: [], leaderRecoveryState: RECOVERING });
});

Deno.test("without KIP-966 the last ISR is kept when its leader goes", () => {
  const context = { alive: [2, 3], elrEnabled: false };
  assertEquals(change({ isr: [1] }, { isr: [] }, context), { leader: -1 });
  const back = change({ isr: [1], leader: -1 }, {}, { elrEnabled: false, alive: [1, 2] });
  assertEquals(back, { leader: 1 });
});

Deno.test("an unclean election takes a running replica and lets it recover (KIP-704)", () => {
  const context = { alive: [3], elrEnabled: false };
  assertEquals(change({ isr: [1], leader: -1 }, { election: "online" }, context), null);
  assertEquals(change({ isr: [1], leader: -1 }, { election: "unclean" }, context), {
    isr: [3],
    leader: 3,
    leaderRecoveryState: RECOVERING,
  });
  const recovering = { leaderRecoveryState: RECOVERING, isr: [1, 2] };
  assertEquals(change(recovering, { leaderRecoveryState: RECOVERED }), {
    leaderRecoveryState: RECOVERED,
  });
});

Deno.test("a reassignment ends when the newcomers are in sync, and takes the leader along (KIP-455)", () => {
  const moving = { replicas: [4, 2, 3, 1], addingReplicas: [4], removingReplicas: [1] };
  const directories = [4, 2, 3, 1].map(directoryOf);
  assertEquals(change({ ...moving, directories }, { isr: [1, 2, 3] }), null);
  assertEquals(change({ ...moving, directories }, { isr: [1, 2, 3, 4] }), {
    isr: [2, 3, 4],
    replicas: [4, 2, 3],
    directories: [4, 2, 3].map(directoryOf),
    addingReplicas: [],
    removingReplicas: [],
    leader: 4,
  });
});

Deno.test("a replica that leaves bumps the leader epoch, so that it can't go on fetching", () => {
  const started = change({}, { replicas: [1, 2, 4, 3], adding: [4], removing: [3] });
  assertEquals(started, {
    replicas: [1, 2, 4, 3],
    directories: [1, 2, 4, 3].map(directoryOf),
    addingReplicas: [4],
    removingReplicas: [3],
  });
  const partition = {
    replicas: [1, 2, 4, 3],
    directories: [1, 2, 4, 3].map(directoryOf),
    addingReplicas: [4],
    removingReplicas: [3],
  };
  const ended = changePartitionRecord({ ...healthy, ...partition }, { isr: [1, 2, 4] }, {
    topicId: "topicAAAAAAAAAAAAAAAAA",
    partitionId: 0,
    metadataVersion: 33,
    elrEnabled: false,
    minIsr: 1,
    isAcceptableLeader: () => true,
    defaultDirectory: directoryOf,
  })!;
  const after = changePartition({ ...healthy, ...partition }, ended.value as never);
  assertEquals([after.leader, after.leaderEpoch, after.partitionEpoch], [1, 5, 10]);
  assertEquals(after.replicas, [1, 2, 4]);
});

Deno.test("directories follow the replicas (KIP-858)", () => {
  const chosen = { brokerId: 2, directory: "elsewhereAAAAAAAAAAAAA" };
  assertEquals(change({}, { directory: chosen }), {
    directories: [directoryOf(1), chosen.directory, directoryOf(3)],
  });
  assertEquals(
    change({ isr: [1, 3] }, { replicas: [3, 1] }, { metadataVersion: 16, elrEnabled: false }),
    {
      replicas: [3, 1],
      leader: 1, // 2 leaves
    },
  );
});
