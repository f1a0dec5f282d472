import { assert, assertEquals, assertRejects } from "@std/assert";
import { SeededPrng } from "../../broker/base/mod.ts";
import { ControllerDriver, ControllerError } from "../../broker/controller/mod.ts";
import { DEFAULT_LOG_SETTINGS, LogManager, silentLogger } from "../../broker/log/mod.ts";
import {
  BrokerLifecycleDriver,
  encodeRecord,
  imageToRecords,
  type MetadataImage,
  SUPPORTED_FEATURES,
} from "../../broker/metadata/mod.ts";
import { createTopics, errorCodes, make } from "../../broker/protocol/mod.ts";
import { NO_DIRECTORY, VoterSet } from "../../broker/raft/mod.ts";
import { ManualClock, settle } from "../disk/manual_clock.ts";
import { SimulatedDisk } from "../disk/simulated_disk.ts";

const CLUSTER_ID = "clusterAAAAAAAAAAAAAAA";
const LOG = "/data/__cluster_metadata-0";

/** A controller with a broker beside it, over a disk in memory. */
interface Node {
  readonly clock: ManualClock;
  readonly disk: SimulatedDisk;
  readonly logs: LogManager;
  readonly controller: ControllerDriver;
  readonly lifecycle: BrokerLifecycleDriver;
  /** What would have ended the process. */
  readonly fatal: string[];
}

/** Lets time pass until a promise settles. */
async function until<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = () => isDone = true;
  promise.then(done, done);
  for (let turn = 0; !isDone; turn++) {
    assert(turn < 10_000, "It does not end");
    await clock.advance(1);
  }
  return promise;
}

async function start(
  disk: SimulatedDisk,
  { seed = 1, bytesBetweenMax = 20_000_000 } = {},
): Promise<Node> {
  const clock = new ManualClock();
  const prng = new SeededPrng(seed);
  const fatal: string[] = [];
  const onFatal = (error: Error) => void fatal.push(error.message);
  disk.makeDirectory("/data");
  const logs = new LogManager({
    disk,
    clock,
    prng,
    directories: ["/data"],
    nodeId: 1,
    clusterId: CLUSTER_ID,
    settingsFor: () => DEFAULT_LOG_SETTINGS,
  });
  await until(clock, logs.open());
  const metadataLog = logs.openMetadataLog({
    ...DEFAULT_LOG_SETTINGS,
    maxMessageBytes: 8 * 1024 * 1024,
    retentionMs: -1,
    retentionBytes: -1,
  }, "AAAAAAAAAAAAAAAAAAAAAQ");
  const { directoryId } = logs.directories[0]!;
  const controller = await until(
    clock,
    ControllerDriver.open({
      disk,
      clock,
      prng,
      logger: silentLogger,
      settings: {
        nodeId: 1,
        clusterId: CLUSTER_ID,
        quorumNodeIds: [1],
        defaultReplicationFactor: 1,
        numPartitions: 1,
        deleteTopicEnable: true,
        minInsyncReplicas: 1,
        uncleanLeaderElectionEnable: false,
        brokerSessionTimeoutMs: 9_000,
        metadataMaxIdleIntervalMs: 500,
        autoLeaderRebalanceEnable: true,
        leaderImbalanceCheckIntervalMs: 300_000,
        uncleanLeaderElectionIntervalMs: 300_000,
      },
      rules: {
        validate: () => null,
        isList: () => false,
        defaultValue: () => null,
        topicConfigs: () => [],
      },
      endpoints: [],
      voterEndpoints: new Map(),
      raft: {
        log: metadataLog,
        self: { id: 1, directoryId },
        staticVoters: new VoterSet([{ id: 1, directoryId: NO_DIRECTORY }]),
        electionTimeoutMs: 1_000,
        fetchTimeoutMs: 2_000,
        snapshots: {
          bytesBetweenMax,
          intervalMs: 0,
          retentionBytes: 100_000_000,
          retentionMs: 604_800_000,
        },
      },
      onFatal,
    }),
  );
  const lifecycle = new BrokerLifecycleDriver({
    clock,
    logger: silentLogger,
    identity: {
      brokerId: 1,
      clusterId: CLUSTER_ID,
      incarnationId: `incarnation${seed}`.padEnd(21, "x") + "A",
      endpoints: [{ name: "PLAINTEXT", host: "localhost", port: 9092, securityProtocol: 0 }],
      features: SUPPORTED_FEATURES,
      rack: null,
      directories: [directoryId],
      previousEpoch: logs.previousBrokerEpoch,
    },
    settings: {
      heartbeatIntervalMs: 2_000,
      registrationTimeoutMs: 60_000,
      directoryFailureTimeoutMs: 30_000,
    },
    channel: (api, request, context) => controller.submit(api, request, context),
    image: () => controller.image,
    onFatal,
  });
  return { clock, disk, logs, controller, lifecycle, fatal };
}

