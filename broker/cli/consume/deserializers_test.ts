import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../command_error.ts";
import { deserializerOf } from "./deserializers.ts";

function read(name: string, bytes: number[]): Uint8Array | string {
  return deserializerOf("value.deserializer", name)(new Uint8Array(bytes));
}

function double(value: number): number[] {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return [...bytes];
}

Deno.test("numbers are read big-endian and printed as Java prints them", () => {
  assertEquals(read("ShortDeserializer", [255, 254]), "-2");
  assertEquals(read("IntegerDeserializer", [0, 0, 1, 0]), "256");
  assertEquals(
    read("LongDeserializer", [127, 255, 255, 255, 255, 255, 255, 255]),
    "9223372036854775807",
  );
  assertEquals(read("BooleanDeserializer", [1]), "true");
  for (
    const [value, text] of [
      [0, "0.0"],
      [-0, "-0.0"],
      [1.5, "1.5"],
      [100, "100.0"],
      [1e7, "1.0E7"],
      [123456789.5, "1.234567895E8"],
      [0.001, "0.001"],
      [0.0001, "1.0E-4"],
      [NaN, "NaN"],
      [-Infinity, "-Infinity"],
    ] as const
  ) assertEquals(read("DoubleDeserializer", double(value)), text);
  assertEquals(read("FloatDeserializer", [0x3d, 0xcc, 0xcc, 0xcd]), "0.1");
});

Deno.test("text stays bytes; Bytes are printed with escapes", () => {
  assertEquals(read("StringDeserializer", [104, 105]), new Uint8Array([104, 105]));
  assertEquals(read("BytesDeserializer", [104, 0, 0x5c, 0xff]), "h\\x00\\x5C\\xFF");
});

Deno.test("a wrong length and an unknown class are errors", () => {
  assertThrows(() => read("LongDeserializer", [1]), CommandError, "1 bytes");
  assertThrows(
    () => read("AvroDeserializer", []),
    CommandError,
    "value.deserializer=AvroDeserializer",
  );
});
