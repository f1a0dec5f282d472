import { assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import {
  coordinatorPartition,
  javaStringHash,
  murmur2,
  partitionOfKey,
  shareCoordinatorKey,
} from "./partitioning.ts";

const file = new URL("../../tests/vectors/behaviour_protocol.jsonl.gz", import.meta.url);
const vectors = gunzipSync(Deno.readFileSync(file)).toString().trimEnd().split("\n")
  .map((line) => JSON.parse(line));

function ofKind(kind: string, count: number) {
  const found = vectors.filter((vector) => vector.kind === kind);
  assertEquals(found.length, count);
  return found;
}

Deno.test("murmur2() and partitionOfKey() place keys as Kafka's producer does", () => {
  for (const { keyHex, hash, partitionOf } of ofKind("murmur2", 200)) {
    const key = Uint8Array.fromHex(keyHex);
    assertEquals(murmur2(key), hash, keyHex);
    for (const [count, partition] of Object.entries(partitionOf)) {
      assertEquals(partitionOfKey(key, Number(count)), partition as number, keyHex);
    }
  }
});

Deno.test("coordinatorPartition() places groups and transactional ids as Kafka does", () => {
  for (const { id, hashCode, of50, of7 } of ofKind("coordinatorPartition", 60)) {
    assertEquals(javaStringHash(id), hashCode, id);
    assertEquals(coordinatorPartition(id, 50), of50, id);
    assertEquals(coordinatorPartition(id, 7), of7, id);
  }
});

Deno.test("coordinatorPartition() takes 0 for the hash that has no absolute value", () => {
  assertEquals(javaStringHash("polygenelubricants"), -(2 ** 31));
  assertEquals(coordinatorPartition("polygenelubricants", 50), 0);
});

Deno.test("shareCoordinatorKey() and its partition are Kafka's", () => {
  for (const { group, topicId, partition, key, of50 } of ofKind("shareCoordinatorPartition", 30)) {
    assertEquals(shareCoordinatorKey(group, topicId, partition), key);
    assertEquals(coordinatorPartition(key, 50), of50);
  }
});