async function stop({ clock, logs, controller, lifecycle }: Node): Promise<void> {
  if (lifecycle.state !== "not running") await until(clock, lifecycle.shutDown());
  await until(clock, controller.close());
  await until(clock, logs.close(lifecycle.brokerEpoch));
}

async function bringUp({ clock, logs, lifecycle }: Node): Promise<void> {
  await until(clock, lifecycle.start());
  await until(clock, logs.load());
  await until(clock, lifecycle.unfence());
}

async function create({ controller }: Node, name: string): Promise<number> {
  const topics = [{ name, numPartitions: 2, replicationFactor: 1 }];
  const request = make(createTopics.request, { topics });
  const response = await controller.submit(createTopics, request, { version: 7 });
  return response.topics[0]!.errorCode;
}

function names({ topics }: MetadataImage): string[] {
  return Array.from(topics, ({ name }) => name).sort();
}

/** What an image holds, to be compared. */
function content(image: MetadataImage): string[] {
  return Array.from(imageToRecords(image), (record) => encodeRecord(record).toBase64()).sort();
}

/** What a process that starts after a power cut finds. */
async function afterPowerCut(disk: SimulatedDisk, prng: SeededPrng): Promise<SimulatedDisk> {
  disk.loseUnsynced(prng);
  const left = disk.snapshot();
  disk.failLater({ times: Infinity }); // nothing of the old process gets through
  const found = new SimulatedDisk();
  for (const [path, bytes] of left) {
    found.makeDirectory(path.slice(0, path.lastIndexOf("/")));
    found.writeFile(path, bytes);
    const file = found.open(path, { write: true });
    await file.sync();
    file.close();
  }
  return found;
}

Deno.test("a node leads its quorum of one, brings its broker up, and finds all of it again", async () => {
  const disk = new SimulatedDisk();
  const first = await start(disk);
  assert(first.controller.isActive);
  await bringUp(first);
  assertEquals(await until(first.clock, create(first, "topic")), 0);
  assertEquals(await until(first.clock, create(first, "topic")), errorCodes.TOPIC_ALREADY_EXISTS);
  assertEquals(first.controller.image.topics.byName("topic")!.partitions.get(1)!.leader, 1);
  const { epoch } = first.controller.leadership;
  await stop(first);
  const expected = content(first.controller.image);

  const second = await start(disk, { seed: 2 });
  assertEquals(second.controller.leadership, { epoch: epoch + 1, leaderId: 1 });
  // All but who the controller is, which it registers anew.
  const isOwn = (record: string) => !expected.includes(record);
  assertEquals(content(second.controller.image).filter(isOwn).length <= 1, true);
  await bringUp(second);
  const led = second.controller.image.topics.byName("topic")!.partitions.get(1)!;
  assertEquals([led.leader, led.isr, led.leaderRecoveryState], [1, [1], 0]);
  await stop(second);
  assertEquals([first.fatal, second.fatal], [[], []]);
});

