import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ManualClock, settle } from "../../tests/disk/manual_clock.ts";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import {
  batch,
  offsetsFrom,
  produce,
  range,
  settings,
  TOPIC_ID,
} from "../../tests/disk/test_log.ts";
import { SeededPrng, systemClock, systemDisk } from "../base/mod.ts";
import { errorName } from "../protocol/errors.ts";
import { DataDirectoryError } from "./data_directory.ts";
import { type LogLogger, silentLogger } from "./log_environment.ts";
import { DEFAULT_LOG_TASK_SETTINGS, LogManager, type LogManagerOptions } from "./log_manager.ts";
import type { LogSettings } from "./settings.ts";
import { FileFormatError } from "./small_file.ts";

const OTHER_ID = "ZZZZZZZZZZZZZZZZZZZZZA";

interface World {
  readonly disk: SimulatedDisk;
  readonly clock: ManualClock;
  readonly told: string[];
  /** What was logged as information. */
  readonly informed: string[];
  readonly topics: Map<string, Partial<LogSettings>>;
  manager(options?: Partial<LogManagerOptions>): LogManager;
  open(options?: Partial<LogManagerOptions>): Promise<LogManager>;
}

function world(): World {
  const clock = new ManualClock();
  const disk = new SimulatedDisk(() => clock.nowMs());
  const told: string[] = [];
  const tell = (message: string) => told.push(message);
  const informed: string[] = [];
  const info = (message: string) => informed.push(message);
  const logger: LogLogger = { ...silentLogger, info, warn: tell, error: tell };
  const topics = new Map<string, Partial<LogSettings>>();
  let seed = 1;
  const manager = (options: Partial<LogManagerOptions> = {}) =>
    new LogManager({
      disk,
      clock,
      prng: new SeededPrng(seed++),
      logger,
      directories: ["/data"],
      nodeId: 1,
      settingsFor: (topic) => settings(topics.get(topic)),
      ...options,
    });
  const open = async (options: Partial<LogManagerOptions> = {}) => {
    const made = manager(options);
    await made.open();
    await made.load();
    return made;
  };
  return { disk, clock, told, informed, topics, manager, open };
}

const text = (disk: SimulatedDisk, path: string) => new TextDecoder().decode(disk.readFile(path));

Deno.test("a new directory is formatted, and belongs to its node and cluster from then on", async () => {
  const w = world();
  const first = await w.open();
  assert(/^[A-Za-z0-9_-]{22}$/.test(first.clusterId));
  assertEquals(first.previousBrokerEpoch, -1);
  await first.close(7);
  const again = await w.open({ clusterId: first.clusterId });
  assertEquals(again.clusterId, first.clusterId);
  assertEquals(again.previousBrokerEpoch, 7);
  await again.close();
  const known = await w.open({ newClusterId: "chosen" });
  assertEquals(known.clusterId, first.clusterId, "an id for a new cluster only");
  await known.close();
  const chosen = await w.open({ directories: ["/new"], newClusterId: "chosen" });
  assertEquals(chosen.clusterId, "chosen");
  await chosen.close();
  const refuse = async (options: Partial<LogManagerOptions>, message: string) => {
    await assertRejects(() => w.manager(options).open(), DataDirectoryError, message);
  };
  await refuse({ nodeId: 2 }, "Cannot use /data: it belongs to node 1, this is node 2");
  await refuse({ clusterId: "other" }, `it belongs to cluster ${first.clusterId}`);
  w.disk.writeFile("/data/meta.properties", new TextEncoder().encode("version=2\n"));
  await refuse({}, "version is 2, known is 1");
});

Deno.test("a second broker on a directory is refused, in another process or this one", async () => {
  const w = world();
  const first = await w.open();
  await assertRejects(() => w.manager().open(), DataDirectoryError, "another broker is running");
  await first.close();
  assertEquals(w.disk.stat("/data/.lock"), null, "gone after a clean stop");
  await (await w.open()).close();
});

Deno.test("a directory that can't be written, or holds logs of nobody, gives one clear sentence", async () => {
  const readOnly = world();
  readOnly.disk.failLater({ kind: "read-only", operations: ["makeDirectory"] });
  await assertRejects(() => readOnly.manager().open(), DataDirectoryError, "read-only");
  const foreign = world();
  foreign.disk.makeDirectory("/data/topic-0");
  await assertRejects(() => foreign.manager().open(), DataDirectoryError, "topic-0");
  const file = world();
  file.disk.writeFile("/data", new Uint8Array(0));
  await assertRejects(() => file.manager().open(), DataDirectoryError, "not a directory");
});

