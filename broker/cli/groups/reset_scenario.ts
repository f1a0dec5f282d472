import { UsageError } from "../command_error.ts";
import { integer, onOff, text } from "../flags.ts";
import type { FlagSet, FlagValues } from "../flags.ts";
import { parseDatetime, parseDuration } from "./moment.ts";

/** Flags that say where offsets are reset to; one of them is needed. */
export const scenarioFlags = {
  "to-earliest": onOff("Reset to the first offset of each partition."),
  "to-latest": onOff("Reset to the end of each partition."),
  "to-current": onOff("Reset to what is committed now, to the end where nothing is."),
  "to-offset": integer("offset", "Reset to this offset.", { min: 0 }),
  "shift-by": integer("n", "Reset to the committed offset plus n, which may be negative."),
  "to-datetime": text(
    "datetime",
    "Reset to the first offset from then on: YYYY-MM-DDThh:mm:ss.sss, in UTC or with a zone.",
  ),
  "by-duration": text(
    "duration",
    "Reset to the first offset from that long ago on: PnDTnHnMnS.",
  ),
  "from-file": text("file", "Reset to what a CSV file says, as --export prints it."),
} as const satisfies FlagSet;

/** Where offsets are reset to. */
export type ResetScenario =
  | { readonly kind: "earliest" | "latest" | "current" }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "shift"; readonly by: number }
  | { readonly kind: "time"; readonly timestampMs: number }
  | { readonly kind: "file"; readonly path: string };

/** What the flags ask for. Throws UsageError when they ask for nothing or for several things. */
export function scenarioOf(
  flags: FlagValues<typeof scenarioFlags>,
  nowMs: number,
): ResetScenario {
  const given = Object.keys(scenarioFlags).filter((name) => {
    const value = flags[name as keyof typeof scenarioFlags];
    return value !== null && value !== false;
  });
  if (given.length !== 1) {
    const names = Object.keys(scenarioFlags).map((name) => `--${name}`).join(", ");
    const what = given.length === 0 ? "none" : given.map((name) => `--${name}`).join(" and ");
    throw new UsageError(`--reset-offsets with ${what}: allowed is one of ${names}`);
  }
  if (flags["to-earliest"]) return { kind: "earliest" };
  if (flags["to-latest"]) return { kind: "latest" };
  if (flags["to-current"]) return { kind: "current" };
  if (flags["to-offset"] !== null) return { kind: "offset", offset: flags["to-offset"] };
  if (flags["shift-by"] !== null) return { kind: "shift", by: flags["shift-by"] };
  if (flags["from-file"] !== null) return { kind: "file", path: flags["from-file"] };
  const datetime = flags["to-datetime"], duration = flags["by-duration"] ?? "";
  return {
    kind: "time",
    timestampMs: datetime !== null
      ? parseDatetime("to-datetime", datetime)
      : nowMs - parseDuration("by-duration", duration),
  };
}

/** An offset brought into `[start, end]`, and what to say when that changed it. */
export function clampOffset(
  name: string,
  offset: number,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly offset: number; readonly warning: string | null } {
  const clamped = Math.min(Math.max(offset, start), end);
  if (clamped === offset) return { offset, warning: null };
  const side = offset > end ? `beyond the end ${end}` : `before the start ${start}`;
  return { offset: clamped, warning: `Offset ${offset} of ${name} is ${side}: using ${clamped}` };
}
