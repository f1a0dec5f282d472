import { assertEquals } from "@std/assert";
import { errorCodes } from "../protocol/mod.ts";
import { checkProduced, isTransactional } from "./produced_records.ts";

const { NONE, CORRUPT_MESSAGE, INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE } = errorCodes;

/** The head of a batch that claims to be `sizeBytes` long, zeros behind it. */
function batch(
  options: { magic?: number; attributes?: number; sizeBytes?: number; presentBytes?: number } = {},
): Uint8Array {
  const { magic = 2, attributes = 0, sizeBytes = 70 } = options;
  const { presentBytes = sizeBytes } = options;
  const bytes = new Uint8Array(presentBytes);
  const view = new DataView(bytes.buffer);
  if (presentBytes >= 12) view.setInt32(8, sizeBytes - 12);
  if (presentBytes > 16) view.setInt8(16, magic);
  if (presentBytes >= 23) view.setInt16(21, attributes);
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

Deno.test("one whole batch of the newest format passes", () => {
  assertEquals(checkProduced(batch(), 3), NONE);
  // Bytes behind it that are no whole batch are passed over, as Kafka does.
  assertEquals(checkProduced(joined(batch(), batch({ presentBytes: 30 })), 11), NONE);
});

Deno.test("none, several, partial and old batches are invalid", () => {
  assertEquals(checkProduced(null, 11), INVALID_RECORD);
  assertEquals(checkProduced(new Uint8Array(0), 11), INVALID_RECORD);
  assertEquals(checkProduced(batch({ presentBytes: 8 }), 11), INVALID_RECORD);
  assertEquals(checkProduced(batch({ presentBytes: 60 }), 11), INVALID_RECORD);
  assertEquals(checkProduced(joined(batch(), batch()), 11), INVALID_RECORD);
  assertEquals(checkProduced(batch({ magic: 1 }), 11), INVALID_RECORD);
  assertEquals(checkProduced(batch({ magic: 0 }), 11), INVALID_RECORD);
});

Deno.test("lengths and magics that can't be are corrupt", () => {
  assertEquals(checkProduced(batch({ sizeBytes: 17, presentBytes: 70 }), 11), CORRUPT_MESSAGE);
  assertEquals(checkProduced(batch({ sizeBytes: -5, presentBytes: 70 }), 11), CORRUPT_MESSAGE);
  assertEquals(checkProduced(batch({ magic: 5 }), 11), CORRUPT_MESSAGE);
  assertEquals(checkProduced(batch({ magic: -1 }), 11), CORRUPT_MESSAGE);
  assertEquals(checkProduced(joined(batch(), batch({ magic: 9 })), 11), CORRUPT_MESSAGE);
});

Deno.test("zstd is for clients from version 7 on", () => {
  const zstd = batch({ attributes: 4 });
  assertEquals(checkProduced(zstd, 6), UNSUPPORTED_COMPRESSION_TYPE);
  assertEquals(checkProduced(zstd, 7), NONE);
  assertEquals(checkProduced(batch({ attributes: 3 }), 3), NONE);
});

Deno.test("isTransactional() reads the attribute of whole batch heads alone", () => {
  assertEquals(isTransactional(batch({ attributes: 0x10 })), true);
  assertEquals(isTransactional(batch({ attributes: 0x0c })), false);
  assertEquals(isTransactional(batch({ attributes: 0x10, magic: 1 })), false);
  assertEquals(isTransactional(batch({ attributes: 0x10, presentBytes: 22 })), false);
  assertEquals(isTransactional(null), false);
});
