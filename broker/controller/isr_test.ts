import { assertEquals } from "@std/assert";
import { alterPartition, errorCodes, type Partially, type RequestOf } from "../protocol/mod.ts";
import { RECOVERED, RECOVERING } from "../metadata/mod.ts";
import { changes, Cluster } from "./harness_test.ts";

type Change = Partially<
  RequestOf<typeof alterPartition>["topics"][number]["partitions"][number]
>;

/** Has broker 1 alter the ISR of partition 0 of `topic`; the rest as it is, unless told otherwise. */
function alter(
  cluster: Cluster,
  isr: (number | { brokerId: number; brokerEpoch: number })[],
  fields: Change = {},
  brokerId = 1,
) {
  const { leaderEpoch, partitionEpoch, leaderRecoveryState } = cluster.partition("topic");
  const { response, records } = cluster.decide(alterPartition, {
    brokerId,
    brokerEpoch: cluster.image.brokers.get(brokerId)!.epoch,
    topics: [{
      topicId: cluster.image.topics.byName("topic")!.id,
      partitions: [{
        partitionIndex: 0,
        leaderEpoch,
        partitionEpoch,
        leaderRecoveryState,
        newIsrWithEpochs: isr.map((member) =>
          typeof member === "number" ? { brokerId: member, brokerEpoch: -1 } : member
        ),
        ...fields,
      }],
    }],
  });
  return { ...response.topics[0]!.partitions[0]!, records };
}

function code(...args: Parameters<typeof alter>): number {
  return alter(...args).errorCode;
}

function cluster(): Cluster {
  return new Cluster().withBrokers(1, 2, 3).place("topic", [1, 2, 3]);
}

Deno.test("a leader's ISR is taken, and it is told the epochs that follow", () => {
  const on = cluster();
  const { records, ...answer } = alter(on, [1, 2]);
  assertEquals(records.map(changes), [{ isr: [1, 2] }]);
  assertEquals(answer, {
    partitionIndex: 0,
    errorCode: 0,
    leaderId: 1,
    leaderEpoch: 0,
    isr: [1, 2],
    leaderRecoveryState: RECOVERED,
    partitionEpoch: 1,
  });
  assertEquals(on.partition("topic").partitionEpoch, 1);
});

Deno.test("an ISR that is so already makes no record", () => {
  const { records, errorCode, partitionEpoch } = alter(cluster(), [1, 2, 3]);
  assertEquals([records.length, errorCode, partitionEpoch], [0, 0, 0]);
});

Deno.test("only the leader of the present epochs may alter", () => {
  const on = cluster();
  alter(on, [1, 2]); // partition epoch 1
  assertEquals(code(on, [1, 2], {}, 2), errorCodes.INVALID_REQUEST);
  assertEquals(code(on, [1], { partitionEpoch: 0 }), errorCodes.INVALID_UPDATE_VERSION);
  assertEquals(code(on, [1], { partitionEpoch: 2 }), errorCodes.NOT_CONTROLLER);
  assertEquals(code(on, [1], { leaderEpoch: 1 }), errorCodes.NOT_CONTROLLER);
  assertEquals(code(on, [1], { leaderEpoch: -1 }), errorCodes.FENCED_LEADER_EPOCH);
  assertEquals(code(on, [1], { partitionIndex: 1 }), errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const stale = on.ask(alterPartition, { brokerId: 1, brokerEpoch: 0, topics: [] });
  assertEquals(stale.errorCode, errorCodes.STALE_BROKER_EPOCH);
  const unknown = on.ask(alterPartition, {
    brokerId: 1,
    brokerEpoch: on.image.brokers.get(1)!.epoch,
    topics: [{ topicId: "nobodyxxxxxxxxxxxxxxxA", partitions: [{ partitionIndex: 0 }] }],
  });
  assertEquals(unknown.topics[0]!.partitions[0]!.errorCode, errorCodes.UNKNOWN_TOPIC_ID);
});

Deno.test("an ISR is some of the replicas, once each, and the leader among them", () => {
  for (const isr of [[], [1, 1], [1, 4], [2, 3]]) {
    assertEquals(code(cluster(), isr), errorCodes.INVALID_REQUEST, `${isr}`);
  }
});

Deno.test("replicas that stop, are fenced or have started anew are not let in (KIP-903)", () => {
  const on = cluster();
  alter(on, [1]);
  const epoch = on.image.brokers.get(2)!.epoch;
  assertEquals(
    code(on, [1, { brokerId: 2, brokerEpoch: epoch - 1 }]),
    errorCodes.INELIGIBLE_REPLICA,
  );
  on.heartbeat(2, { wantFence: true });
  assertEquals(code(on, [1, 2]), errorCodes.INELIGIBLE_REPLICA);
  on.heartbeat(2);
  assertEquals(code(on, [1, { brokerId: 2, brokerEpoch: epoch }]), 0);
});

Deno.test("a recovering leader is alone until it says that it has recovered (KIP-704)", () => {
  const on = new Cluster({ uncleanLeaderElectionEnable: true }).withBrokers(1, 2)
    .place("topic", [2, 1]);
  alter(on, [2], {}, 2);
  on.heartbeat(2, { wantFence: true });
  // Broker 1 is not in sync, and 2 is eligible: 1 leads only where records may be lost.
  const led = on.partition("topic");
  assertEquals([led.leader, led.isr, led.leaderRecoveryState], [1, [1], RECOVERING]);
  on.heartbeat(2);
  assertEquals(code(on, [1, 2]), errorCodes.INVALID_REQUEST);
  const { leaderRecoveryState } = alter(on, [1], { leaderRecoveryState: RECOVERED });
  assertEquals(leaderRecoveryState, RECOVERED);
  assertEquals(code(on, [1], { leaderRecoveryState: RECOVERING }), errorCodes.INVALID_REQUEST);
  assertEquals(code(on, [1, 2]), 0);
});

Deno.test("versions before 3 name replicas without their epochs", () => {
  const on = cluster();
  const { leaderEpoch, partitionEpoch } = on.partition("topic");
  const response = on.ask(alterPartition, {
    brokerId: 1,
    brokerEpoch: on.image.brokers.get(1)!.epoch,
    topics: [{
      topicId: on.image.topics.byName("topic")!.id,
      partitions: [{ partitionIndex: 0, leaderEpoch, partitionEpoch, newIsr: [1, 3] }],
    }],
  }, 2);
  assertEquals(response.topics[0]!.partitions[0]!.isr, [1, 3]);
});
