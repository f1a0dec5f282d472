import type { JsonValue } from "../../formats/mod.ts";
import type { Check } from "./check.ts";

/** A schema that may be absent, null: it may go, and must not come unless it demands nothing. */
export function compareSlot(
  check: Check,
  writer: JsonValue,
  reader: JsonValue,
  path: string,
): void {
  if (reader === null) return;
  if (writer !== null) check.compare(writer, reader, path);
  else if (check.readers.of(reader).kind !== "any") {
    check.found("SCHEMA_ADDED", path, "the reader has a schema where the writer has none");
  }
}

/** For all that is left over, null for anything: it may be let in, or widen, not the reverse. */
export function compareRest(
  check: Check,
  keyword: string,
  writer: JsonValue,
  reader: JsonValue,
  path = `/${keyword}`,
): void {
  const to = check.readers.of(reader).kind;
  const from = check.writers.of(writer).kind;
  if (to === "any" || from === "never") return;
  const isProperties = keyword.endsWith("Properties");
  const name = keyword.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  if (to !== "never" && from !== "any") check.compare(writer, reader, path);
  else if (!(check.isLenient && isProperties)) {
    check.found(
      `${name}_${to === "never" ? "REMOVED" : "NARROWED"}`,
      path,
      to === "never"
        ? `the reader lets no other ${isProperties ? "property" : "item"} in, the writer does`
        : `the reader has a schema for ${keyword}, the writer lets any in`,
    );
  }
}
