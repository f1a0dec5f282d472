import type { JsonValue } from "../../formats/mod.ts";
import type { Check } from "./check.ts";
import type { ArrayShape } from "./shape.ts";
import { compareRest, compareSlot } from "./slot_rules.ts";
import { lowerBound, upperBound } from "./value_rules.ts";

/** Rules for arrays; a list of one schema is a tuple of no places whose other items fit it. */
export function arrayRules(check: Check, writer: ArrayShape, reader: ArrayShape): void {
  itemRules(check, writer, reader);
  if (reader.rest === null) {
    const rest = writer.rest ?? writer.unevaluatedItems;
    compareRest(check, "unevaluatedItems", rest, reader.unevaluatedItems);
  }
  compareSlot(check, writer.contains, reader.contains, "/contains");
  upperBound(check, "maxContains", writer.maxContains, reader.maxContains);
  lowerBound(check, "minContains", writer.minContains, reader.minContains);
  upperBound(check, "maxItems", writer.maxItems, reader.maxItems);
  lowerBound(check, "minItems", writer.minItems, reader.minItems);
  if (reader.isUnique && !writer.isUnique) {
    check.found("UNIQUE_ITEMS_ADDED", "/uniqueItems", "the reader demands that items differ");
  }
}

function itemRules(check: Check, writer: ArrayShape, reader: ArrayShape): void {
  if (!writer.isTuple && !reader.isTuple) {
    compareSlot(check, writer.rest, reader.rest, "/items");
    return;
  }
  const shared = Math.min(writer.prefix.length, reader.prefix.length);
  for (const [i, item] of reader.prefix.entries()) {
    const path = `/${reader.prefixKeyword}/${i}`;
    if (i < shared) check.compare(writer.prefix[i] ?? null, item, path);
    else itemAdded(check, writer, item, path);
  }
  for (const [i, item] of writer.prefix.entries()) {
    if (i >= shared) itemRemoved(check, reader, item, `/${reader.prefixKeyword}/${i}`);
  }
  compareRest(check, "additionalItems", writer.rest, reader.rest, `/${reader.restKeyword}`);
}

/** All places past a tuple's end fit one schema; a place of its own must not take values away. */
function itemAdded(check: Check, writer: ArrayShape, item: JsonValue, path: string): void {
  const rest = restOf(writer);
  const { kind } = check.writers.of(rest);
  if (kind === "never") return;
  if (kind === "any") {
    if (check.readers.of(item).kind === "any") return;
    const text = "the writer's open content model lets any value in at this place";
    check.found("ITEM_ADDED_TO_OPEN_CONTENT_MODEL", path, text);
  } else if (!check.accepts(rest, item) && !check.isLenient) {
    check.found(
      "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
      path,
      "what the writer's partially open content model lets in at this place isn't always read",
    );
  }
}

function itemRemoved(check: Check, reader: ArrayShape, item: JsonValue, path: string): void {
  const rest = restOf(reader);
  const { kind } = check.readers.of(rest);
  if (kind === "any" || check.writers.of(item).kind === "never") return;
  if (kind === "never") {
    const text = "the reader's closed content model lets no value in at this place";
    check.found("ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", path, text);
  } else if (!check.accepts(item, rest) && !check.isLenient) {
    check.found(
      "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
      path,
      "the reader's partially open content model doesn't let in all values of this place",
    );
  }
}

function restOf(shape: ArrayShape): JsonValue {
  return shape.rest ?? shape.unevaluatedItems ?? true;
}
