import { assertEquals, assertNotEquals } from "@std/assert";
import { base64OfHash, hashOf } from "./content_hash.ts";
import { md5 } from "./harness_test.ts";
import { readMetadata } from "./metadata.ts";
import { readRuleSet } from "./rule_set.ts";
import { guidOf, hashOfGuid } from "./schema_content.ts";

const plain = { text: '"string"', references: [], metadata: null, ruleSet: null };
const encoder = new TextEncoder();

/** The hash of these parts one after the other. */
function digest(...parts: (string | number[])[]): string {
  const bytes = parts.flatMap((part) =>
    typeof part === "string" ? [...encoder.encode(part)] : part
  );
  return [...md5(Uint8Array.from(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

Deno.test("hashOf() a text alone is MD5 of its UTF-8", () => {
  assertEquals(hashOf(plain, md5), digest('"string"'));
});

Deno.test("hashOf() adds each reference's name, subject and version", () => {
  const references = [{ name: "n", subject: "s", version: 258 }];
  assertEquals(hashOf({ ...plain, references }, md5), digest('"string"', "n", "s", [0, 0, 1, 2]));
});

Deno.test("hashOf() adds metadata by sorted keys behind a 1", () => {
  const metadata = readMetadata(
    {
      properties: { b: "2", a: "1", 10: "ten", 9: "nine" },
      tags: { "**.ssn": ["PII", "A"] },
      sensitive: ["z", "b"],
    },
    "metadata",
    false,
  );
  assertEquals(
    hashOf({ ...plain, metadata }, md5),
    digest('"string"', [1], "**.ssn", "A", "PII", "10ten9nine", "a1b2", "bz"),
  );
});

Deno.test("hashOf() adds each rule's parts in order, and a 1 for one that is off", () => {
  const rule = {
    ...{ name: "r", doc: "d", kind: "CONDITION", mode: "WRITE", type: "CEL", tags: ["t"] },
    ...{ params: { p: "v" }, expr: "e", onSuccess: "s", onFailure: "f", disabled: true },
  };
  const ruleSet = readRuleSet({ domainRules: [rule] }, "ruleSet", false);
  assertEquals(
    hashOf({ ...plain, ruleSet }, md5),
    digest('"string"', [1], "rdCONDITIONWRITECELtpvesf", [1]),
  );
});

Deno.test("hashOf() tells no metadata from none at all", () => {
  const metadata = readMetadata({ properties: { a: "1" } }, "metadata", false);
  assertNotEquals(hashOf({ ...plain, metadata }, md5), hashOf(plain, md5));
});

Deno.test("a hash is written as a UUID and in base 64, and read from a UUID", () => {
  const hash = "000102030405060708090a0b0c0d0eff";
  assertEquals(guidOf(hash), "00010203-0405-0607-0809-0a0b0c0d0eff");
  assertEquals(hashOfGuid("00010203-0405-0607-0809-0A0B0C0D0EFF"), hash);
  assertEquals(hashOfGuid("00010203-0405-0607-0809"), null);
  assertEquals(base64OfHash(hash), "AAECAwQFBgcICQoLDA0O/w==");
});
