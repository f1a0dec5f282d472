import { arrayRules } from "./array_rules.ts";
import { combinedRules } from "./combined_rules.ts";
import type { Check } from "./check.ts";
import { objectRules } from "./object_rules.ts";
import type { ConditionalShape, EnumShape, NotShape } from "./shape.ts";
import { compareSlot } from "./slot_rules.ts";
import { numberRules, stringRules } from "./value_rules.ts";

/** Says all that stands against a pair of parts by itself, and which smaller parts it rests on. */
export function applyRules(check: Check): void {
  const { writer, reader } = check;
  if (writer.kind !== reader.kind && writer.isConnectBytes && reader.isConnectBytes) return;
  if (writer.kind === "combined" || reader.kind === "combined") {
    combinedRules(check);
  } else if (writer.kind === "object" && reader.kind === "object") {
    objectRules(check, writer, reader);
  } else if (writer.kind === "array" && reader.kind === "array") {
    arrayRules(check, writer, reader);
  } else if (writer.kind === "string" && reader.kind === "string") {
    stringRules(check, writer, reader);
  } else if (writer.kind === "number" && reader.kind === "number") {
    numberRules(check, writer, reader);
  } else if (writer.kind === "enum" && reader.kind === "enum") {
    enumRules(check, writer, reader);
  } else if (writer.kind === "not" && reader.kind === "not") {
    notRules(check, writer, reader);
  } else if (writer.kind === "conditional" && reader.kind === "conditional") {
    conditionalRules(check, writer, reader);
  } else if (writer.kind !== reader.kind) {
    check.found(
      "TYPE_CHANGED",
      "",
      `the writer's type is ${nameOf(writer.kind)}, the reader's is ${nameOf(reader.kind)}`,
    );
  }
}

function nameOf(kind: string): string {
  if (kind === "any") return "any value";
  return kind === "never" ? "no value" : kind;
}

function enumRules(check: Check, writer: EnumShape, reader: EnumShape): void {
  check.spend(writer.values.size + reader.values.size);
  const lost = [...writer.values].filter((value) => !reader.values.has(value));
  if (lost.length === 0) return;
  const isNarrowed = [...reader.values].every((value) => writer.values.has(value));
  const shown = lost.slice(0, 5).map((value) => value.slice(0, 100)).join(", ");
  check.found(
    isNarrowed ? "ENUM_ARRAY_NARROWED" : "ENUM_ARRAY_CHANGED",
    `/${reader.keyword}`,
    `the reader lacks ${lost.length} of the writer's values: ${shown}`,
  );
}

/** A reader may forbid less: what it forbids must be forbidden by the writer, too. */
function notRules(check: Check, writer: NotShape, reader: NotShape): void {
  if (check.acceptsSwapped(reader.inner, writer.inner)) return;
  check.found("NOT_TYPE_EXTENDED", "/not", "the reader forbids what the writer allows");
}

/** Both must decide alike; the branches compare like any other schema. */
function conditionalRules(
  check: Check,
  writer: ConditionalShape,
  reader: ConditionalShape,
): void {
  const isSame = check.accepts(writer.condition, reader.condition) &&
    check.acceptsSwapped(reader.condition, writer.condition);
  if (!isSame) {
    check.found("CONDITION_CHANGED", "/if", "the reader tells cases apart in another way");
    return;
  }
  compareSlot(check, writer.then, reader.then, "/then");
  compareSlot(check, writer.else, reader.else, "/else");
}
