import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import {
  parseTopicAndPartitions,
  parseTopicPartitions,
  type PartitionFilter,
} from "./partition_filter.ts";

function chosen(filter: PartitionFilter, topic: string): number[] {
  return [0, 1, 2, 3, 4, 5].filter((partition) => filter.has(topic, partition));
}

Deno.test("parseTopicPartitions() reads numbers, ranges and open ends, the end left out", () => {
  const filter = parseTopicPartitions("a:1,b:0-3,c,d:4-,e:-3,f:");
  assertEquals(chosen(filter, "a"), [1]);
  assertEquals(chosen(filter, "b"), [0, 1, 2]);
  assertEquals(chosen(filter, "c"), [0, 1, 2, 3, 4, 5]);
  assertEquals(chosen(filter, "d"), [4, 5]);
  assertEquals(chosen(filter, "e"), [0, 1, 2]);
  assertEquals(chosen(filter, "f"), [0, 1, 2, 3, 4, 5]);
  assertEquals(chosen(filter, "g"), []);
  assertEquals(filter.hasTopic("a"), true);
  assertEquals(filter.hasTopic("g"), false);
});

Deno.test("parseTopicPartitions() takes patterns, and a rule without topic for every topic", () => {
  const filter = parseTopicPartitions("user-.*:0,:5");
  assertEquals(chosen(filter, "user-events"), [0, 5]);
  assertEquals(chosen(filter, "orders"), [5]);
  assertEquals(chosen(filter, "a-user-b"), [5]);
});

Deno.test("parseTopicPartitions() refuses what is no rule", () => {
  for (const wrong of ["a:x", "a:1:2", "a:1-2-3", "a:-1-2", "(:1"]) {
    assertThrows(() => parseTopicPartitions(wrong), UsageError);
  }
});

Deno.test("parseTopicAndPartitions() takes any topic and partition where nothing is given", () => {
  assertEquals(chosen(parseTopicAndPartitions(null, null), "any"), [0, 1, 2, 3, 4, 5]);
  assertEquals(chosen(parseTopicAndPartitions("a|b", "0, 2"), "b"), [0, 2]);
  assertEquals(chosen(parseTopicAndPartitions("a,b", null), "b"), [0, 1, 2, 3, 4, 5]);
  assertEquals(chosen(parseTopicAndPartitions("a", "0"), "ab"), []);
  assertThrows(() => parseTopicAndPartitions(null, "0,x"), UsageError, "--partitions 0,x");
  assertThrows(() => parseTopicAndPartitions("(", null), UsageError, "--topic (");
});
