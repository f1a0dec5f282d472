import { assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import {
  hasCollisionCharacters,
  isInternalTopic,
  topicNameProblem,
  topicNamesCollide,
} from "./topic_name.ts";

const file = new URL("../../tests/vectors/behaviour_protocol.jsonl.gz", import.meta.url);
const vectors = gunzipSync(Deno.readFileSync(file)).toString().trimEnd().split("\n")
  .map((line) => JSON.parse(line));

Deno.test("topic names are valid, internal and prone to collide exactly where Kafka says so", () => {
  const names = vectors.filter((vector) => vector.kind === "topicName");
  assertEquals(names.length, 43);
  for (const { name, valid, internal, hasCollisionChars } of names) {
    assertEquals(topicNameProblem(name) === null, valid, name);
    assertEquals(isInternalTopic(name), internal, name);
    assertEquals(hasCollisionCharacters(name), hasCollisionChars, name);
  }
});

Deno.test("topic names collide exactly where Kafka says so", () => {
  const pairs = vectors.filter((vector) => vector.kind === "topicCollision");
  assertEquals(pairs.length, 5);
  for (const { a, b, collide } of pairs) {
    assertEquals(topicNamesCollide(a, b), collide, `${a} ${b}`);
  }
});

Deno.test("topicNameProblem() names the offending part", () => {
  assertEquals(topicNameProblem(""), "it is empty");
  assertEquals(topicNameProblem(".."), '".." is reserved');
  assertEquals(
    topicNameProblem("x".repeat(250)),
    "it is 250 characters long, at most 249 are allowed",
  );
  assertEquals(
    topicNameProblem("a b"),
    'it contains " ", allowed are a-z, A-Z, 0-9, ".", "_" and "-"',
  );
  assertEquals(topicNameProblem("a😀")!.startsWith('it contains "😀"'), true);
});
