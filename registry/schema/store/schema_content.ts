import type { SchemaType } from "../formats/mod.ts";
import { byCodeUnits, isObject, type JsonObject, refuseField, refuseUnknown } from "./json.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { type Metadata, metadataJson } from "./metadata.ts";
import { type RuleSet, ruleSetJson } from "./rule_set.ts";

/** What a schema takes from another one. */
export interface SchemaReference {
  /** Avro: full name of the type; JSON Schema: URI or path of `$ref`; Protobuf: path of the import. */
  readonly name: string;
  /** Without a context it is in that of the schema that refers. */
  readonly subject: string;
  /** 1 or more, or -1 for the latest one. */
  readonly version: number;
}

/** A schema as it is stored, apart from where: what its hash is taken of. */
export interface SchemaContent {
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
  /** MD5 in 32 hexadecimal digits. */
  readonly hash: string;
}

/** The version that stands for the newest one, in paths and in references. */
export const LATEST_VERSION = -1;
/** The largest version. */
export const VERSION_MAX = 0x7fffffff;

const REFERENCE_FIELDS: ReadonlySet<string> = new Set(["name", "subject", "version"]);

/** Reads a list of references; absent and null are the empty one. Throws 422, or 42201 for a bad one. */
export function readReferences(
  json: unknown,
  path: string,
  lenient: boolean,
): readonly SchemaReference[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw refuseField(path, json, "a list of references");
  return json.map((item, index) => readReference(item, `${path}[${index}]`, lenient));
}

function readReference(json: unknown, path: string, lenient: boolean): SchemaReference {
  if (!isObject(json)) throw refuseField(path, json, "an object of name, subject and version");
  if (!lenient) refuseUnknown(json, path, REFERENCE_FIELDS);
  const { name, subject, version } = json;
  if (typeof name !== "string") throw refuseReference(`${path}.name`, name, "a string");
  if (typeof subject !== "string") throw refuseReference(`${path}.subject`, subject, "a string");
  const known = typeof version === "number" && Number.isInteger(version) &&
    (version === LATEST_VERSION || (version >= 1 && version <= VERSION_MAX));
  if (!known) {
    throw refuseReference(`${path}.version`, version, `1 to ${VERSION_MAX}, or -1 for the latest`);
  }
  return { name, subject, version };
}

function refuseReference(path: string, value: unknown, allowed: string): RegistryError {
  return new RegistryError(
    errorCodes.INVALID_SCHEMA,
    refuseField(path, value, allowed).message,
  );
}

/** References sorted, each once: how the normalised form lists them. */
export function normalizedReferences(references: readonly SchemaReference[]): SchemaReference[] {
  const sorted = references.toSorted((a, b) =>
    byCodeUnits(a.name, b.name) || byCodeUnits(a.subject, b.subject) || a.version - b.version
  );
  return sorted.filter((one, index) => index === 0 || !sameReference(one, sorted[index - 1]!));
}

/** Whether both lists name the same, in the same order. */
export function equalReferences(
  a: readonly SchemaReference[],
  b: readonly SchemaReference[],
): boolean {
  return a.length === b.length && a.every((one, index) => sameReference(one, b[index]!));
}

function sameReference(a: SchemaReference, b: SchemaReference): boolean {
  return a.name === b.name && a.subject === b.subject && a.version === b.version;
}

/** The hash as answers carry it: in the form of a UUID. */
export function guidOf(hash: string): string {
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-${hash.slice(12, 16)}-` +
    `${hash.slice(16, 20)}-${hash.slice(20)}`;
}

/** The hash that a GUID stands for; null for what is none. */
export function hashOfGuid(guid: string): string | null {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i
    .exec(guid);
  return parts === null ? null : parts.slice(1).join("").toLowerCase();
}

/** The parts of a schema in the order in which answers and records list them, empty ones left out. */
export function describeContent(
  content: SchemaContent,
  text = content.text,
  references = content.references,
): JsonObject {
  const json: Record<string, unknown> = { schemaType: content.type };
  if (references.length > 0) json["references"] = references;
  if (content.metadata !== null) json["metadata"] = metadataJson(content.metadata);
  if (content.ruleSet !== null) json["ruleSet"] = ruleSetJson(content.ruleSet);
  json["schema"] = text;
  return json;
}
