/** The largest int64, as near as a number comes: 2^63. {@linkcode writeInt64} stores it as 2^63 - 1. */
export const INT64_MAX = 2 ** 63;

const TWO_TO_32 = 2 ** 32;

/** A big-endian int64 as a number; beyond 2^53 the nearest one. */
export function readInt64(view: DataView, position: number): number {
  return view.getInt32(position) * TWO_TO_32 + view.getUint32(position + 4);
}

/** Writes a whole number as a big-endian int64; what lies outside its range becomes its limit. */
export function writeInt64(view: DataView, position: number, value: number | bigint): void {
  if (typeof value === "bigint") return view.setBigInt64(position, value);
  if (value >= INT64_MAX) {
    view.setUint32(position, 0x7fffffff);
    view.setUint32(position + 4, 0xffffffff);
    return;
  }
  const kept = Math.max(value, -INT64_MAX);
  const high = Math.floor(kept / TWO_TO_32);
  view.setInt32(position, high);
  view.setUint32(position + 4, kept - high * TWO_TO_32);
}

/** What a sum of int64s is in 64 bits: Java's `+` wraps around. */
export function wrapInt64(value: number): number {
  if (value >= INT64_MAX) return value - 2 ** 64;
  if (value < -INT64_MAX) return value + 2 ** 64;
  return value;
}
