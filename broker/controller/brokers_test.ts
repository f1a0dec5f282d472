import { assertEquals } from "@std/assert";
import {
  allocateProducerIds,
  assignReplicasToDirs,
  controllerRegistration,
  errorCodes,
  unregisterBroker,
  unregisterController,
} from "../protocol/mod.ts";
import { BrokerLifecycle, RECOVERING, SUPPORTED_FEATURES } from "../metadata/mod.ts";
import { changes, Cluster, CLUSTER_ID, directory } from "./harness_test.ts";

const otherIncarnation = "anotherIncarnationxxxA";

Deno.test("a registration gets the offset of its record as its epoch, and is fenced", () => {
  const cluster = new Cluster();
  const epoch = cluster.nextOffset;
  assertEquals(cluster.register(1), { throttleTimeMs: 0, errorCode: 0, brokerEpoch: epoch });
  const broker = cluster.image.brokers.get(1)!;
  assertEquals(broker.epoch, epoch);
  assertEquals(broker.fenced, true);
  assertEquals(broker.directories, [directory(1)]);
});

Deno.test("the same incarnation may amend its registration and keeps its epoch and state", () => {
  const cluster = new Cluster().withBrokers(1);
  const { epoch } = cluster.image.brokers.get(1)!;
  assertEquals(cluster.register(1, { rack: "a" }).brokerEpoch, epoch);
  const amended = cluster.image.brokers.get(1)!;
  assertEquals([amended.rack, amended.fenced], ["a", false]);
});

Deno.test("another incarnation is refused while the session of the one before lasts", () => {
  const cluster = new Cluster().withBrokers(1, 2);
  const again = () => cluster.register(2, { incarnationId: otherIncarnation }).errorCode;
  assertEquals(again(), errorCodes.DUPLICATE_BROKER_REGISTRATION);
  cluster.nowMs += 9_000;
  assertEquals(again(), errorCodes.DUPLICATE_BROKER_REGISTRATION);
  cluster.nowMs += 1;
  assertEquals(again(), 0);
  assertEquals(cluster.image.brokers.get(2)!.fenced, true);
});

Deno.test("registrations that can't be true are refused", () => {
  const cluster = new Cluster().withBrokers(1);
  const refused = (fields: Parameters<Cluster["register"]>[1]) =>
    cluster.register(2, fields).errorCode;
  const { INCONSISTENT_CLUSTER_ID, INVALID_REGISTRATION, UNSUPPORTED_VERSION } = errorCodes;
  assertEquals(refused({ clusterId: "another" }), INCONSISTENT_CLUSTER_ID);
  assertEquals(refused({ logDirs: [] }), INVALID_REGISTRATION);
  assertEquals(refused({ logDirs: [directory(2), directory(2)] }), INVALID_REGISTRATION);
  assertEquals(refused({ logDirs: ["AAAAAAAAAAAAAAAAAAAAAA"] }), INVALID_REGISTRATION);
  assertEquals(refused({ logDirs: [directory(1)] }), INVALID_REGISTRATION); // of broker 1
  assertEquals(refused({ features: [] }), INVALID_REGISTRATION);
  const old = SUPPORTED_FEATURES.map((feature) => ({ ...feature, maxSupportedVersion: 7 }));
  assertEquals(refused({ features: old }), UNSUPPORTED_VERSION);
  assertEquals(refused({ isMigratingZkBroker: true }), errorCodes.BROKER_ID_NOT_REGISTERED);
  assertEquals(cluster.image.brokers.has(2), false);
});

Deno.test("a broker is unfenced once it has replayed its registration", () => {
  const cluster = new Cluster();
  const { brokerEpoch } = cluster.register(1);
  const behind = cluster.heartbeat(1, { currentMetadataOffset: brokerEpoch - 1 });
  assertEquals([behind.isCaughtUp, behind.isFenced], [false, true]);
  const waiting = cluster.heartbeat(1, { currentMetadataOffset: brokerEpoch, wantFence: true });
  assertEquals([waiting.isCaughtUp, waiting.isFenced], [true, true]);
  const ready = cluster.heartbeat(1, { currentMetadataOffset: brokerEpoch });
  assertEquals(ready, {
    throttleTimeMs: 0,
    errorCode: 0,
    isCaughtUp: true,
    isFenced: false,
    shouldShutDown: false,
  });
  assertEquals(cluster.image.brokers.get(1)!.fenced, false);
});

Deno.test("a heartbeat under another epoch is stale", () => {
  const cluster = new Cluster().withBrokers(1);
  const stale = cluster.heartbeat(1, { brokerEpoch: 0 });
  assertEquals([stale.errorCode, stale.isFenced], [errorCodes.STALE_BROKER_EPOCH, true]);
});

