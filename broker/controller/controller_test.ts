import { assertEquals } from "@std/assert";
import { SeededPrng } from "../base/mod.ts";
import {
  alterPartition,
  alterPartitionReassignments,
  createPartitions,
  deleteTopics,
  describeQuorum as describeQuorumApi,
  electLeaders,
  errorCodes,
  incrementalAlterConfigs,
  make,
  unregisterBroker,
  updateFeatures,
} from "../protocol/mod.ts";
import {
  bootstrapRecords,
  encodeRecord,
  imageToRecords,
  type MetadataRecord,
  metadataRecord,
  MetadataState,
  NO_PROVENANCE,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";
import { Controller } from "./controller.ts";
import { describeQuorum } from "./describe_quorum.ts";
import { Cluster, rules, settings } from "./harness_test.ts";
import { Indexes } from "./indexes.ts";
import { elrEnabled } from "./view.ts";

function controller(): Controller {
  return new Controller({
    settings,
    rules,
    prng: new SeededPrng(1),
    bootstrap: bootstrapRecords(),
    kraftVersion: 0,
  });
}

const batch = (baseOffset: number, records: readonly MetadataRecord[]) => ({
  baseOffset,
  epoch: 1,
  timestampMs: 0,
  records,
});

/** Records in short. */
function brief(records: readonly MetadataRecord[]): string[] {
  return records.map(({ name, value }) => {
    switch (name) {
      case "FeatureLevelRecord":
        return `${value.name} ${value.featureLevel}`;
      case "ConfigRecord":
        return `config ${value.resourceType}/${value.resourceName} ${value.name}=${value.value}`;
      default:
        return name;
    }
  });
}

Deno.test("an empty log begins with the bootstrap records in a transaction, as Kafka's does", () => {
  const { records, isAtomic } = controller().activate(0);
  assertEquals(isAtomic, false);
  assertEquals(brief(records), [
    "BeginTransactionRecord",
    "metadata.version 33",
    "eligible.leader.replicas.version 1",
    "group.version 1",
    "share.version 2",
    "streams.version 1",
    "transaction.version 2",
    "config 4/ min.insync.replicas=1",
    "EndTransactionRecord",
  ]);
});

Deno.test("a bootstrap that was cut short is undone and begun again", () => {
  const first = controller();
  const { records } = first.activate(0);
  const second = controller();
  second.replay(batch(1, records.slice(0, 4)));
  assertEquals(brief(second.activate(0).records).slice(0, 3), [
    "AbortTransactionRecord",
    "BeginTransactionRecord",
    "metadata.version 33",
  ]);
});

Deno.test("a log that has begun is not begun again; an open transaction is undone", () => {
  const next = controller();
  next.replay(batch(1, controller().activate(0).records));
  assertEquals(next.activate(0).records, []);
  next.deactivate();
  next.replay(batch(20, [metadataRecord("BeginTransactionRecord", 0, { name: "open" })]));
  assertEquals(brief(next.activate(0).records), ["AbortTransactionRecord"]);
});

Deno.test("a NoOpRecord shows each idle interval that the log goes on (KIP-835)", () => {
  const on = new Cluster();
  assertEquals(on.controller.deadlineMs, on.nowMs + 500);
  assertEquals(on.tick(), []);
  on.nowMs += 500;
  assertEquals(brief(on.tick()), ["NoOpRecord"]);
  assertEquals(on.tick(), []);
  assertEquals(new Cluster({ metadataMaxIdleIntervalMs: 0 }).controller.deadlineMs, 1_000 + 1_125);
});

Deno.test("features are raised and lowered for all nodes or for none", () => {
  const on = new Cluster().withBrokers(1);
  const ask = (feature: string, maxVersionLevel: number, upgradeType = 1, validateOnly = false) =>
    on.ask(updateFeatures, {
      featureUpdates: [{ feature, maxVersionLevel, upgradeType }],
      validateOnly,
    }).errorCode;
  const refused = errorCodes.INVALID_UPDATE_VERSION;
  assertEquals(ask("group.version", 0), refused); // an upgrade goes up
  assertEquals(ask("group.version", 0, 2, true), 0);
  assertEquals(on.image.features.levels.get("group.version"), 1);
  assertEquals(ask("group.version", 0, 2), 0);
  assertEquals(on.image.features.levels.get("group.version"), undefined);
  assertEquals(ask("group.version", 1), 0);
  assertEquals(ask("group.version", 9), refused);
  assertEquals(ask("nonsense", 1), refused);
  assertEquals(ask("group.version", -1), refused);
  assertEquals(ask("group.version", 1, 7), refused);
  assertEquals(ask("metadata.version", 34), refused);
  assertEquals(ask("metadata.version", 30, 2), refused); // would lose metadata
  assertEquals(ask("kraft.version", 0), 0); // it is so
  assertEquals(ask("kraft.version", 1), refused);
  const { results } = on.ask(updateFeatures, {
    featureUpdates: [{ feature: "group.version", maxVersionLevel: 1, upgradeType: 1 }],
  }, 1);
  assertEquals(results, [{ feature: "group.version", errorCode: 0, errorMessage: "NONE" }]);
});

Deno.test("switching eligible leader replicas on settles min.insync.replicas for the cluster", () => {
  const on = new Cluster({ minInsyncReplicas: 2 }).withBrokers(1);
  const name = "eligible.leader.replicas.version";
  const level = (maxVersionLevel: number, upgradeType: number) =>
    on.decide(updateFeatures, {
      featureUpdates: [{ feature: name, maxVersionLevel, upgradeType }],
    });
  assertEquals(brief(level(0, 2).records), [`${name} 0`]);
  assertEquals(elrEnabled(on.image), false);
  on.replay([metadataRecord("ConfigRecord", 0, {
    resourceType: 4,
    resourceName: "1",
    name: "min.insync.replicas",
    value: "3",
  })]);
  assertEquals(brief(level(1, 1).records), [
    "config 4/1 min.insync.replicas=null",
    `${name} 1`,
  ]);
});

Deno.test("the quorum is described to who asks for the metadata partition", () => {
  const state = {
    leaderId: 1,
    leaderEpoch: 3,
    highWatermark: 10,
    logEndOffset: 11,
    voters: [{ id: 1, directoryId: "directory1xxxxxxxxxxxA" }],
    endpoints: new Map([[1, [{ name: "C", host: "h", port: 9, securityProtocol: 0 }]]]),
  };
  const ask = (topicName: string, partitionIndex: number) =>
    describeQuorum(
      state,
      make(describeQuorumApi.request, {
        topics: [{ topicName, partitions: [{ partitionIndex }] }],
      }),
      500,
    );
  const { topics, nodes } = ask("__cluster_metadata", 0);
  assertEquals(topics[0]!.partitions[0], {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: topics[0]!.partitions[0]!.errorMessage,
    leaderId: 1,
    leaderEpoch: 3,
    highWatermark: 10,
    currentVoters: [{
      replicaId: 1,
      replicaDirectoryId: "directory1xxxxxxxxxxxA",
      logEndOffset: 11,
      lastFetchTimestamp: 500,
      lastCaughtUpTimestamp: 500,
    }],
    observers: [],
  });
  assertEquals(nodes, [{ nodeId: 1, listeners: [{ name: "C", host: "h", port: 9 }] }]);
  for (const [topic, partition] of [["other", 0], ["__cluster_metadata", 1]] as const) {
    const [answer] = ask(topic, partition).topics;
    assertEquals(answer!.partitions[0]!.errorCode, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  }
});

/** One request of many kinds, good or bad, by chance. */
function anything(on: Cluster, prng: SeededPrng): void {
  const pick = (limit: number) => prng.uint32() % limit;
  const broker = 1 + pick(4);
  const name = `topic${pick(6)}`;
  const isKnown = on.image.brokers.has(broker);
  const replicas = [1, 2, 3, 4].filter(() => pick(2) === 0).sort(() => pick(3) - 1);
  switch (pick(12)) {
    case 0:
    case 1:
      return void on.createTopic(name, {
        numPartitions: 1 + pick(3),
        replicationFactor: 1 + pick(3),
      });
    case 2:
      return void on.ask(deleteTopics, { topics: [{ name }] });
    case 3:
      return void on.ask(createPartitions, { topics: [{ name, count: 1 + pick(5) }] });
    case 4: {
      const [option, value] = [["retention.ms", `${pick(9)}`], [
        "min.insync.replicas",
        "2",
      ]][pick(2)]!;
      const configs = [{ name: option!, configOperation: pick(2), value: value! }];
      return void on.ask(incrementalAlterConfigs, {
        resources: [{ resourceType: RESOURCE_TOPIC, resourceName: name, configs }],
      });
    }
    case 5:
      on.nowMs += 10_000;
      return void on.register(broker, {
        incarnationId: `incarnation${broker}${pick(10)}`.padEnd(21, "x") + "A",
        previousBrokerEpoch: pick(2) === 0 ? -1 : on.image.brokers.get(broker)?.epoch ?? -1,
        rack: `${pick(2)}`,
      });
    case 6:
    case 7:
      if (isKnown) {
        on.heartbeat(broker, { wantFence: pick(3) === 0, wantShutDown: pick(4) === 0 });
      }
      return;
    case 8:
      return void on.ask(electLeaders, { electionType: pick(2), topicPartitions: null });
    case 9:
      return void on.ask(alterPartitionReassignments, {
        topics: [{
          name,
          partitions: [{ partitionIndex: 0, replicas: pick(3) === 0 ? null : replicas }],
        }],
      });
    case 10: {
      const topic = on.image.topics.byName(name);
      const partition = topic?.partitions.get(0);
      if (topic === undefined || partition === undefined || partition.leader < 0) return;
      const { leader, leaderEpoch, partitionEpoch } = partition;
      return void on.ask(alterPartition, {
        brokerId: leader,
        brokerEpoch: on.image.brokers.get(leader)!.epoch,
        topics: [{
          topicId: topic.id,
          partitions: [{
            partitionIndex: 0,
            leaderEpoch,
            partitionEpoch,
            newIsrWithEpochs: [...new Set([leader, ...replicas])].map((brokerId) => ({
              brokerId,
              brokerEpoch: -1,
            })),
          }],
        }],
      });
    }
    default:
      if (pick(8) === 0) on.ask(unregisterBroker, { brokerId: broker });
      on.nowMs += 700;
      on.tick();
  }
}

/** What holds of every partition, whatever was decided. */
function assertSound(on: Cluster): void {
  for (const { name, partitions } of on.image.topics) {
    for (const [id, partition] of partitions) {
      const { replicas, isr, elr, leader, directories } = partition;
      const where = `${name}-${id} ${JSON.stringify(partition)}`;
      assertEquals(new Set(replicas).size, replicas.length, where);
      assertEquals(directories.length, replicas.length, where);
      assertEquals([...isr, ...elr].every((member) => replicas.includes(member)), true, where);
      assertEquals(new Set([...isr, ...elr]).size, isr.length + elr.length, where);
      assertEquals(leader === -1 || isr.includes(leader), true, where);
      // Who leads is registered and may lead.
      const broker = on.image.brokers.get(leader);
      assertEquals(leader === -1 || (broker !== undefined && !broker.fenced), true, where);
    }
  }
}

Deno.test("whatever is asked, partitions stay sound, and replay and snapshot give the same state", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const prng = new SeededPrng(seed);
    const on = new Cluster({ uncleanLeaderElectionEnable: seed % 3 === 0 }).withBrokers(1, 2, 3);
    for (let step = 0; step < 120; step++) {
      anything(on, prng);
      assertSound(on);
    }
    const text = (records: Iterable<MetadataRecord>) =>
      Array.from(records, (record) => encodeRecord(record).toBase64());
    const expected = text(imageToRecords(on.image)).sort();
    const replayed = new MetadataState();
    replayed.replay(batch(1, on.log));
    assertEquals(text(imageToRecords(replayed.head)).sort(), expected, `seed ${seed}`);
    const loaded = new MetadataState();
    loaded.loadSnapshot(imageToRecords(on.image), NO_PROVENANCE);
    assertEquals(text(imageToRecords(loaded.head)).sort(), expected, `seed ${seed}`);
    // What the controller keeps beside the image is what it would build from the image.
    const kept = on.controller.view(on.nextOffset, on.nowMs).indexes;
    const built = new Indexes(on.image);
    for (const id of [-1, 1, 2, 3, 4]) {
      for (const name of ["isr", "elr", "leaders"] as const) {
        assertEquals(sorted(kept[name].of(id)), sorted(built[name].of(id)), `seed ${seed} ${name}`);
      }
    }
    assertEquals(sorted(kept.reassigning), sorted(built.reassigning));
    assertEquals(sorted(kept.imbalanced), sorted(built.imbalanced));
  }
});

function sorted(partitions: Iterable<{ topicId: string; partitionId: number }>): string[] {
  return Array.from(partitions, ({ topicId, partitionId }) => `${topicId} ${partitionId}`).sort();
}