Deno.test("logs are made, found, and there again after a clean stop, with their offsets", async () => {
  const w = world();
  const manager = await w.open();
  const log = manager.create("t", 2, TOPIC_ID);
  assertEquals(manager.get("t", 2), log);
  assertEquals(manager.create("t", 2, TOPIC_ID), log);
  assertEquals([manager.get("t", 0), manager.get("u", 2)], [null, null]);
  assertThrows(() => manager.create("t", 2, OTHER_ID), FileFormatError, OTHER_ID);
  produce(log, batch(10));
  log.advanceHighWatermark(10);
  log.deleteRecordsBefore(3);
  await manager.close(5);
  assertEquals(text(w.disk, "/data/recovery-point-offset-checkpoint"), "0\n1\nt 2 10\n");
  assertEquals(text(w.disk, "/data/replication-offset-checkpoint"), "0\n1\nt 2 10\n");
  assertEquals(text(w.disk, "/data/log-start-offset-checkpoint"), "0\n1\nt 2 3\n");
  assertEquals(text(w.disk, "/data/.kafka_cleanshutdown"), '{"version":0,"brokerEpoch":5}');
  const again = await w.open();
  const found = again.get("t", 2)!;
  assertEquals([found.topicId, found.logStartOffset, found.highWatermark, found.recoveryPoint], [
    TOPIC_ID,
    3,
    10,
    10,
  ]);
  assertEquals(offsetsFrom(found, 3), range(3, 10));
  assertEquals(w.disk.stat("/data/.kafka_cleanshutdown"), null, "a crash is a crash again");
});

Deno.test("after a crash logs are recovered, and high watermarks come from the last checkpoint", async () => {
  const w = world();
  const manager = await w.open();
  const log = manager.create("t", 0, TOPIC_ID);
  produce(log, batch(10));
  log.advanceHighWatermark(6);
  await manager.writeCheckpoints();
  log.advanceHighWatermark(10);
  w.disk.releaseAll();
  const again = await w.open();
  const found = again.get("t", 0)!;
  assertEquals([found.logEndOffset, found.highWatermark], [10, 6]);
});

Deno.test("recovery is told of in one line, and nothing after a clean stop or a first start", async () => {
  const w = world();
  const manager = await w.open();
  for (const partition of [0, 1, 2]) produce(manager.create("t", partition, TOPIC_ID), batch(10));
  assertEquals(w.informed, []);
  w.disk.releaseAll();
  const path = "/data/t-1/00000000000000000000.log";
  const bytes = w.disk.readFile(path);
  w.disk.writeFile(path, bytes.subarray(0, bytes.length - 1));
  const again = await w.open();
  assertEquals(w.informed, [
    `Recovered 3 logs in 0 ms: checked 3 segments, cut ${bytes.length - 1} bytes off 1 of them`,
  ]);
  w.informed.length = 0;
  await again.close();
  await (await w.open()).close();
  assertEquals(w.informed, []);
});

Deno.test("a deleted log is gone at once, its files after the delay, and its name is free", async () => {
  const w = world();
  w.topics.set("t", { fileDeleteDelayMs: 1_000 });
  const manager = await w.open();
  produce(manager.create("t", 0, TOPIC_ID), batch(5));
  await manager.writeCheckpoints();
  manager.delete("t", 0);
  manager.delete("t", 0);
  assertEquals(manager.get("t", 0), null);
  assertEquals([...manager.logs()], []);
  const directories = () => w.disk.list("/data").filter((name) => name.startsWith("t-0"));
  assert(/^t-0\.[0-9a-f]{32}-delete$/.test(directories()[0]!));
  const fresh = manager.create("t", 0, OTHER_ID);
  assertEquals(fresh.logEndOffset, 0);
  assertEquals(text(w.disk, "/data/recovery-point-offset-checkpoint"), "0\n0\n");
  produce(fresh, batch(1));
  await w.clock.advance(1_100);
  assertEquals(directories(), ["t-0"]);
  w.disk.releaseAll();
  const again = await w.open();
  assertEquals([again.get("t", 0)!.topicId, again.get("t", 0)!.logEndOffset], [OTHER_ID, 1]);
});

Deno.test("deletion folders of the last run go after the delay; future, stray and foreign ones stay", async () => {
  const w = world();
  await (await w.open()).close();
  const hex = "5658859ed0ef484db5910bf238d86e95";
  for (const name of [`t-0.${hex}-delete`, `t-1.${hex}-future`, `t-2.${hex}-stray`, "lost+found"]) {
    w.disk.makeDirectory(`/data/${name}`);
    w.disk.writeFile(`/data/${name}/00000000000000000000.log`, new Uint8Array(10));
  }
  const manager = w.manager();
  await manager.open();
  const report = await manager.load();
  assertEquals(report.setAside.map((path) => path.split(/[./]/).at(2)), [
    "lost+found",
    "t-1",
    "t-2",
  ]);
  assertEquals(report.loadedCount, 0);
  await w.clock.advance(61_000);
  assertEquals(w.disk.list("/data").filter((name) => name.endsWith("-delete")), []);
  assertEquals(w.disk.list("/data").filter((name) => name.startsWith("t-")).length, 2);
});

