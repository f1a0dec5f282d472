import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "./protocol_error.ts";
import { Reader } from "./reader.ts";
import type { RecordsSource } from "./schema.ts";
import { Writer } from "./writer.ts";

function hexOf(write: (writer: Writer) => void): string {
  const writer = new Writer(16);
  write(writer);
  return writer.toBytes().toHex();
}

function source(...bytes: number[]): RecordsSource {
  return {
    sizeBytes: bytes.length,
    read: (buffer, fromBytes) => buffer.set(bytes.slice(fromBytes, fromBytes + buffer.length)),
  };
}

Deno.test("numbers are big-endian", () => {
  assertEquals(hexOf((w) => w.int8(-1)), "ff");
  assertEquals(hexOf((w) => w.int16(-2)), "fffe");
  assertEquals(hexOf((w) => w.uint16(65535)), "ffff");
  assertEquals(hexOf((w) => w.int32(-(2 ** 31))), "80000000");
  assertEquals(hexOf((w) => w.uint32(2 ** 32 - 1)), "ffffffff");
  assertEquals(hexOf((w) => w.float64(1.5)), "3ff8000000000000");
  assertEquals(hexOf((w) => w.bool(true)), "01");
  assertEquals(hexOf((w) => w.uvarint(300)), "ac02");
  assertEquals(hexOf((w) => w.uvarint(2 ** 32 - 1)), "ffffffff0f");
});

Deno.test("an int64 saturates at both ends", () => {
  assertEquals(hexOf((w) => w.int64(1_700_000_000_000)), "0000018bcfe56800");
  assertEquals(hexOf((w) => w.int64(-1)), "ffffffffffffffff");
  assertEquals(hexOf((w) => w.int64(-(2 ** 32) - 5)), "fffffffefffffffb");
  assertEquals(hexOf((w) => w.int64(2 ** 62)), "4000000000000000");
  assertEquals(hexOf((w) => w.int64(2 ** 63)), "7fffffffffffffff");
  assertEquals(hexOf((w) => w.int64(Infinity)), "7fffffffffffffff");
  assertEquals(hexOf((w) => w.int64(-(2 ** 63))), "8000000000000000");
  assertEquals(hexOf((w) => w.int64(-1e300)), "8000000000000000");
  assertEquals(hexOf((w) => w.int64Exact(2n ** 53n + 1n)), "0020000000000001");
});

Deno.test("strings of every length and script survive, compact or not", () => {
  const letters = ["a", "é", "日", "😀"];
  for (const letter of letters) {
    for (const count of [0, 1, 47, 48, 49, 126, 127, 128, 5000]) {
      const text = letter.repeat(count);
      const writer = new Writer(16);
      writer.string(text);
      writer.compactString(text);
      writer.int8(1);
      const reader = new Reader(writer.toBytes());
      assertEquals(reader.string(), text);
      assertEquals(reader.compactString(), text);
      assertEquals([reader.int8(), reader.remaining], [1, 0]);
    }
  }
});

Deno.test("a string longer than 32767 bytes is refused", () => {
  const fits = "é".repeat(16383);
  assertEquals(hexOf((w) => w.string(fits)).length, 2 * (2 + 32766));
  const tooLong = fits + "é";
  for (const write of [(w: Writer) => w.string(tooLong), (w: Writer) => w.compactString(tooLong)]) {
    assertThrows(() => hexOf(write), ProtocolError, "32768 bytes, at most 32767");
  }
});

Deno.test("the size of a tagged field goes in front of it, however long it is", () => {
  for (const length of [0, 1, 127, 128, 16383, 16384, 3_000_000]) {
    const writer = new Writer(16);
    writer.int8(7);
    const place = writer.beginSized();
    writer.raw(new Uint8Array(length).fill(5));
    writer.endSized(place);
    writer.int8(8);
    const reader = new Reader(writer.toBytes());
    assertEquals(reader.int8(), 7);
    assertEquals(reader.uvarint(), length);
    assertEquals(reader.raw(length).every((byte) => byte === 5), true);
    assertEquals([reader.int8(), reader.remaining], [8, 0]);
  }
});

Deno.test("sources stay parts of their own, read when the message is put together", () => {
  const writer = new Writer(64);
  const place = writer.reserveInt32();
  writer.compactNullableRecords(source(1, 2, 3));
  writer.records(source(4));
  writer.nullableRecords(null);
  writer.patchInt32(place, writer.sizeBytes - 4);
  const { sizeBytes, parts } = writer.take();
  assertEquals(parts.length, 5);
  assertEquals(sizeBytes, 4 + 1 + 3 + 4 + 1 + 4);
  assertEquals((parts[0] as Uint8Array).toHex(), "0000000d04");
  assertEquals((parts[4] as Uint8Array).toHex(), "ffffffff");

  writer.records(source(1, 2, 3));
  writer.int8(9);
  assertEquals(writer.toBytes().toHex(), "0000000301020309");
});

Deno.test("large batches are not copied, small ones are", () => {
  const writer = new Writer();
  const small = new Uint8Array(100);
  const large = new Uint8Array(5000);
  writer.records(small);
  writer.records(large);
  const { parts, sizeBytes } = writer.take();
  assertEquals(parts.length, 2);
  assertEquals(parts[1] === large, true);
  assertEquals(sizeBytes, 4 + 100 + 4 + 5000);
});

Deno.test("what was taken is never written to again", () => {
  const writer = new Writer(64);
  const taken: { bytes: Uint8Array; expected: string }[] = [];
  for (let i = 0; i < 200; i++) {
    const text = `message ${i} `.repeat(i % 40);
    writer.string(text);
    const [bytes] = writer.take().parts as [Uint8Array];
    taken.push({ bytes, expected: text });
  }
  for (const { bytes, expected } of taken) assertEquals(new Reader(bytes).string(), expected);
});

Deno.test("reset() drops the message that was begun and no other", () => {
  const writer = new Writer(64);
  writer.int32(1);
  const [first] = writer.take().parts as [Uint8Array];
  writer.records(source(1, 2));
  writer.int32(2);
  writer.reset();
  assertEquals(writer.sizeBytes, 0);
  writer.int8(3);
  assertEquals(writer.toBytes().toHex(), "03");
  assertEquals(first.toHex(), "00000001");
});