Deno.test("what was acknowledged survives a power cut at any moment, and nothing is half there", async () => {
  let acknowledgedCount = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const prng = new SeededPrng(seed);
    let disk = new SimulatedDisk();
    const acknowledged = new Set<string>();
    for (let run = 0; run < 3; run++) {
      const node = await start(disk, { seed: seed * 10 + run, bytesBetweenMax: 2_000 });
      assertEquals(
        names(node.controller.image).filter((name) => acknowledged.has(name)),
        [...acknowledged].sort(),
        `seed ${seed}, run ${run}`,
      );
      for (const { partitions } of node.controller.image.topics) assertEquals(partitions.size, 2);
      await bringUp(node);
      const isCut = { yet: false };
      for (let topic = 0; topic < 8; topic++) {
        const name = `run${run}-${topic}`;
        create(node, name).then((errorCode) => {
          if (errorCode === 0 && !isCut.yet) acknowledged.add(name);
        }, () => {});
        for (let turn = prng.uint32() % 30; turn > 0; turn--) await Promise.resolve();
      }
      for (let turn = prng.uint32() % 60; turn > 0; turn--) await Promise.resolve();
      isCut.yet = true;
      disk = await afterPowerCut(disk, prng);
      await settle();
    }
    acknowledgedCount += acknowledged.size;
  }
  assert(acknowledgedCount > 500, `${acknowledgedCount} topics were acknowledged`);
});

Deno.test("snapshots take over from the log, and a damaged one is passed over", async () => {
  const disk = new SimulatedDisk();
  const first = await start(disk, { bytesBetweenMax: 1_000 });
  await bringUp(first);
  for (let topic = 0; topic < 30; topic++) {
    await until(first.clock, create(first, `topic${topic}`));
  }
  await stop(first);
  const snapshots = disk.list(LOG).filter((name) => name.endsWith(".checkpoint"));
  assert(snapshots.length > 2, `${snapshots}`);
  disk.corrupt(`${LOG}/${snapshots.at(-1)}`, 200);
  const second = await start(disk, { seed: 2 });
  assertEquals(names(second.controller.image), names(first.controller.image));
  await stop(second);
});

Deno.test("fifteen thousand partitions are found again, and led again, after a power cut", async () => {
  const first = await start(new SimulatedDisk());
  await bringUp(first);
  for (const name of ["one", "two", "three"]) {
    const topics = [{ name, numPartitions: 5_000, replicationFactor: 1 }];
    const request = make(createTopics.request, { topics });
    await until(first.clock, first.controller.submit(createTopics, request, { version: 7 }));
  }
  const disk = await afterPowerCut(first.disk, new SeededPrng(1));
  const second = await start(disk, { seed: 2 });
  await bringUp(second);
  assertEquals(names(second.controller.image), ["one", "three", "two"]);
  const { partitions } = second.controller.image.topics.byName("three")!;
  assertEquals(Array.from(partitions.values(), ({ leader }) => leader), Array(5_000).fill(1));
  await stop(second);
});

Deno.test("a full disk costs the request and the lead, and both come back", async () => {
  const node = await start(new SimulatedDisk());
  const { clock, controller, disk } = node;
  await bringUp(node);
  await until(clock, create(node, "before"));
  const { epoch } = controller.leadership;
  disk.failLater({ kind: "no-space", operations: ["write"], times: 1 });
  const refused = assertRejects(() => create(node, "lost"), ControllerError, "NOT_CONTROLLER");
  await until(clock, refused);
  await clock.advance(5_000);
  assert(controller.isActive);
  assert(controller.leadership.epoch > epoch);
  assertEquals(names(controller.image), ["before"]);
  assertEquals(await until(clock, create(node, "after")), 0);
  await stop(node);
  const again = await start(disk, { seed: 2 });
  assertEquals(names(again.controller.image), ["after", "before"]);
  assertEquals(node.fatal, []);
  await stop(again);
});

Deno.test("a log that can't be synced ends the node, for nobody knows what it holds", async () => {
  const node = await start(new SimulatedDisk());
  await bringUp(node);
  node.disk.failLater({ operations: ["sync"], times: Infinity });
  await until(node.clock, assertRejects(() => create(node, "lost"), ControllerError));
  assertEquals(node.fatal.length, 1, node.fatal.join());
  assertEquals(names(node.controller.image), []);
});
