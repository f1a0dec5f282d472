import { assertEquals } from "@std/assert";
import { errorCodes } from "../errors.ts";
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

/** The code with which records are refused; NONE when they are not. */
function check(records: Uint8Array | null, version: number): number {
  return checkProduced(records, version)?.errorCode ?? NONE;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

Deno.test("one whole batch of the newest format passes", () => {
  assertEquals(check(batch(), 3), NONE);
  // Bytes behind it that are no whole batch are passed over, as Kafka does.
  assertEquals(check(joined(batch(), batch({ presentBytes: 30 })), 11), NONE);
});

Deno.test("none, several, partial and old batches are invalid", () => {
  assertEquals(check(null, 11), INVALID_RECORD);
  assertEquals(check(new Uint8Array(0), 11), INVALID_RECORD);
  assertEquals(check(batch({ presentBytes: 8 }), 11), INVALID_RECORD);
  assertEquals(check(batch({ presentBytes: 60 }), 11), INVALID_RECORD);
  assertEquals(check(joined(batch(), batch()), 11), INVALID_RECORD);
  assertEquals(check(batch({ magic: 1 }), 11), INVALID_RECORD);
  assertEquals(check(batch({ magic: 0 }), 11), INVALID_RECORD);
});

Deno.test("lengths and magics that can't be are corrupt", () => {
  assertEquals(check(batch({ sizeBytes: 17, presentBytes: 70 }), 11), CORRUPT_MESSAGE);
  assertEquals(check(batch({ sizeBytes: -5, presentBytes: 70 }), 11), CORRUPT_MESSAGE);
  assertEquals(check(batch({ magic: 5 }), 11), CORRUPT_MESSAGE);
  assertEquals(check(batch({ magic: -1 }), 11), CORRUPT_MESSAGE);
  assertEquals(check(joined(batch(), batch({ magic: 9 })), 11), CORRUPT_MESSAGE);
  // It says that it is a batch of the newest format and has no room for one's attributes.
  assertEquals(check(batch({ sizeBytes: 26, presentBytes: 26 }), 11), NONE);
  const tiny = batch({ sizeBytes: 26, presentBytes: 26 }).subarray(0, 22);
  new DataView(tiny.buffer).setInt32(8, 22 - 12);
  assertEquals(check(tiny, 11), CORRUPT_MESSAGE);
});

Deno.test("a batch that is cut is told apart from one that can't be", () => {
  assertEquals(check(batch({ sizeBytes: 2 ** 31 - 1 + 12, presentBytes: 61 }), 11), INVALID_RECORD);
  assertEquals(check(batch({ magic: 9, presentBytes: 60 }), 11), CORRUPT_MESSAGE);
  assertEquals(check(batch({ magic: 9, presentBytes: 16 }), 11), INVALID_RECORD);
  assertEquals(check(batch({ magic: 0, sizeBytes: 26 }), 11), INVALID_RECORD);
  assertEquals(check(batch({ magic: 0, sizeBytes: 25 }), 11), CORRUPT_MESSAGE);
});

Deno.test("what can't be a batch is told in words, the rest by its code alone", () => {
  const corrupt = checkProduced(batch({ magic: 9 }), 11)!;
  assertEquals(corrupt.errorMessage, corrupt.message);
  const behind = joined(batch(), batch({ magic: 9 }));
  for (const records of [null, batch({ magic: 1 }), joined(batch(), batch()), behind]) {
    assertEquals(checkProduced(records, 11)?.errorMessage, null);
  }
});

Deno.test("zstd is for clients from version 7 on", () => {
  const zstd = batch({ attributes: 4 });
  assertEquals(check(zstd, 6), UNSUPPORTED_COMPRESSION_TYPE);
  assertEquals(check(zstd, 7), NONE);
  assertEquals(check(batch({ attributes: 3 }), 3), NONE);
});

Deno.test("isTransactional() reads the attribute of whole batches alone", () => {
  assertEquals(isTransactional(batch({ attributes: 0x10 })), true);
  assertEquals(isTransactional(batch({ attributes: 0x0c })), false);
  assertEquals(isTransactional(batch({ attributes: 0x10, magic: 1 })), false);
  assertEquals(isTransactional(batch({ attributes: 0x10, presentBytes: 22 })), false);
  assertEquals(isTransactional(batch({ attributes: 0x10, presentBytes: 50 })), false);
});
