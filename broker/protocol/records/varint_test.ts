import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { RecordsError } from "./records_error.ts";
import { VarintReader, varintSize, varlongSize, writeVarint, writeVarlong } from "./varint.ts";

/** Protocol Buffers' zigzag varint, by its definition. */
function reference(value: bigint, bits: bigint): number[] {
  let rest = BigInt.asUintN(Number(bits), (value << 1n) ^ (value >> (bits - 1n)));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

function reader(bytes: readonly number[]): VarintReader {
  const input = new VarintReader();
  input.bytes = Uint8Array.from(bytes);
  input.end = bytes.length;
  return input;
}

const edges = [0, 1, -1, 63, 64, -64, -65, 8_191, 8_192, 2 ** 27, -(2 ** 27) - 1, 2 ** 30];

Deno.test("varints of int32 are written, sized and read as defined", () => {
  const check = (value: number) => {
    const expected = reference(BigInt(value), 32n);
    const bytes = new Uint8Array(8);
    const end = writeVarint(bytes, 1, value);
    assertEquals([...bytes.subarray(1, end)], expected, String(value));
    assertEquals(varintSize(value), expected.length, String(value));
    assertEquals(reader(expected).varint(), value);
  };
  for (const value of [...edges, 0x7fffffff, -0x80000000]) check(value);
  fc.assert(fc.property(fc.integer(), check));
});

Deno.test("varints of int64 are written, sized and read as defined up to 2^53", () => {
  const check = (value: number) => {
    const expected = reference(BigInt(value), 64n);
    const bytes = new Uint8Array(12);
    const end = writeVarlong(bytes, 1, value);
    assertEquals([...bytes.subarray(1, end)], expected, String(value));
    assertEquals(varlongSize(value), expected.length, String(value));
    assertEquals(reader(expected).varlong(), value);
  };
  const large = [2 ** 31, -(2 ** 31), 2 ** 34, 2 ** 48 + 1, 2 ** 52 + 1];
  for (const value of [...edges, ...large, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    check(value);
  }
  fc.assert(fc.property(fc.maxSafeInteger(), check));
});

Deno.test("varlong() reads all of int64 as the nearest number", () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
    const read = reader(reference(value, 64n)).varlong();
    return Math.abs(read - Number(value)) <= Math.abs(Number(value)) * 2 ** -52;
  }));
  assertEquals(reader(reference(-(2n ** 63n), 64n)).varlong(), -(2 ** 63));
});

Deno.test("varint() and varlong() refuse what is cut or too long and stay inside their end", () => {
  for (const length of [1, 2, 5]) {
    const cut = new Array(length).fill(0xff);
    assertThrows(() => reader(cut).varint(), RecordsError);
    assertThrows(() => reader(cut).varlong(), RecordsError);
  }
  assertThrows(() => reader([]).varint(), RecordsError, "ends inside a field");
  assertThrows(
    () => reader([0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).varint(),
    RecordsError,
    "5 bytes",
  );
  assertThrows(() => reader(new Array(11).fill(0x80)).varlong(), RecordsError, "10 bytes");
  const bounded = reader([0x80, 0x01]);
  bounded.end = 1;
  assertThrows(() => bounded.varint(), RecordsError, "ends inside a field");
});

Deno.test("a reader goes on behind each varint", () => {
  const input = reader([...reference(-300n, 32n), ...reference(2n ** 40n, 64n), 0x02]);
  assertEquals([input.varint(), input.varlong(), input.varint()], [-300, 2 ** 40, 1]);
  assertEquals(input.position, input.end);
});
