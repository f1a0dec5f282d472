import { compareNumbers, divides, type JsonNumber } from "../../formats/mod.ts";
import type { Check } from "./check.ts";
import type { Bound, NumberShape, StringShape } from "./shape.ts";

/** Lengths may widen; a pattern may go. */
export function stringRules(check: Check, writer: StringShape, reader: StringShape): void {
  upperBound(check, "maxLength", writer.maxLength, reader.maxLength);
  lowerBound(check, "minLength", writer.minLength, reader.minLength);
  if (reader.pattern === null || reader.pattern === writer.pattern) return;
  const path = "/pattern";
  const text = JSON.stringify(reader.pattern);
  if (writer.pattern === null) {
    check.found("PATTERN_ADDED", path, `the reader demands pattern ${text}, the writer none`);
  } else {
    const other = JSON.stringify(writer.pattern);
    check.found("PATTERN_CHANGED", path, `the reader's pattern is ${text}, the writer's ${other}`);
  }
}

/** Integers may become numbers; limits may widen; a multiple may become one of its divisors. */
export function numberRules(check: Check, writer: NumberShape, reader: NumberShape): void {
  if (reader.isInteger && !writer.isInteger) {
    check.found(
      "TYPE_NARROWED",
      "/type",
      "the reader reads integers, the writer's may be any number",
    );
  }
  numberLimits(check, writer, reader);
  const { multipleOf } = reader;
  if (multipleOf === null) return;
  const old = writer.multipleOf;
  const path = "/multipleOf";
  if (old === null) {
    const text = `the reader demands multiples of ${multipleOf.text}, the writer doesn't`;
    check.found("MULTIPLE_OF_ADDED", path, text);
  } else if (!divides(multipleOf, old) && compareNumbers(multipleOf, old) !== 0) {
    const isExpanded = divides(old, multipleOf);
    check.found(
      isExpanded ? "MULTIPLE_OF_EXPANDED" : "MULTIPLE_OF_CHANGED",
      path,
      `multiples of ${old.text}, the writer's, need not be multiples of ${multipleOf.text}`,
    );
  }
}

/** An exclusive limit of the writer also keeps to the reader's plain one, and the other way around. */
function numberLimits(check: Check, writer: NumberShape, reader: NumberShape): void {
  limit(check, "maximum", reader.maximum, [writer.maximum, isBelowOrAt], [
    writer.exclusiveMaximum,
    isBelowOrAt,
  ]);
  limit(check, "exclusiveMaximum", reader.exclusiveMaximum, [
    writer.exclusiveMaximum,
    isBelowOrAt,
  ], [writer.maximum, isBelow]);
  limit(check, "minimum", reader.minimum, [writer.minimum, isAboveOrAt], [
    writer.exclusiveMinimum,
    isAboveOrAt,
  ]);
  limit(check, "exclusiveMinimum", reader.exclusiveMinimum, [
    writer.exclusiveMinimum,
    isAboveOrAt,
  ], [writer.minimum, isAbove]);
}

type Keeps = readonly [limit: Bound, keepsTo: (writer: JsonNumber, reader: JsonNumber) => boolean];

function limit(check: Check, keyword: string, reader: Bound, same: Keeps, other: Keeps): void {
  if (reader === null) return;
  const keeps = ([writer, keepsTo]: Keeps) => writer !== null && keepsTo(writer, reader);
  if (keeps(same) || keeps(other)) return;
  const change = keyword.toLowerCase().includes("max") ? "DECREASED" : "INCREASED";
  foundBound(check, keyword, change, same[0], reader);
}

/** A reader's bound must be at least the writer's. */
export function upperBound(check: Check, keyword: string, writer: Bound, reader: Bound): void {
  if (reader === null || (writer !== null && isBelowOrAt(writer, reader))) return;
  foundBound(check, keyword, "DECREASED", writer, reader);
}

/** A reader's bound must be at most the writer's; one of zero binds nothing. */
export function lowerBound(check: Check, keyword: string, writer: Bound, reader: Bound): void {
  if (reader === null || Number(reader.text) === 0) return;
  if (writer !== null && isAboveOrAt(writer, reader)) return;
  foundBound(check, keyword, "INCREASED", writer, reader);
}

function foundBound(
  check: Check,
  keyword: string,
  change: string,
  writer: Bound,
  reader: JsonNumber,
): void {
  const name = keyword.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  check.found(
    `${name}_${writer === null ? "ADDED" : change}`,
    `/${keyword}`,
    `${keyword} is ${reader.text} in the reader, ${writer?.text ?? "absent"} in the writer`,
  );
}

function isBelowOrAt(left: JsonNumber, right: JsonNumber): boolean {
  return compareNumbers(left, right) <= 0;
}

function isBelow(left: JsonNumber, right: JsonNumber): boolean {
  return compareNumbers(left, right) < 0;
}

function isAboveOrAt(left: JsonNumber, right: JsonNumber): boolean {
  return compareNumbers(left, right) >= 0;
}

function isAbove(left: JsonNumber, right: JsonNumber): boolean {
  return compareNumbers(left, right) > 0;
}
