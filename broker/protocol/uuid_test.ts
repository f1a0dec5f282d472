import { assertEquals, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { ProtocolError } from "./protocol_error.ts";
import { uuidFromBytes, uuidToBytes, writeUuid, ZERO_UUID } from "./uuid.ts";

const file = new URL("../../tests/vectors/behaviour_protocol.jsonl.gz", import.meta.url);
const vectors = gunzipSync(Deno.readFileSync(file)).toString().trimEnd().split("\n")
  .map((line) => JSON.parse(line))
  .filter((vector) => vector.kind === "uuid");

Deno.test("uuids read and write as Kafka's", () => {
  assertEquals(vectors.length, 40);
  for (const { text, hex } of vectors) {
    assertEquals(uuidFromBytes(Uint8Array.fromHex(hex)), text);
    assertEquals(uuidToBytes(text).toHex(), hex);
  }
});

Deno.test("the zero uuid is sixteen zero bytes", () => {
  assertEquals(uuidFromBytes(new Uint8Array(16)), ZERO_UUID);
  assertEquals(uuidToBytes(ZERO_UUID), new Uint8Array(16));
});

Deno.test("a uuid is read and written at any position", () => {
  const bytes = new Uint8Array(20).fill(7);
  writeUuid("4bHkDsASJQ8NrstBhgx0Cw", bytes, 3);
  assertEquals(uuidFromBytes(bytes, 3), "4bHkDsASJQ8NrstBhgx0Cw");
  assertEquals([bytes[2], bytes[19]], [7, 7]);
});

Deno.test("uuidToBytes() refuses what is no uuid", () => {
  const notUuids = [
    "",
    "AAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAAA",
    "AAAAAAAAAA+AAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAA=",
    "éAAAAAAAAAAAAAAAAAAAAA",
  ];
  for (const text of notUuids) assertThrows(() => uuidToBytes(text), ProtocolError, "Not a uuid");
});
