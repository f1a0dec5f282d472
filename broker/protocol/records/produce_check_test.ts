import { assertEquals } from "@std/assert";
import { errorCodes } from "../errors.ts";
import { BatchBuilder } from "./builder.ts";
import { type CodecId } from "./compression/mod.ts";
import { encodeLegacySet } from "./legacy_builder.ts";
import { checkProducedRecords } from "./produce_check.ts";

function batch(codec: CodecId = 0): Uint8Array {
  const builder = new BatchBuilder({ codec });
  builder.append(1_700_000_000_000, null, new Uint8Array(9));
  return builder.build();
}

Deno.test("a produce request holds one batch of magic 2 per partition", () => {
  const one = batch();
  const two = Uint8Array.from([...one, ...one]);
  const old = encodeLegacySet([{ offset: 0, timestampMs: 1, key: null, value: null }], {
    magic: 1,
  });
  assertEquals(checkProducedRecords(one, 3), null);
  assertEquals(checkProducedRecords(two.subarray(0, two.length - 1), 3), null);
  for (const records of [two, old, new Uint8Array(0), one.subarray(0, one.length - 1)]) {
    const refused = checkProducedRecords(records, 11);
    assertEquals(refused?.errorCode, errorCodes.INVALID_RECORD);
    assertEquals(refused?.errorMessage, null);
  }
});

Deno.test("zstd is for requests of version 7 and later", () => {
  assertEquals(
    checkProducedRecords(batch(4), 6)?.errorCode,
    errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
  );
  assertEquals(checkProducedRecords(batch(4), 7), null);
  assertEquals(checkProducedRecords(batch(3), 3), null);
});

Deno.test("what can't be a batch is told in words", () => {
  const bytes = batch();
  bytes[16] = 9;
  const refused = checkProducedRecords(bytes, 11);
  assertEquals(refused?.errorCode, errorCodes.CORRUPT_MESSAGE);
  assertEquals(refused?.errorMessage, refused?.message);
});
