/** What Avro's Java library 1.12.0 has against generated pairs of schemas, recorded. */
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { avroFormat } from "../../formats/mod.ts";
import { avroIncompatibilities } from "./avro.ts";

interface Pair {
  readonly kind: string;
  readonly reader: string;
  readonly writer: string;
  /** Kind and place of each difference. */
  readonly found: readonly [string, string][];
}

const path = new URL("../../../../tests/vectors/avro_java_library.jsonl.gz", import.meta.url);
const pairs: readonly Pair[] = gunzipSync(Deno.readFileSync(path)).toString()
  .trim().split("\n").map((line) => JSON.parse(line)).filter(({ kind }) => kind === "pair");

Deno.test("verdicts are those of the Java library, and each of its reasons is among ours", () => {
  const read = (text: string) => avroFormat.parse(text, [], { strict: false });
  for (const { reader, writer, found } of pairs) {
    const ours = avroIncompatibilities(read(reader), read(writer), "STRICT")
      .map(({ errorType, path }) => `${errorType} ${path}`);
    assertEquals(ours.length === 0, found.length === 0, `${reader} reads ${writer}: ${ours}`);
    for (const [errorType, place] of found) {
      assert(ours.includes(`${errorType} ${place}`), `${reader} reads ${writer}: ${ours}`);
    }
  }
  assertEquals(pairs.length, 2400);
});
