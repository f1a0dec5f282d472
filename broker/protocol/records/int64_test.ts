import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { INT64_MAX, readInt64, wrapInt64, writeInt64 } from "./int64.ts";

const view = new DataView(new ArrayBuffer(16));

Deno.test("int64s up to 2^53 are what DataView makes of them", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => {
    writeInt64(view, 3, value);
    return view.getBigInt64(3) === BigInt(value) && readInt64(view, 3) === value;
  }));
});

Deno.test("int64s beyond 2^53 are read as the nearest number and written saturated", () => {
  for (
    const [value, stored] of [
      [INT64_MAX, 2n ** 63n - 1n],
      [2 ** 70, 2n ** 63n - 1n],
      [Infinity, 2n ** 63n - 1n],
      [-(2 ** 63), -(2n ** 63n)],
      [-(2 ** 64), -(2n ** 63n)],
      [2 ** 62 + 1024, 2n ** 62n + 1024n],
    ] as const
  ) {
    writeInt64(view, 0, value);
    assertEquals(view.getBigInt64(0), stored, String(value));
  }
  view.setBigInt64(0, 2n ** 63n - 1n);
  assertEquals(readInt64(view, 0), INT64_MAX);
  writeInt64(view, 0, 2n ** 60n + 1n);
  assertEquals(view.getBigInt64(0), 2n ** 60n + 1n);
});

Deno.test("wrapInt64() wraps as 64-bit addition does", () => {
  assertEquals(wrapInt64(2 ** 63), -(2 ** 63));
  assertEquals(wrapInt64(-(2 ** 63) - 2 ** 12), 2 ** 63 - 2 ** 12);
  assertEquals(wrapInt64(1_700_000_000_000), 1_700_000_000_000);
});
