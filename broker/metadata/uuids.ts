import { uuidToBytes } from "../protocol/mod.ts";

/** Kafka's order of ids: as two signed numbers of 64 bits, which is not the order of their letters. */
export function compareUuids(left: string, right: string): number {
  const a = new DataView(uuidToBytes(left).buffer);
  const b = new DataView(uuidToBytes(right).buffer);
  return compare(a.getBigInt64(0), b.getBigInt64(0)) || compare(a.getBigInt64(8), b.getBigInt64(8));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