Deno.test("a broker that is not heard of for a session is fenced, and its partitions move", () => {
  const cluster = new Cluster({ metadataMaxIdleIntervalMs: 0 }).withBrokers(1, 2)
    .place("moves", [2, 1]).place("waits", [2]);
  for (let beat = 0; beat < 5; beat++) {
    cluster.nowMs += 2_000;
    cluster.heartbeat(1);
    cluster.tick();
  }
  assertEquals(cluster.image.brokers.get(2)!.fenced, true);
  assertEquals(cluster.image.brokers.get(1)!.fenced, false);
  assertEquals(cluster.partition("moves").leader, 1);
  assertEquals(cluster.partition("moves").isr, [1]);
  assertEquals(cluster.partition("waits").leader, -1);
  cluster.heartbeat(2);
  assertEquals(cluster.partition("waits").leader, 2); // back with the ELR
});

Deno.test("a controlled shutdown moves leaders first and lets go when all others know", () => {
  const cluster = new Cluster().withBrokers(1, 2).place("topic", [2, 1]);
  const asking = cluster.heartbeat(2, { wantShutDown: true });
  assertEquals([asking.shouldShutDown, asking.isFenced], [false, false]);
  assertEquals(cluster.image.brokers.get(2)!.inControlledShutdown, true);
  assertEquals(cluster.partition("topic").leader, 1);
  const movedAt = cluster.nextOffset - 1;
  cluster.heartbeat(1, { currentMetadataOffset: movedAt - 1 });
  assertEquals(cluster.heartbeat(2, { wantShutDown: true }).shouldShutDown, false);
  cluster.heartbeat(1, { currentMetadataOffset: movedAt });
  const gone = cluster.heartbeat(2, { wantShutDown: true });
  assertEquals([gone.shouldShutDown, gone.isFenced], [true, true]);
  assertEquals(cluster.image.brokers.get(2)!.fenced, true);
});

Deno.test("brokers that stop take no new partitions", () => {
  const cluster = new Cluster().withBrokers(1, 2).place("topic", [2, 1]);
  cluster.heartbeat(2, { wantShutDown: true });
  const result = cluster.createTopic("two", { replicationFactor: 2 });
  assertEquals(result.errorCode, errorCodes.INVALID_REPLICATION_FACTOR);
});

Deno.test("a broker that did not stop cleanly loses its place in the ISR and among the eligible (KIP-966)", () => {
  const cluster = new Cluster().withBrokers(1).place("topic", [1]);
  const { epoch } = cluster.image.brokers.get(1)!;
  cluster.nowMs += 10_000;
  cluster.register(1, { incarnationId: otherIncarnation, previousBrokerEpoch: -1 });
  assertEquals(cluster.partition("topic").isr, []);
  assertEquals(cluster.partition("topic").elr, []);
  assertEquals(cluster.partition("topic").lastKnownElr, [1]);
  cluster.heartbeat(1);
  const led = cluster.partition("topic");
  assertEquals([led.leader, led.leaderRecoveryState], [1, RECOVERING]);

  const clean = new Cluster().withBrokers(1).place("topic", [1]);
  clean.nowMs += 10_000;
  clean.register(1, { incarnationId: otherIncarnation, previousBrokerEpoch: epoch });
  assertEquals(clean.partition("topic").elr, [1]);
  clean.heartbeat(1);
  assertEquals(clean.partition("topic").leaderRecoveryState, 0);
});

Deno.test("a directory that fails takes its replicas out of the ISR", () => {
  const second = "directory1bxxxxxxxxxxA";
  const cluster = new Cluster();
  cluster.register(1, { logDirs: [directory(1), second] });
  cluster.heartbeat(1);
  cluster.withBrokers(2);
  cluster.place("topic", [1, 2]).place("other", [1, 2]);
  const { epoch } = cluster.image.brokers.get(1)!;
  for (const [name, id] of [["topic", second], ["other", directory(1)]] as const) {
    const { id: topicId } = cluster.image.topics.byName(name)!;
    const response = cluster.ask(assignReplicasToDirs, {
      brokerId: 1,
      brokerEpoch: epoch,
      directories: [{ id, topics: [{ topicId, partitions: [{ partitionIndex: 0 }] }] }],
    });
    assertEquals(response.directories[0]!.topics[0]!.partitions[0]!.errorCode, 0);
  }
  assertEquals(cluster.partition("topic").directories, [second, directory(2)]);
  cluster.heartbeat(1, { offlineLogDirs: [second] });
  assertEquals(cluster.image.brokers.get(1)!.directories, [directory(1)]);
  assertEquals(cluster.partition("topic").leader, 2);
  assertEquals(cluster.partition("other").leader, 1);
});

