import { OFFSET_TIMES } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";

const NAMES = Object.keys(OFFSET_TIMES);

/**
 * Reads `--time`: a name such as `latest`, its number, or milliseconds since 1970. Throws UsageError
 * that tells what is allowed.
 */
export function parseOffsetTime(text: string): number {
  if (Object.hasOwn(OFFSET_TIMES, text)) return OFFSET_TIMES[text as keyof typeof OFFSET_TIMES];
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= -NAMES.length && Number.isSafeInteger(value)) return value;
  const special = NAMES.map((name, index) => `${-1 - index} or ${name}`).join(", ");
  throw new UsageError(`--time ${text}: allowed are ${special}, or milliseconds since 1970`);
}
