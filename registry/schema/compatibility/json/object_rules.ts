import { type JsonValue, type LinearRegExp, linearRegExp, pointerStep } from "../../formats/mod.ts";
import type { Check } from "./check.ts";
import type { ObjectShape, Shapes } from "./shape.ts";
import { compareRest, compareSlot } from "./slot_rules.ts";
import { lowerBound, upperBound } from "./value_rules.ts";

/** Work that matching a pattern counts for. */
const PATTERN_WORK = 10;

/** Rules for objects: what may come and go depends on whether properties without a schema are let in. */
export function objectRules(check: Check, writer: ObjectShape, reader: ObjectShape): void {
  check.spend(writer.properties.size + reader.properties.size);
  for (const [name, schema] of reader.properties) {
    const other = writer.properties.get(name);
    if (other === undefined) propertyAdded(check, writer, reader, name, schema);
    else check.compare(other, schema, `/properties${pointerStep(name)}`);
  }
  for (const [name, schema] of writer.properties) {
    if (!reader.properties.has(name)) propertyRemoved(check, reader, name, schema);
  }
  requiredRules(check, writer, reader);
  patternRules(check, writer, reader);
  additionalRules(check, writer, reader);
  compareSlot(check, writer.propertyNames, reader.propertyNames, "/propertyNames");
  dependencyRules(check, writer, reader);
  upperBound(check, "maxProperties", writer.maxProperties, reader.maxProperties);
  lowerBound(check, "minProperties", writer.minProperties, reader.minProperties);
}

/** What values of properties without a schema of their own must fit. */
function restOf(shape: ObjectShape): JsonValue {
  return shape.additionalProperties ?? shape.unevaluatedProperties ?? true;
}

/** Open lets all other properties in, closed none, partial those that fit a schema. */
type ContentModel = "open" | "closed" | "partial";

function contentModel(shape: ObjectShape, shapes: Shapes): ContentModel {
  if (shape.patternProperties.size > 0) return "partial";
  const { kind } = shapes.of(restOf(shape));
  return kind === "any" ? "open" : kind === "never" ? "closed" : "partial";
}

function propertyAdded(
  check: Check,
  writer: ObjectShape,
  reader: ObjectShape,
  name: string,
  schema: JsonValue,
): void {
  const path = `/properties${pointerStep(name)}`;
  const model = contentModel(writer, check.writers);
  const isDemanded = isNewlyRequired(check, writer, reader, name);
  const quoted = JSON.stringify(name);
  if (model === "open") {
    if (check.readers.of(schema).kind !== "any" && !check.isLenient) {
      check.found(
        "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
        path,
        `the writer has no schema for property ${quoted}, yet its open content model lets ` +
          `any value of it in`,
      );
    } else if (isDemanded) foundRequired(check, name);
    return;
  }
  if (isDemanded) {
    check.found(
      "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
      path,
      `the reader requires property ${quoted}, which the writer lacks, and has no default for it`,
    );
  }
  if (model === "closed" || check.isLenient) return;
  const cover = coverOf(check, writer, name);
  if (cover?.some((one) => check.accepts(one, schema))) return;
  check.found(
    "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    path,
    `what the writer's partially open content model lets in as property ${quoted} isn't ` +
      `always read by its schema in the reader`,
  );
}

function propertyRemoved(
  check: Check,
  reader: ObjectShape,
  name: string,
  schema: JsonValue,
): void {
  const model = contentModel(reader, check.readers);
  if (model === "open" || check.isLenient || check.writers.of(schema).kind === "never") return;
  const path = `/properties${pointerStep(name)}`;
  const quoted = JSON.stringify(name);
  if (model === "closed") {
    check.found(
      "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",
      path,
      `the reader's closed content model doesn't let property ${quoted} of the writer in`,
    );
  } else if (!(coverOf(check, reader, name)?.every((one) => check.accepts(schema, one)) ?? false)) {
    check.found(
      "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
      path,
      `the reader's partially open content model doesn't let all values of property ${quoted} ` +
        `of the writer in`,
    );
  }
}

/** Patterns of shapes in use, compiled once; null for one that takes a backtracking matcher. */
const compiledPatterns = new WeakMap<ObjectShape, (LinearRegExp | null)[]>();

