import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { crc32c, crc32cByTables, hasHardwareCrc32c, loadHardwareCrc32c } from "./crc32c.ts";

function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24);
}

Deno.test("crc32c() gives the known values of RFC 3720", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assertEquals(crc32c(Uint8Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e);
  assertEquals(crc32c(new Uint8Array(0)), 0);
});

Deno.test("crc32c() equals the bitwise definition for every length and alignment up to 700 bytes", async () => {
  const bytes = patterned(720);
  const check = () => {
    for (let length = 0; length <= 700; length += 1 + (length >> 5)) {
      for (const start of [0, 1, 7, 13]) {
        assertEquals(
          crc32c(bytes, start, start + length),
          bitByBit(bytes.subarray(start, start + length)),
          `${length} bytes from ${start}`,
        );
      }
    }
  };
  check();
  await loadHardwareCrc32c();
  check();
});

Deno.test("crc32c() continues from a seed, with the add-on and without", async () => {
  await loadHardwareCrc32c();
  const bytes = patterned(5_000);
  const whole = crc32cByTables(bytes, 0, bytes.length, 0);
  for (const cut of [0, 1, 15, 16, 17, 319, 320, 321, 4_000, 4_999, 5_000]) {
    assertEquals(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut)), whole, `cut at ${cut}`);
  }
});

Deno.test("crc32c() by the add-on and by tables agree on random input", async () => {
  if (!await loadHardwareCrc32c()) return; // Nothing to compare on this platform.
  assertEquals(hasHardwareCrc32c(), true);
  fc.assert(fc.property(
    fc.uint8Array({ minLength: 320, maxLength: 3_000 }),
    fc.nat({ max: 0xffffffff }),
    (bytes, seed) =>
      crc32c(bytes, 0, bytes.length, seed) === crc32cByTables(bytes, 0, bytes.length, seed),
  ));
});
