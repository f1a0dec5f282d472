/** Versions of a message in Kafka's notation: `"3"`, `"3-5"` (both included) or `"3+"`. */
export type VersionRange = `${number}` | `${number}-${number}` | `${number}+`;

/** The largest version that the wire can carry; what `"3+"` goes up to. */
const VERSION_MAX = 32767;

/**
 * First and last version of `range`, both included; `"none"` is empty: its last is below its first.
 */
export function versionBounds(range: VersionRange | "none"): { first: number; last: number } {
  if (range === "none") return { first: 0, last: -1 };
  if (range.endsWith("+")) return { first: Number(range.slice(0, -1)), last: VERSION_MAX };
  const dash = range.indexOf("-");
  if (dash < 0) return { first: Number(range), last: Number(range) };
  return { first: Number(range.slice(0, dash)), last: Number(range.slice(dash + 1)) };
}

/** True when `version` lies in `range`; a field without a range is in every version. */
export function inVersions(range: VersionRange | "none" | undefined, version: number): boolean {
  if (range === undefined) return true;
  const { first, last } = versionBounds(range);
  return version >= first && version <= last;
}
