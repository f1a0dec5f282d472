import { type Prng, randomUuidBytes } from "../../base/mod.ts";

/** An id for a new member: its instance or client id, so that people can tell members apart, and a uuid. */
export function newMemberId(prng: Prng, prefix: string): string {
  const hex = Array.from(randomUuidBytes(prng), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ];
  return `${prefix}-${parts.join("-")}`;
}
