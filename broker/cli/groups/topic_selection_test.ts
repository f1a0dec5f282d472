import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseTopicSelection } from "./topic_selection.ts";

Deno.test("parseTopicSelection() reads a topic with partitions or without", () => {
  assertEquals(parseTopicSelection("orders"), { topic: "orders", partitions: null });
  assertEquals(parseTopicSelection("orders:0,10"), { topic: "orders", partitions: [0, 10] });
});

Deno.test("parseTopicSelection() refuses anything else", () => {
  for (const wrong of ["", ":0", "a:", "a:x", "a:0,", "a:0:1", "a:-1"]) {
    assertThrows(() => parseTopicSelection(wrong), UsageError, `--topic ${wrong}:`);
  }
});
