import { assertEquals } from "@std/assert";
import {
  alterPartition,
  alterPartitionReassignments,
  errorCodes,
  listPartitionReassignments,
} from "../protocol/mod.ts";
import { changes, Cluster } from "./harness_test.ts";

function cluster(): Cluster {
  return new Cluster().withBrokers(1, 2, 3, 4).place("topic", [1, 2, 3]);
}

/** Asks to move partition 0 of `topic`. */
function move(
  on: Cluster,
  replicas: number[] | null,
  fields: { name?: string; index?: number } = {},
) {
  const { response, records } = on.decide(alterPartitionReassignments, {
    allowReplicationFactorChange: true,
    topics: [{
      name: fields.name ?? "topic",
      partitions: [{ partitionIndex: fields.index ?? 0, replicas }],
    }],
  });
  return { errorCode: response.responses[0]!.partitions[0]!.errorCode, records };
}

function inSync(on: Cluster, ...isr: number[]): number {
  const { leader, leaderEpoch, partitionEpoch } = on.partition("topic");
  const response = on.ask(alterPartition, {
    brokerId: leader,
    brokerEpoch: on.image.brokers.get(leader)!.epoch,
    topics: [{
      topicId: on.image.topics.byName("topic")!.id,
      partitions: [{
        partitionIndex: 0,
        leaderEpoch,
        partitionEpoch,
        newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: -1 })),
      }],
    }],
  });
  return response.topics[0]!.partitions[0]!.errorCode;
}

function listed(on: Cluster, topics: { name: string; partitionIndexes: number[] }[] | null = null) {
  return on.ask(listPartitionReassignments, { topics }).topics;
}

Deno.test("a move keeps the old replicas until the new ones are in sync, then lets them go", () => {
  const on = cluster();
  assertEquals(move(on, [4, 2, 3]).errorCode, 0);
  const { replicas, addingReplicas, removingReplicas, isr, leader } = on.partition("topic");
  assertEquals([replicas, addingReplicas, removingReplicas], [[4, 2, 3, 1], [4], [1]]);
  assertEquals([isr, leader], [[1, 2, 3], 1]);
  assertEquals(listed(on), [{
    name: "topic",
    partitions: [{
      partitionIndex: 0,
      replicas: [4, 2, 3, 1],
      addingReplicas: [4],
      removingReplicas: [1],
    }],
  }]);
  assertEquals(listed(on, [{ name: "topic", partitionIndexes: [0, 7] }]).length, 1);
  assertEquals(listed(on, [{ name: "other", partitionIndexes: [0] }]), []);
  assertEquals(inSync(on, 1, 2, 3, 4), errorCodes.NEW_LEADER_ELECTED);
  const after = on.partition("topic");
  assertEquals([after.replicas, after.isr, after.leader], [[4, 2, 3], [2, 3, 4], 4]);
  assertEquals(listed(on), []);
});

Deno.test("a new order is a move that ends at once", () => {
  const on = cluster();
  assertEquals(move(on, [3, 2, 1]).records.map(changes), [{
    replicas: [3, 2, 1],
    directories: [...on.partition("topic").directories],
  }]);
  assertEquals(on.partition("topic").leader, 1);
  assertEquals(listed(on), []);
});

Deno.test("a move that is cancelled leaves the partition as it was", () => {
  const on = cluster();
  const before = on.partition("topic");
  move(on, [4, 2, 3]);
  assertEquals(inSync(on, 1, 2, 3), 0);
  assertEquals(move(on, null).errorCode, 0);
  const after = on.partition("topic");
  assertEquals([...after.replicas].sort(), before.replicas);
  assertEquals([after.isr, after.leader, after.addingReplicas], [before.isr, 1, []]);
  assertEquals(move(on, null).errorCode, errorCodes.NO_REASSIGNMENT_IN_PROGRESS);
});

Deno.test("a move is not cancelled while only newcomers are in sync, for that would lose records", () => {
  const on = new Cluster().withBrokers(1, 2, 3).place("topic", [1]);
  move(on, [2, 3]);
  assertEquals(inSync(on, 1, 2), 0);
  on.heartbeat(1, { wantFence: true });
  assertEquals([on.partition("topic").isr, on.partition("topic").leader], [[2], 2]);
  assertEquals(move(on, null).errorCode, errorCodes.INVALID_REPLICA_ASSIGNMENT);
  assertEquals(inSync(on, 2, 3), 0);
  assertEquals(on.partition("topic").replicas, [2, 3]);
});

Deno.test("what can't be moved is told apart", () => {
  const on = cluster();
  const unknown = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  assertEquals(move(on, [1], { name: "none" }).errorCode, unknown);
  assertEquals(move(on, [1], { index: 1 }).errorCode, unknown);
  for (const replicas of [[], [1, 1], [9]]) {
    assertEquals(move(on, replicas).errorCode, errorCodes.INVALID_REPLICA_ASSIGNMENT);
  }
  const { responses, allowReplicationFactorChange } = on.ask(alterPartitionReassignments, {
    allowReplicationFactorChange: false,
    topics: [{ name: "topic", partitions: [{ partitionIndex: 0, replicas: [1, 2] }] }],
  });
  assertEquals(allowReplicationFactorChange, false);
  assertEquals(
    responses[0]!.partitions[0]!.errorCode,
    errorCodes.INVALID_REPLICATION_FACTOR,
  );
});
