import { type AnyMessage, type Field, type Fields, INT64_MAX } from "./schema.ts";
import { ZERO_UUID } from "./uuid.ts";
import { inVersions } from "./versions.ts";

/** How a field lies on the wire at one version: what the codec and its oracle both go by. */

/** True when the message has compact lengths and tagged fields at `version`. */
export function isFlexible(message: AnyMessage, version: number): boolean {
  return inVersions(message.flexible, version);
}

/** True when `version` has the field. */
export function isPresent(field: Field<unknown>, version: number): boolean {
  return inVersions(field.options.versions, version);
}

/** True when the field may be null on the wire at `version`. */
export function isNullable(field: Field<unknown>, version: number): boolean {
  const { nullable } = field.options;
  return nullable !== undefined && inVersions(nullable, version);
}

/**
 * What stands in front of a nullable struct when it is null; a one stands there when it is not.
 * Kafka writes -1 (KIP-893), but 0 in a tagged field.
 */
export function nullStructMarker(field: Field<unknown>): number {
  return field.options.tag === undefined ? -1 : 0;
}

/** True when the length in front of the field is compact, given the message's own rule. */
export function isCompact(field: Field<unknown>, flexible: boolean): boolean {
  return flexible && field.options.flexible !== "none";
}

/** The fields that are written in their place, in order. */
export function plainFields(fields: Fields, version: number): [string, Field<unknown>][] {
  return Object.entries(fields).filter(([, field]) =>
    field.options.tag === undefined && isPresent(field, version)
  );
}

/** The tagged fields of `version`, by ascending tag as they are written. */
export function taggedFields(fields: Fields, version: number): [string, Field<unknown>][] {
  return Object.entries(fields)
    .filter(([, field]) => field.options.tag !== undefined && isPresent(field, version))
    .sort(([, a], [, b]) => a.options.tag! - b.options.tag!);
}

/**
 * A fresh default of the field: Kafka's zero of its kind unless the declaration says otherwise. The
 * largest int64 is a bigint where `lossless`.
 */
export function defaultOf(field: Field<unknown>, lossless: boolean): unknown {
  const declared = field.options.default;
  if (lossless && field.kind === "int64" && declared === INT64_MAX) return 2n ** 63n - 1n;
  if (declared !== undefined) return declared;
  switch (field.kind) {
    case "bool":
      return false;
    case "uuid":
      return ZERO_UUID;
    case "string":
      return "";
    case "bytes":
      return new Uint8Array(0);
    case "records":
      return null;
    case "array":
      return [];
    case "struct":
      return defaultsOf(field.fields!, lossless);
    default:
      return 0;
  }
}

/** A fresh struct in which every field has its default. */
export function defaultsOf(fields: Fields, lossless: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, defaultOf(field, lossless)]),
  );
}

/** The least that a struct of these fields takes on the wire, in bytes. */
export function structBytesMin(fields: Fields, version: number, flexible: boolean): number {
  const plain = plainFields(fields, version);
  const sum = plain.reduce((bytes, [, field]) => bytes + bytesMin(field, version, flexible), 0);
  return flexible ? sum + 1 : sum;
}

/** The least that an element of an array takes: at least one byte, or its length is unbounded. */
export function elementBytesMin(array: Field<unknown>, version: number, flexible: boolean): number {
  return Math.max(1, bytesMin(array.element!, version, flexible));
}

function bytesMin(field: Field<unknown>, version: number, flexible: boolean): number {
  const compact = isCompact(field, flexible);
  switch (field.kind) {
    case "bool":
    case "int8":
      return 1;
    case "int16":
    case "uint16":
      return 2;
    case "int32":
    case "uint32":
      return 4;
    case "int64":
    case "float64":
      return 8;
    case "uuid":
      return 16;
    case "string":
      return compact ? 1 : 2;
    case "bytes":
    case "records":
    case "array":
      return compact ? 1 : 4;
    case "struct":
      return isNullable(field, version) ? 1 : structBytesMin(field.fields!, version, flexible);
  }
}
