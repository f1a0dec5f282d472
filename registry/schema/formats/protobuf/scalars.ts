import type { FieldType, LinkedEnum } from "./linked.ts";
import type { OptionValue } from "./syntax_tree.ts";
import { WIRE } from "./wire.ts";

/** How values of a type are delimited. */
export function wireTypeOf(type: FieldType): number {
  switch (type) {
    case "double":
    case "fixed64":
    case "sfixed64":
      return WIRE.fixed64;
    case "float":
    case "fixed32":
    case "sfixed32":
      return WIRE.fixed32;
    case "string":
    case "bytes":
    case "message":
      return WIRE.bytes;
    case "group":
      return WIRE.startGroup;
    default:
      return WIRE.varint;
  }
}

/** Bits and sign of the integer types. */
export const INTEGERS: Readonly<Record<string, { readonly min: bigint; readonly max: bigint }>> = {
  int32: { min: -(1n << 31n), max: (1n << 31n) - 1n },
  sint32: { min: -(1n << 31n), max: (1n << 31n) - 1n },
  sfixed32: { min: -(1n << 31n), max: (1n << 31n) - 1n },
  uint32: { min: 0n, max: (1n << 32n) - 1n },
  fixed32: { min: 0n, max: (1n << 32n) - 1n },
  int64: { min: -(1n << 63n), max: (1n << 63n) - 1n },
  sint64: { min: -(1n << 63n), max: (1n << 63n) - 1n },
  sfixed64: { min: -(1n << 63n), max: (1n << 63n) - 1n },
  uint64: { min: 0n, max: (1n << 64n) - 1n },
  fixed64: { min: 0n, max: (1n << 64n) - 1n },
};

/** The integer that a number of an option writes; null when it is none. */
export function parseInteger(text: string): bigint | null {
  const negative = text.startsWith("-");
  const digits = negative ? text.slice(1) : text;
  if (!/^(?:0[xX][0-9a-fA-F]{1,16}|\d{1,24})$/.test(digits)) return null;
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return negative ? -value : value;
}

/** The number that a number or a name of an option writes; null when it is none. */
export function parseFloating(value: OptionValue): number | null {
  if (value.kind === "number") {
    const integer = parseInteger(value.text);
    return integer !== null ? Number(integer) : Number(value.text.replace(/[fF]$/, ""));
  }
  if (value.kind !== "name") return null;
  switch (value.text.toLowerCase()) {
    case "inf":
    case "infinity":
      return Infinity;
    case "-inf":
    case "-infinity":
      return -Infinity;
    case "nan":
    case "-nan":
      return NaN;
    default:
      return null;
  }
}

/** The reason why a value doesn't fit a scalar or an enum; null when it does. */
export function scalarMisfit(
  type: FieldType,
  one: LinkedEnum | null,
  value: OptionValue,
): string | null {
  switch (type) {
    case "string":
    case "bytes":
      return value.kind === "string" ? null : "needs a string";
    case "bool":
      return value.kind === "name" && (value.text === "true" || value.text === "false")
        ? null
        : "needs true or false";
    case "float":
    case "double":
      return parseFloating(value) === null ? "needs a number" : null;
    case "enum": {
      if (value.kind === "name" && one!.byName.has(value.text)) return null;
      const allowed = [...one!.byName.keys()].slice(0, 8).join(", ");
      return `needs a value of ${one!.fullName}: ${allowed}`;
    }
    default: {
      const range = INTEGERS[type]!;
      const integer = value.kind === "number" ? parseInteger(value.text) : null;
      if (integer === null) return "needs an integer";
      const fits = integer >= range.min && integer <= range.max;
      return fits ? null : `is outside ${range.min} to ${range.max}`;
    }
  }
}

/** A number the way that .proto texts write it. */
export function floatingText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return Object.is(value, -0) ? "-0" : `${value}`;
}

/** The shortest decimal that is this single-precision number. */
export function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}
