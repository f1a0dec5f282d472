import { assertEquals } from "@std/assert";
import { consumerProtocolAssignment, encodeVersioned, make } from "../../protocol/mod.ts";
import { assignedPartitions } from "./group_description.ts";

function encoded(version: number): Uint8Array {
  return encodeVersioned(
    consumerProtocolAssignment,
    version,
    make(consumerProtocolAssignment, {
      assignedPartitions: [
        { topic: "orders", partitions: [2, 0] },
        { topic: "billing", partitions: [1] },
      ],
    }),
  );
}

const EXPECTED = [
  { topic: "billing", partition: 1 },
  { topic: "orders", partition: 0 },
  { topic: "orders", partition: 2 },
];

Deno.test("assignedPartitions() reads what assignors write, by topic and partition", () => {
  for (const version of [0, 1, 2, 3]) assertEquals(assignedPartitions(encoded(version)), EXPECTED);
});

Deno.test("assignedPartitions() reads a version of the future as the latest it knows", () => {
  const future = encoded(3);
  future[1] = 9;
  assertEquals(assignedPartitions(future), EXPECTED);
});

Deno.test("assignedPartitions() takes bytes that are no assignment for none", () => {
  assertEquals(assignedPartitions(new Uint8Array(0)), []);
  assertEquals(assignedPartitions(new Uint8Array([0, 0, 127, 255, 255, 255])), []);
  assertEquals(assignedPartitions(encoded(0).subarray(0, 9)), []);
});