Deno.test("a stray log is set aside under another name", async () => {
  const w = world();
  const first = await w.open();
  produce(first.create("t", 0, TOPIC_ID), batch(1));
  first.create("u", 0, TOPIC_ID);
  await first.close();
  const manager = w.manager();
  await manager.open();
  const report = await manager.load((log) => log.topic === "t");
  assert(/^\/data\/t-0\.[0-9a-f]{32}-stray$/.test(report.setAside[0]!));
  assertEquals([...manager.logs()].map(({ topic }) => topic), ["u"]);
  assertEquals(manager.create("t", 0, OTHER_ID).logEndOffset, 0);
});

Deno.test("a log that can't be opened is told of and stays as it is; the others are served", async () => {
  const w = world();
  const first = await w.open();
  for (const topic of ["a", "b"]) produce(first.create(topic, 0, TOPIC_ID), batch(1));
  await first.close();
  w.disk.writeFile("/data/a-0/partition.metadata", new TextEncoder().encode("version: 9"));
  const manager = w.manager();
  await manager.open();
  const report = await manager.load();
  assertEquals(report.unusable.map(({ directory }) => directory), ["/data/a-0"]);
  assertEquals(manager.get("a", 0), null);
  assertThrows(() => manager.create("a", 0, OTHER_ID), FileFormatError, "partition.metadata");
  assertEquals(manager.get("b", 0)!.logEndOffset, 1);
  manager.delete("a", 0);
  assertEquals(
    manager.create("a", 0, OTHER_ID).logEndOffset,
    0,
    "deleting its topic frees the name",
  );
});

Deno.test("of several directories the one with the fewest logs, or the named one, takes a new log", async () => {
  const w = world();
  const directories = ["/one", "/two", "/three"];
  const manager = await w.open({ directories });
  const where = (partition: number, directoryId: string | null = null) =>
    manager.create("t", partition, TOPIC_ID, directoryId).directory.split("/")[1];
  assertEquals([0, 1, 2, 3].map((partition) => where(partition)), ["one", "two", "three", "one"]);
  const two = manager.directories[1]!.directoryId;
  assertEquals([where(4, two), where(5, two)], ["two", "two"]);
  for (const log of manager.logs()) produce(log, batch(1));
  await manager.close(3);
  const again = await w.open({ directories });
  assertEquals(again.previousBrokerEpoch, 3);
  assertEquals([...again.logs()].length, 6);
  const ids = new Set(again.directories.map(({ directoryId }) => directoryId));
  assertEquals(ids.size, 3);
});

Deno.test("the metadata log lies beside the others and is in no checkpoint", async () => {
  const w = world();
  const manager = w.manager();
  await manager.open();
  const id = "AAAAAAAAAAAAAAAAAAAAAQ";
  const log = manager.openMetadataLog(settings(), id);
  await manager.load();
  const records = batch(3, { partitionLeaderEpoch: 1 });
  assertEquals(
    log.appendAsLeader(records, { leaderEpoch: 1, origin: "raft", nowMs: 0 }).errorCode,
    0,
  );
  assertEquals([...manager.logs()], []);
  await manager.close();
  assertEquals(text(w.disk, "/data/recovery-point-offset-checkpoint"), "0\n0\n");
  const again = w.manager();
  await again.open();
  const found = again.openMetadataLog(settings(), id);
  assertEquals([found.topicId, found.logEndOffset, found.directory], [
    id,
    3,
    "/data/__cluster_metadata-0",
  ]);
});

Deno.test("the clock brings retention, checkpoints, overdue syncs and producer expiry", async () => {
  const w = world();
  w.topics.set("t", { segmentBytes: 100, retentionMs: 10_000, flushMs: 2_000 });
  const manager = await w.open({
    tasks: {
      ...DEFAULT_LOG_TASK_SETTINGS,
      initialDelayMs: 1_000,
      retentionCheckMs: 5_000,
      flushCheckMs: 1_000,
    },
    producerIdExpirationMs: () => 30_000,
  });
  const log = manager.create("t", 0, TOPIC_ID);
  for (let index = 0; index < 4; index++) {
    produce(
      log,
      batch(1, {
        producerId: 1,
        producerEpoch: 0,
        baseSequence: index,
        timestampMs: w.clock.nowMs(),
      }),
    );
  }
  log.advanceHighWatermark(4);
  await w.clock.advance(3_500);
  assertEquals(log.recoveryPoint, 4, "flush.ms");
  await w.clock.advance(6_000);
  assertEquals(text(w.disk, "/data/replication-offset-checkpoint"), "0\n1\nt 0 4\n");
  assertEquals(log.segmentCount, 4);
  await w.clock.advance(10_000);
  assertEquals([log.segmentCount, log.logStartOffset], [1, 4]);
  assertEquals(log.producerCount, 1);
  await w.clock.advance(700_000);
  assertEquals(log.producerCount, 0);
  assertEquals(text(w.disk, "/data/recovery-point-offset-checkpoint"), "0\n1\nt 0 4\n");
  const writes = w.disk.counts.get("writeFile");
  await w.clock.advance(100_000);
  assertEquals(w.disk.counts.get("writeFile"), writes, "nothing changed, nothing is written");
  await manager.close();
  assertEquals(w.clock.pendingCount, 0);
});

