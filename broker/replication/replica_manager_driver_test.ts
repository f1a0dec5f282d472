import { assertEquals } from "@std/assert";
import { ManualClock } from "../../tests/disk/manual_clock.ts";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { settings, TOPIC_ID } from "../../tests/disk/test_log.ts";
import { SeededPrng } from "../base/mod.ts";
import { LogManager, runToEnd } from "../log/mod.ts";
import {
  EMPTY_IMAGE,
  MetadataDelta,
  type MetadataImage,
  metadataRecord,
  NO_PROVENANCE,
} from "../metadata/mod.ts";
import { ReplicaManager } from "./replica_manager_driver.ts";

const OTHER_ID = "BQIDBAUGBwgJCgsMDQ4PEA";

/** A node with one data directory in memory, and the metadata that it follows. */
async function node() {
  const clock = new ManualClock();
  const disk = new SimulatedDisk(() => clock.nowMs());
  const logs = new LogManager({
    disk,
    clock,
    prng: new SeededPrng(1),
    directories: ["/data"],
    nodeId: 1,
    settingsFor: () => settings(),
  });
  await logs.open();
  await logs.load();
  const errors: string[] = [];
  const replicas = new ReplicaManager({
    localId: 1,
    logs,
    onChange: () => {},
    onError: (message) => errors.push(message),
  });
  let image: MetadataImage = EMPTY_IMAGE;
  const follow = (...records: ReturnType<typeof metadataRecord>[]) => {
    const delta = new MetadataDelta(image);
    for (const record of records) delta.replay(record);
    image = delta.apply(NO_PROVENANCE);
    return runToEnd(replicas.apply(delta, image));
  };
  return { disk, logs, replicas, errors, follow, image: () => image };
}

const topic = (name: string, topicId: string) =>
  metadataRecord("TopicRecord", 0, { name, topicId });
const partition = (topicId: string, leader = 1) =>
  metadataRecord("PartitionRecord", 1, {
    topicId,
    partitionId: 0,
    replicas: [leader],
    isr: [leader],
    leader,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [TOPIC_ID],
  });
const remove = (topicId: string) => metadataRecord("RemoveTopicRecord", 0, { topicId });

Deno.test("replicas come and go with the metadata, and tell whom they lead", async () => {
  const { replicas, follow, logs } = await node();
  const created = follow(topic("t", TOPIC_ID), partition(TOPIC_ID));
  assertEquals(created.elected.map(({ topic }) => topic), ["t"]);
  assertEquals(replicas.get("t", 0)?.leads, true);
  assertEquals(replicas.get("t", 1), null);
  const gone = follow(remove(TOPIC_ID));
  assertEquals(gone.resigned.map(({ topic }) => topic), ["t"]);
  assertEquals([replicas.get("t", 0), logs.get("t", 0)], [null, null]);
  const again = follow(topic("t", OTHER_ID), partition(OTHER_ID));
  assertEquals(again.elected.map(({ topicId }) => topicId), [OTHER_ID]);
  assertEquals(replicas.get("t", 0)?.logEndOffset, 0);
});

Deno.test("a partition of other nodes has no replica here", async () => {
  const { replicas, follow } = await node();
  follow(topic("t", TOPIC_ID), partition(TOPIC_ID, 2));
  assertEquals(replicas.get("t", 0), null);
});

Deno.test("a log that a full disk did not take is made when there is room", async () => {
  const { disk, replicas, follow, errors, image } = await node();
  disk.failLater({ kind: "no-space", times: Infinity });
  assertEquals(follow(topic("t", TOPIC_ID), partition(TOPIC_ID)).elected, []);
  assertEquals([replicas.get("t", 0), replicas.hasUnopened, errors.length], [null, true, 1]);
  assertEquals(runToEnd(replicas.retry(image())).elected, []);
  assertEquals([replicas.hasUnopened, errors.length], [true, 2]);
  disk.heal();
  const { elected } = runToEnd(replicas.retry(image()));
  assertEquals(elected.map(({ topic, leads }) => [topic, leads]), [["t", true]]);
  assertEquals(replicas.hasUnopened, false);
});

Deno.test("a log that waits for room is forgotten with its topic", async () => {
  const { disk, replicas, follow } = await node();
  disk.failLater({ kind: "no-space", times: Infinity });
  follow(topic("t", TOPIC_ID), partition(TOPIC_ID));
  follow(remove(TOPIC_ID));
  assertEquals(replicas.hasUnopened, false);
});