/** The schemas that a property without one of its own must fit; null when patterns can't be told. */
function coverOf(check: Check, shape: ObjectShape, name: string): JsonValue[] | null {
  let compiled = compiledPatterns.get(shape);
  if (compiled === undefined) {
    compiled = [...shape.patternProperties.keys()].map((pattern) => linearRegExp(pattern));
    compiledPatterns.set(shape, compiled);
  }
  check.spend(compiled.length * PATTERN_WORK);
  if (compiled.includes(null)) return null;
  const matching = [...shape.patternProperties.values()]
    .filter((_, i) => compiled[i]?.test(name) ?? false);
  return matching.length > 0 ? matching : [restOf(shape)];
}

function isNewlyRequired(
  check: Check,
  writer: ObjectShape,
  reader: ObjectShape,
  name: string,
): boolean {
  if (!reader.required.has(name) || writer.required.has(name)) return false;
  return !check.readers.hasDefault(reader.properties.get(name) ?? null);
}

/** Names that only the reader has a schema for are seen to where properties are added. */
function requiredRules(check: Check, writer: ObjectShape, reader: ObjectShape): void {
  for (const name of reader.required) {
    if (reader.properties.has(name) && !writer.properties.has(name)) continue;
    if (isNewlyRequired(check, writer, reader, name)) foundRequired(check, name);
  }
}

function foundRequired(check: Check, name: string): void {
  check.found(
    "REQUIRED_ATTRIBUTE_ADDED",
    `/required${pointerStep(name)}`,
    `the reader requires property ${JSON.stringify(name)}, the writer may leave it out, ` +
      `and there is no default for it`,
  );
}

/** A pattern is a slot like any other, but for what its names had to fit without it. */
function patternRules(check: Check, writer: ObjectShape, reader: ObjectShape): void {
  for (const [pattern, schema] of reader.patternProperties) {
    const path = `/patternProperties${pointerStep(pattern)}`;
    const other = writer.patternProperties.get(pattern);
    if (other !== undefined) check.compare(other, schema, path);
    else if (!check.isLenient && !check.accepts(restOf(writer), schema)) {
      check.found("SCHEMA_ADDED", path, "the reader has a schema where the writer has none");
    }
  }
  for (const [pattern, schema] of writer.patternProperties) {
    if (reader.patternProperties.has(pattern) || check.isLenient) continue;
    if (check.accepts(schema, restOf(reader))) continue;
    check.found(
      "SCHEMA_REMOVED",
      `/patternProperties${pointerStep(pattern)}`,
      "the reader doesn't let in what matches this pattern of the writer",
    );
  }
}

/** Where the reader's properties are all evaluated, `unevaluatedProperties` says nothing. */
function additionalRules(check: Check, writer: ObjectShape, reader: ObjectShape): void {
  compareRest(
    check,
    "additionalProperties",
    writer.additionalProperties,
    reader.additionalProperties,
  );
  if (reader.additionalProperties !== null) return;
  compareRest(
    check,
    "unevaluatedProperties",
    writer.additionalProperties ?? writer.unevaluatedProperties,
    reader.unevaluatedProperties,
  );
}

function dependencyRules(check: Check, writer: ObjectShape, reader: ObjectShape): void {
  for (const [name, needed] of reader.dependentRequired) {
    const before = writer.dependentRequired.get(name);
    const added = [...needed].filter((one) => !before?.has(one));
    if (added.length === 0) continue;
    const change = before === undefined
      ? "ADDED"
      : [...before].every((one) => needed.has(one))
      ? "EXTENDED"
      : "CHANGED";
    check.found(
      `DEPENDENCY_ARRAY_${change}`,
      `/${reader.listKeyword}${pointerStep(name)}`,
      `with property ${JSON.stringify(name)} the reader also requires ` +
        added.slice(0, 5).map((one) => JSON.stringify(one)).join(", "),
    );
  }
  for (const [name, schema] of reader.dependentSchemas) {
    const path = `/${reader.schemaKeyword}${pointerStep(name)}`;
    const before = writer.dependentSchemas.get(name);
    if (before !== undefined) check.compare(before, schema, path);
    else if (check.readers.of(schema).kind !== "any") {
      const text = `the reader has a schema for values with property ${JSON.stringify(name)}`;
      check.found("DEPENDENCY_SCHEMA_ADDED", path, text);
    }
  }
}