Deno.test("cordoned directories are kept and take no new replicas (KIP-1066)", () => {
  const cluster = new Cluster().withBrokers(1);
  cluster.heartbeat(1, { cordonedLogDirs: [directory(1)] });
  assertEquals(cluster.image.brokers.get(1)!.cordonedDirectories, [directory(1)]);
  assertEquals(cluster.createTopic("topic").errorCode, errorCodes.INVALID_REPLICATION_FACTOR);
  const before = cluster.nextOffset;
  cluster.heartbeat(1, { cordonedLogDirs: [directory(1)] });
  assertEquals(cluster.nextOffset, before); // nothing new
  cluster.heartbeat(1, { cordonedLogDirs: [] });
  assertEquals(cluster.createTopic("topic").errorCode, 0);
});

Deno.test("an unregistered broker is forgotten, with all its places", () => {
  const cluster = new Cluster().withBrokers(1, 2).place("topic", [2, 1]);
  const answer = cluster.ask(unregisterBroker, { brokerId: 2 });
  assertEquals(answer.errorCode, 0);
  assertEquals(cluster.image.brokers.has(2), false);
  assertEquals(cluster.partition("topic").isr, [1]);
  const unknown = cluster.ask(unregisterBroker, { brokerId: 2 });
  assertEquals(unknown.errorCode, errorCodes.BROKER_ID_NOT_REGISTERED);
});

Deno.test("controllers come and go", () => {
  const cluster = new Cluster();
  const registered = cluster.ask(controllerRegistration, {
    controllerId: 1,
    incarnationId: otherIncarnation,
    listeners: [{ name: "CONTROLLER", host: "localhost", port: 9093, securityProtocol: 0 }],
    features: [],
  });
  assertEquals(registered.errorCode, 0);
  assertEquals(cluster.image.controllers.get(1)!.endpoints[0]!.port, 9093);
  assertEquals(cluster.ask(unregisterController, { controllerId: 1 }).errorCode, 0);
  assertEquals(
    cluster.ask(unregisterController, { controllerId: 1 }).errorCode,
    errorCodes.CONTROLLER_ID_NOT_REGISTERED,
  );
});

Deno.test("producer ids come in blocks of a thousand, to brokers of the present epoch", () => {
  const cluster = new Cluster().withBrokers(1, 2);
  const ask = (brokerId: number, brokerEpoch = cluster.image.brokers.get(brokerId)!.epoch) =>
    cluster.ask(allocateProducerIds, { brokerId, brokerEpoch });
  assertEquals(ask(1), {
    throttleTimeMs: 0,
    errorCode: 0,
    producerIdStart: 0,
    producerIdLen: 1_000,
  });
  assertEquals(ask(2).producerIdStart, 1_000);
  assertEquals(ask(1).producerIdStart, 2_000);
  assertEquals(cluster.image.nextProducerId, 3_000);
  assertEquals(ask(1, 0).errorCode, errorCodes.STALE_BROKER_EPOCH);
});

Deno.test("a broker's own side and the controller bring it up, and down again", () => {
  const cluster = new Cluster();
  const life = new BrokerLifecycle({
    brokerId: 1,
    clusterId: CLUSTER_ID,
    incarnationId: otherIncarnation,
    endpoints: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
    features: SUPPORTED_FEATURES,
    rack: null,
    directories: [directory(1)],
    previousEpoch: -1,
  }, {
    heartbeatIntervalMs: 2_000,
    registrationTimeoutMs: 60_000,
    directoryFailureTimeoutMs: 30_000,
  });
  const states: string[] = [];
  /** Exchanges messages until a state is reached. */
  const until = (state: string) => {
    while (life.state !== state) {
      cluster.nowMs = Math.max(cluster.nowMs, life.deadlineMs);
      const due = life.takeRequest(cluster.nowMs, {
        metadataOffset: cluster.nextOffset - 1,
        tellsCordoned: true,
      })!;
      const response = due.kind === "registration"
        ? { kind: "registered", response: cluster.register(1, due.request) } as const
        : { kind: "heartbeat answered", response: cluster.heartbeat(1, due.request) } as const;
      life.step(response, cluster.nowMs);
      const broker = cluster.image.brokers.get(1)!;
      states.push(`${life.state}: ${broker.fenced ? "fenced" : "unfenced"}`);
    }
  };
  life.step({ kind: "start" }, cluster.nowMs);
  until("recovery");
  life.step({ kind: "ready" }, cluster.nowMs);
  until("running");
  cluster.place("topic", [1]);
  life.step({ kind: "begin controlled shutdown" }, cluster.nowMs);
  until("shutting down");
  assertEquals(states, [
    "starting: fenced",
    "recovery: fenced",
    "running: unfenced",
    "pending controlled shutdown: unfenced",
    "shutting down: fenced",
  ]);
  const changed = cluster.log.filter(({ name }) => name === "PartitionChangeRecord").map(changes);
  assertEquals(changed.length, 1);
  assertEquals(changed[0], {
    isr: [],
    leader: -1,
    eligibleLeaderReplicas: [1],
    lastKnownElr: [1],
  });
});
