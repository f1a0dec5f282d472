import { UsageError } from "../command_error.ts";

/** `YYYY-MM-DDThh:mm:ss.sss` with a zone or not; seconds and their fraction may be left out. */
const DATETIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
/** ISO 8601 as java.time.Duration takes it: days, hours, minutes, seconds, each with a sign or not. */
const DURATION =
  /^([+-]?)P(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:\.\d{1,9})?)S)?)?$/i;

/**
 * Milliseconds since 1970 of an ISO 8601 date and time, UTC where it names no zone. Throws
 * UsageError that names `flag`.
 */
export function parseDatetime(flag: string, text: string): number {
  const match = DATETIME.exec(text);
  if (match !== null) {
    const [, date = "", minutes = "", seconds = "00", fraction = ".0", zone = "Z"] = match;
    const offset = zone === "Z"
      ? zone
      : `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}`;
    const local = Date.parse(
      `${date}T${minutes}:${seconds}.${fraction.slice(1, 4).padEnd(3, "0")}Z`,
    );
    const moment = Date.parse(
      `${date}T${minutes}:${seconds}.${fraction.slice(1, 4).padEnd(3, "0")}${offset}`,
    );
    // Date.parse takes February 30 for March 2; what is no date comes back as another one.
    const isReal = !Number.isNaN(local) && new Date(local).toISOString().startsWith(date);
    if (isReal && !Number.isNaN(moment)) return moment;
  }
  throw new UsageError(
    `--${flag} ${text}: allowed is YYYY-MM-DDThh:mm:ss.sss, with Z or +hh:mm behind it or in UTC`,
  );
}

/** Milliseconds of an ISO 8601 duration such as P1DT2H. Throws UsageError that names `flag`. */
export function parseDuration(flag: string, text: string): number {
  const match = DURATION.exec(text);
  const [, sign = "", ...numbers] = match ?? [];
  if (match === null || numbers.every((each) => each === undefined) || /T$/i.test(text)) {
    throw new UsageError(
      `--${flag} ${text}: allowed is PnDTnHnMnS, such as P1D, PT2H or P1DT12H30M`,
    );
  }
  const [days, hours, minutes, seconds] = numbers.map((each) => Number(each ?? 0));
  const ms = (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
  return Math.trunc(sign === "-" ? -ms : ms);
}