Deno.test("changed settings act on the next append", async () => {
  const w = world();
  const manager = await w.open();
  const log = manager.create("t", 0, TOPIC_ID);
  assertEquals(produce(log, batch(1)).errorCode, 0);
  w.topics.set("t", { maxMessageBytes: 10 });
  manager.updateSettings("t");
  assertEquals(errorName(produce(log, batch(1)).errorCode), "MESSAGE_TOO_LARGE");
  w.topics.clear();
  manager.updateSettings();
  assertEquals(produce(log, batch(1)).errorCode, 0);
});

Deno.test("a full disk fails appends and checkpoints, not the node, which goes on when there is room", async () => {
  const w = world();
  const manager = await w.open();
  const log = manager.create("t", 0, TOPIC_ID);
  produce(log, batch(10));
  log.advanceHighWatermark(10);
  w.disk.capacityBytes = 1;
  assertEquals(errorName(produce(log, batch(1)).errorCode), "KAFKA_STORAGE_ERROR");
  await w.clock.advance(70_000);
  assert(w.told.some((message) => message.includes("no-space")));
  assertEquals(offsetsFrom(log, 0), range(0, 10));
  w.disk.heal();
  assertEquals(produce(log, batch(1)).baseOffset, 10);
  await w.clock.advance(70_000);
  assertEquals(text(w.disk, "/data/replication-offset-checkpoint"), "0\n1\nt 0 10\n");
});

Deno.test("a directory whose sync fails is told of once and gets no mark of a clean stop", async () => {
  const w = world();
  const failed: string[] = [];
  const manager = await w.open({ onDirectoryFailure: (path) => failed.push(path) });
  const logs = [0, 1].map((partition) => manager.create("t", partition, TOPIC_ID));
  for (const log of logs) produce(log, batch(1));
  await settle();
  w.disk.failLater({ operations: ["sync"], times: 2 });
  for (const log of logs) await log.flush().catch(() => "expected");
  assertEquals(failed, ["/data"]);
  await manager.close(1);
  assertEquals(w.disk.stat("/data/.kafka_cleanshutdown"), null);
  assertEquals(offsetsFrom((await w.open()).get("t", 1)!, 0), [0]);
});

Deno.test("many partitions with many segments need no more descriptors than allowed", async () => {
  const w = world();
  const openFilesMax = 20;
  w.disk.openLimit = openFilesMax + 10;
  for (let topic = 0; topic < 10; topic++) w.topics.set(`t${topic}`, { segmentBytes: 200 });
  const manager = await w.open({ openFilesMax });
  for (let topic = 0; topic < 10; topic++) {
    for (let partition = 0; partition < 20; partition++) {
      manager.create(`t${topic}`, partition, TOPIC_ID);
    }
  }
  for (let round = 0; round < 5; round++) {
    for (const log of manager.logs()) assertEquals(produce(log, batch(2)).errorCode, 0);
  }
  for (const log of manager.logs()) assertEquals(offsetsFrom(log, 0), range(0, 10));
  w.disk.releaseAll();
  w.disk.openCountMax = 0;
  const again = await w.open({ openFilesMax });
  let count = 0;
  for (const log of again.logs()) {
    assertEquals(offsetsFrom(log, 0), range(0, 10));
    count++;
  }
  assertEquals(count, 200);
  assert(w.disk.openCountMax <= openFilesMax + 10, `${w.disk.openCountMax} files were open`);
});

Deno.test("the machine's own disk: a second process is refused, a stopped node starts again", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const manager = () =>
      new LogManager({
        disk: systemDisk,
        clock: systemClock,
        prng: new SeededPrng(1),
        directories: [directory],
        nodeId: 1,
        settingsFor: () => settings(),
      });
    const first = manager();
    await first.open();
    await first.load();
    produce(first.create("t", 0, TOPIC_ID), batch(3));
    await assertRejects(() => manager().open(), DataDirectoryError, ".lock");
    await first.close(1);
    const second = manager();
    await second.open();
    await second.load();
    assertEquals(offsetsFrom(second.get("t", 0)!, 0), [0, 1, 2]);
    await second.close(2);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
