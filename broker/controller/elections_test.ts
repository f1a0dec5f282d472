import { assertEquals } from "@std/assert";
import { electLeaders, errorCodes, incrementalAlterConfigs } from "../protocol/mod.ts";
import { RESOURCE_TOPIC } from "../metadata/mod.ts";
import { Cluster, settings } from "./harness_test.ts";

const PREFERRED = 0;
const UNCLEAN = 1;

function elect(on: Cluster, electionType: number, ...partitions: [string, number[]][]) {
  return on.ask(electLeaders, {
    electionType,
    topicPartitions: partitions.length === 0
      ? null
      : partitions.map(([topic, ids]) => ({ topic, partitions: ids })),
  }).replicaElectionResults.map(({ topic, partitionResult }) => [
    topic,
    partitionResult.map(({ partitionId, errorCode }) => [partitionId, errorCode]),
  ]);
}

/** Broker 2 leads what broker 1 should lead. */
function imbalanced(overrides: Partial<typeof settings> = {}): Cluster {
  const on = new Cluster(overrides).withBrokers(1, 2).place("topic", [1, 2], [2, 1]);
  on.heartbeat(1, { wantFence: true });
  on.heartbeat(1);
  on.replay(backInSync(on));
  assertEquals([on.partition("topic", 0).leader, on.partition("topic", 1).leader], [2, 2]);
  return on;
}

/** Both replicas of both partitions are in sync again. */
function backInSync(on: Cluster) {
  const { id } = on.image.topics.byName("topic")!;
  return [0, 1].map((partitionId) => ({
    name: "PartitionChangeRecord" as const,
    version: 2,
    value: {
      partitionId,
      topicId: id,
      isr: [1, 2],
      leader: -2,
      replicas: null,
      removingReplicas: null,
      addingReplicas: null,
      leaderRecoveryState: -1,
      directories: null,
      eligibleLeaderReplicas: [],
      lastKnownElr: null,
    },
  }));
}

Deno.test("a preferred election gives partitions back, and says where none is needed", () => {
  const on = imbalanced();
  const result = elect(on, PREFERRED, ["topic", [0, 1, 7]], ["none", [0]]);
  const unknown = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  assertEquals(result, [
    ["topic", [[0, 0], [1, errorCodes.ELECTION_NOT_NEEDED], [7, unknown]]],
    ["none", [[0, unknown]]],
  ]);
  assertEquals(on.partition("topic", 0).leader, 1);
  assertEquals(on.partition("topic", 0).leaderEpoch, 2);
});

Deno.test("for all partitions only those that needed an election are told", () => {
  const on = imbalanced();
  assertEquals(elect(on, PREFERRED), [["topic", [[0, 0]]]]);
});

Deno.test("a preferred replica that is not in sync can't be elected", () => {
  const on = new Cluster().withBrokers(1, 2).place("topic", [1, 2]);
  on.heartbeat(1, { wantFence: true });
  assertEquals(elect(on, PREFERRED, ["topic", [0]]), [
    ["topic", [[0, errorCodes.PREFERRED_LEADER_NOT_AVAILABLE]]],
  ]);
});

Deno.test("an unclean election is for partitions without a leader, and takes who runs", () => {
  const on = new Cluster().withBrokers(1, 2).place("topic", [1, 2]);
  assertEquals(elect(on, UNCLEAN, ["topic", [0]]), [
    ["topic", [[0, errorCodes.ELECTION_NOT_NEEDED]]],
  ]);
  on.heartbeat(2, { wantFence: true });
  on.heartbeat(1, { wantFence: true });
  assertEquals(elect(on, UNCLEAN, ["topic", [0]]), [
    ["topic", [[0, errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE]]],
  ]);
  on.heartbeat(2); // out of the ISR, and not eligible
  assertEquals(on.partition("topic").leader, -1);
  assertEquals(elect(on, UNCLEAN, ["topic", [0]]), [["topic", [[0, 0]]]]);
  assertEquals(on.partition("topic").leader, 2);
});

Deno.test("other kinds of elections are not known", () => {
  const on = new Cluster();
  const { errorCode } = on.ask(electLeaders, { electionType: 2, topicPartitions: null });
  assertEquals(errorCode, errorCodes.INVALID_REQUEST);
});

Deno.test("leaders are balanced from time to time, unless that is switched off", () => {
  const on = imbalanced({ brokerSessionTimeoutMs: 10 ** 9 });
  on.nowMs += 300_000;
  on.tick();
  assertEquals(on.partition("topic", 0).leader, 1);
  const off = imbalanced({ brokerSessionTimeoutMs: 10 ** 9, autoLeaderRebalanceEnable: false });
  off.nowMs += 300_000;
  off.tick();
  assertEquals(off.partition("topic", 0).leader, 2);
});

Deno.test("topics that allow it get an unclean leader from time to time", () => {
  const on = new Cluster({ brokerSessionTimeoutMs: 10 ** 9 }).withBrokers(1, 2)
    .place("topic", [1, 2]).place("careful", [1, 2]);
  on.heartbeat(2, { wantFence: true });
  on.heartbeat(1, { wantFence: true });
  on.heartbeat(2);
  const { responses } = on.ask(incrementalAlterConfigs, {
    resources: [{
      resourceType: RESOURCE_TOPIC,
      resourceName: "topic",
      configs: [{ name: "unclean.leader.election.enable", configOperation: 0, value: "true" }],
    }],
  });
  assertEquals(responses[0]!.errorCode, 0);
  on.nowMs += 300_000;
  on.tick();
  assertEquals([on.partition("topic").leader, on.partition("careful").leader], [2, -1]);
});
