import { assertEquals, assertThrows } from "@std/assert";
import { unzigzag, WireError, WireReader, WireWriter, zigzag } from "./wire.ts";

Deno.test("WireWriter puts lengths in front of content of any size, wherever its buffer ends", () => {
  for (let before = 0; before < 300; before++) {
    for (const size of [0, 1, 126, 127, 128, 129, 300, 16_383, 16_384]) {
      const writer = new WireWriter();
      writer.raw(new Uint8Array(before).fill(1));
      const mark = writer.begin();
      writer.raw(new Uint8Array(size).fill(2));
      writer.end(mark);
      writer.string("é");
      const bytes = writer.finish();
      const reader = new WireReader(bytes.subarray(before));
      const content = reader.bytes();
      assertEquals(content.length, size);
      assertEquals(content.every((byte) => byte === 2), true);
      assertEquals(reader.bytes().toHex(), "c3a9");
      assertEquals(reader.done, true);
    }
  }
});

Deno.test("varints of any size come back", () => {
  const values = [
    0n,
    1n,
    127n,
    128n,
    2n ** 31n,
    2n ** 49n - 1n,
    2n ** 49n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
  ];
  for (const value of values) {
    const writer = new WireWriter();
    writer.varint64(value);
    writer.varint64(-value);
    writer.varint64(value);
    const reader = new WireReader(writer.finish());
    assertEquals(reader.varint64(), value);
    assertEquals(BigInt.asIntN(64, reader.varint64()), BigInt.asIntN(64, -value));
    assertEquals(reader.varint32(), Number(BigInt.asIntN(32, value)));
  }
  for (const value of [0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assertEquals(unzigzag(zigzag(value)), value);
  }
});

Deno.test("WireReader refuses what ends early, is too long, or is no tag", () => {
  const refused = (hex: string, read: (reader: WireReader) => unknown) =>
    assertThrows(() => read(new WireReader(Uint8Array.fromHex(hex))), WireError);
  refused("", (reader) => reader.varint());
  refused("80", (reader) => reader.varint64());
  refused("ffffffffffffffffffff01", (reader) => reader.varint64());
  refused("ffffffffffffffffffff01", (reader) => reader.varint32());
  refused("ffffffffffffff01", (reader) => reader.varint());
  refused("05ff", (reader) => reader.bytes());
  refused("ffffffffffff7f", (reader) => reader.bytes());
  refused("07", (reader) => reader.tag());
  refused("0e", (reader) => reader.skip(reader.tag()));
  refused("010203", (reader) => reader.fixed32());
  refused("0b14", (reader) => reader.skip(reader.tag()));
  refused("0b", (reader) => reader.skip(reader.tag()));
});
