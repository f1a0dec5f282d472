import { assertEquals } from "@std/assert";
import { batch, newLog, testNode, TOPIC_ID } from "../../tests/disk/test_log.ts";
import type { LogSettings } from "../log/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import { Partition } from "./partition_driver.ts";

const ALL = -1;
const NOW_MS = 1_700_000_000_000;
const alone = { replicas: [1], isr: [1], leader: 1, leaderEpoch: 4, partitionEpoch: 0 };

function newPartition(changes: Partial<LogSettings> = {}) {
  const node = testNode();
  const log = newLog(node, changes);
  let changeCount = 0;
  const partition = new Partition({
    localId: 1,
    topicId: TOPIC_ID,
    log,
    onChange: () => changeCount++,
  });
  return { log, partition, changes: () => changeCount };
}

Deno.test("a leader appends, moves the high watermark at once and tells who waits", () => {
  const { partition, changes } = newPartition();
  partition.assign(alone);
  assertEquals(changes(), 1);
  const result = partition.append(batch(3), { requiredAcks: ALL, nowMs: NOW_MS });
  assertEquals([result.errorCode, result.baseOffset, result.lastOffset], [0, 0, 2]);
  assertEquals([partition.highWatermark, partition.logEndOffset, changes()], [3, 3, 2]);
  assertEquals(partition.checkReplicated(3), errorCodes.NONE);
  assertEquals(partition.logStartEpoch, 4);
});

Deno.test("who does not lead appends nothing", () => {
  const { partition } = newPartition();
  partition.assign({ ...alone, leader: 2 });
  const { errorCode } = partition.append(batch(1), { requiredAcks: 1, nowMs: NOW_MS });
  assertEquals(errorCode, errorCodes.NOT_LEADER_OR_FOLLOWER);
  assertEquals(partition.logEndOffset, 0);
});

Deno.test("acks=all is refused while too few are in sync, acks=1 is not", () => {
  const { partition } = newPartition({ minInSyncReplicas: 2 });
  partition.assign({ ...alone, replicas: [1, 2] });
  const append = (requiredAcks: number) =>
    partition.append(batch(1), { requiredAcks, nowMs: NOW_MS }).errorCode;
  assertEquals(append(ALL), errorCodes.NOT_ENOUGH_REPLICAS);
  assertEquals(append(1), errorCodes.NONE);
  assertEquals(partition.logEndOffset, 1);
});

Deno.test("with flush.messages=1 nobody sees a record before it is synced", async () => {
  const { partition } = newPartition({ flushMessages: 1 });
  partition.assign(alone);
  const { durable } = partition.append(batch(2), { requiredAcks: ALL, nowMs: NOW_MS });
  assertEquals([partition.logEndOffset, partition.highWatermark], [2, 0]);
  assertEquals(partition.checkReplicated(2), null, "it is not promised yet");
  await durable;
  assertEquals(partition.highWatermark, 2);
  assertEquals(partition.checkReplicated(2), errorCodes.NONE);
});

Deno.test("a follower's fetches move the high watermark of its leader", () => {
  const { partition } = newPartition();
  partition.assign({ ...alone, replicas: [1, 2], isr: [1, 2] });
  partition.append(batch(3), { requiredAcks: 1, nowMs: NOW_MS });
  assertEquals(partition.highWatermark, 0);
  partition.onFollowerFetch({ replicaId: 2, fetchOffset: 2, nowMs: NOW_MS });
  assertEquals(partition.highWatermark, 2);
  for (const replicaId of [1, 9]) {
    partition.onFollowerFetch({ replicaId, fetchOffset: 3, nowMs: NOW_MS });
  }
  assertEquals(partition.highWatermark, 2, "neither the leader nor a stranger is a follower");
  assertEquals([1, 2, 9].map((id) => partition.hasFollower(id)), [false, true, false]);
});
