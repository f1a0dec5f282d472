import { UsageError } from "./command_error.ts";

const DAY_MS = 86_400_000;

/** Milliseconds of `PnDTnHnMnS`. */
export function parseDurationMs(flag: string, text: string): number {
  const [all, days, hours, minutes, seconds] =
    /^P(?=.)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(text) ?? [];
  if (all === undefined) {
    throw new UsageError(`--${flag} ${text}: allowed is a duration such as P1D, PT2H30M or P7DT1S`);
  }
  return Number(days ?? 0) * DAY_MS + Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 + Math.round(Number(seconds ?? 0) * 1000);
}

/** Milliseconds since 1970 of `YYYY-MM-DDThh:mm:ss.sss`; UTC where no zone stands behind it. */
export function parseTimeMs(flag: string, text: string): number {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  const ms = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) ? text : `${text}Z`);
  if (!isTime || Number.isNaN(ms)) {
    throw new UsageError(`--${flag} ${text}: allowed is a time such as 2025-11-25T13:00:00.000`);
  }
  return ms;
}
