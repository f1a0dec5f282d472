import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "./protocol_error.ts";
import { ELEMENTS_MAX, Reader } from "./reader.ts";

function reader(hex: string): Reader {
  return new Reader(Uint8Array.fromHex(hex));
}

/** Asserts that `read` throws ProtocolError with a message that has `text`. */
function assertRefuses(read: () => unknown, text: string): void {
  assertThrows(read, ProtocolError, text);
}

Deno.test("numbers are big-endian and signed where the kind says so", () => {
  assertEquals(reader("ff").int8(), -1);
  assertEquals(reader("8000").int16(), -32768);
  assertEquals(reader("ffff").uint16(), 65535);
  assertEquals(reader("80000000").int32(), -(2 ** 31));
  assertEquals(reader("ffffffff").uint32(), 2 ** 32 - 1);
  assertEquals(reader("0000018bcfe56800").int64(), 1_700_000_000_000);
  assertEquals(reader("fffffffffffffffe").int64(), -2);
  assertEquals(reader("3ff8000000000000").float64(), 1.5);
  assertEquals([reader("00").bool(), reader("01").bool(), reader("02").bool()], [
    false,
    true,
    true,
  ]);
});

Deno.test("int64() gives the nearest double, int64Exact() a bigint beyond 2^53", () => {
  assertEquals(reader("7fffffffffffffff").int64(), 2 ** 63);
  assertEquals(reader("7fffffffffffffff").int64Exact(), 2n ** 63n - 1n);
  assertEquals(reader("001fffffffffffff").int64Exact(), Number.MAX_SAFE_INTEGER);
  assertEquals(reader("0020000000000001").int64Exact(), 2n ** 53n + 1n);
});

Deno.test("a varint has up to five bytes", () => {
  assertEquals(reader("00").uvarint(), 0);
  assertEquals(reader("7f").uvarint(), 127);
  assertEquals(reader("8001").uvarint(), 128);
  assertEquals(reader("ffffffff0f").uvarint(), 2 ** 32 - 1);
  assertRefuses(() => reader("ffffffffff01").uvarint(), "longer than 5 bytes");
  assertRefuses(() => reader("80").uvarint(), "0 bytes left");
});

Deno.test("strings of every length and script survive", () => {
  for (
    const text of [
      "",
      "a",
      "abcde",
      "é",
      "abcdé",
      "a😀",
      "x".repeat(40),
      "ß".repeat(300),
      "\0",
      "\uFEFFa",
    ]
  ) {
    const utf8 = new TextEncoder().encode(text);
    const frame = new Uint8Array([utf8.length >> 8, utf8.length & 255, ...utf8]);
    assertEquals(new Reader(frame).string(), text);
  }
});

Deno.test("bytes that are no UTF-8 become U+FFFD", () => {
  assertEquals(reader("0002ff61").string(), "\uFFFDa");
  assertEquals(reader("0003e28261").string(), "\uFFFDa");
});

Deno.test("any negative length is null", () => {
  assertEquals(reader("ffff").nullableString(), null);
  assertEquals(reader("fffe").nullableString(), null);
  assertEquals(reader("00").compactNullableString(), null);
  assertEquals(reader("ffffffff").nullableBytes(), null);
  assertEquals(reader("00").compactNullableBytes(), null);
  assertEquals(reader("fffffffe").arrayLength(1), -1);
  assertEquals(reader("00").compactArrayLength(1), -1);
  assertRefuses(() => reader("ffff").string(), "null is not allowed");
  assertRefuses(() => reader("00").compactBytes(), "null is not allowed");
});

Deno.test("lengths are checked before anything is read or allocated", () => {
  assertRefuses(() => reader("7fff61").string(), "Cannot read 32767 bytes at byte 2: 1 bytes left");
  assertRefuses(() => reader("81800261").compactString(), "32768 bytes, at most 32767");
  assertRefuses(() => reader("7fffffff").bytes(), "0 bytes left");
  assertRefuses(() => reader("ffffffff0f").compactBytes(), "0 bytes left");
  assertRefuses(() => reader("7fffffff").arrayLength(1), "2147483647 elements of at least 1 bytes");
  assertRefuses(() => reader("0000000300000000").arrayLength(2), "3 elements of at least 2 bytes");
  assertRefuses(() => reader("00").skip(2), "Cannot read 2 bytes");
  assertRefuses(() => reader("00").taggedEnd(2), "Cannot read 2 bytes");
});

Deno.test("a message has a bounded number of array elements, however large the frame", () => {
  const frame = new Uint8Array(ELEMENTS_MAX + 8);
  const view = new DataView(frame.buffer);
  view.setInt32(0, 5);
  view.setInt32(4, ELEMENTS_MAX - 4);
  const hostile = new Reader(frame);
  hostile.arrayLength(1);
  assertRefuses(() => hostile.arrayLength(1), "4000001 elements so far, at most 4000000");
  hostile.reset(frame.subarray(4));
  assertEquals(hostile.arrayLength(1), ELEMENTS_MAX - 4);
});

Deno.test("a frame ends where it ends, though its buffer goes on", () => {
  const buffer = Uint8Array.fromHex("0001020304050607");
  const frame = new Reader(buffer.subarray(2, 5));
  assertEquals([frame.position, frame.remaining], [0, 3]);
  assertEquals(frame.int16(), 0x0203);
  assertRefuses(() => frame.int16(), "Cannot read 2 bytes at byte 2: 1 bytes left");
  assertEquals(frame.int8(), 4);
  frame.reset(buffer.subarray(6));
  assertEquals([frame.int8(), frame.position, frame.remaining], [6, 1, 1]);
});

Deno.test("bytes are views into the frame", () => {
  const frame = Uint8Array.fromHex("00000002aabb");
  const bytes = new Reader(frame).bytes();
  frame[4] = 1;
  assertEquals(bytes, new Uint8Array([1, 0xbb]));
});
