import { assertEquals } from "@std/assert";
import { ZERO_UUID } from "../../../broker/protocol/mod.ts";
import type { TopicInfo } from "../metadata_cache.ts";
import { Partitioner } from "./partitioner.ts";

function topicOf(leaders: readonly number[]): TopicInfo {
  return {
    name: "t",
    topicId: ZERO_UUID,
    errorCode: 0,
    isInternal: false,
    partitions: leaders.map((leader, partition) => ({
      partition,
      errorCode: 0,
      leader,
      leaderEpoch: 0,
      replicas: [1],
      isr: [1],
      offlineReplicas: [],
    })),
  };
}

Deno.test("a key takes the partition that Kafka's own producer gives it", () => {
  const partitioner = new Partitioner();
  const topic = topicOf(new Array(100).fill(1));
  // By the hashes in Apache Kafka's own UtilsTest: -973932308, -790332482, -985981536.
  for (
    const [key, partition] of [["21", 40], ["foobar", 66], [
      "a-little-bit-long-string",
      12,
    ]] as const
  ) {
    assertEquals(partitioner.partitionFor(topic, new TextEncoder().encode(key), 10), partition);
  }
});

Deno.test("without a key records stay for 16 KB and then go on, past partitions without a leader", () => {
  let seed = 0;
  const partitioner = new Partitioner(() => (seed = (seed + 0.37) % 1));
  const topic = topicOf([1, -1, 1, 1]);
  const chosen = Array.from({ length: 64 }, () => partitioner.partitionFor(topic, null, 4096));
  const runs: number[][] = [];
  for (const partition of chosen) {
    if (runs.at(-1)?.[0] === partition) runs.at(-1)!.push(partition);
    else runs.push([partition]);
  }
  assertEquals(runs.map((run) => run.length), new Array(16).fill(4));
  assertEquals([...new Set(chosen)].sort(), [0, 2, 3]);
});
