import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./command_error.ts";
import { selectTopics, topicPattern } from "./topic_filter.ts";

Deno.test("topicPattern() matches whole names, with commas between alternatives", () => {
  const matches = topicPattern("topic", "user-.*, audit");
  assertEquals(["user-events", "audit", "audit2", "my-user-x"].map(matches), [
    true,
    true,
    false,
    false,
  ]);
  assertEquals(topicPattern("topic", "'a.b'")("a.b"), true);
  const error = assertThrows(() => topicPattern("topic", "a("), UsageError);
  assertEquals(error.message, "--topic a(: allowed is a regular expression");
});

Deno.test("selectTopics() sorts, and leaves out internal topics when asked", () => {
  const names = ["b", "__consumer_offsets", "a"];
  assertEquals(selectTopics(names, null, false), ["__consumer_offsets", "a", "b"]);
  assertEquals(selectTopics(names, null, true), ["a", "b"]);
});
