import {
  byCodeUnits,
  isObject,
  type JsonObject,
  refuseField,
  refuseUnknown,
  stringsOf,
} from "./json.ts";

/** What a schema says beside its text. Each map's keys are sorted; none of the parts is null. */
export interface Metadata {
  /** Path in the schema, to its tags, sorted. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly properties: Readonly<Record<string, string>>;
  /** Names of properties that are not for everyone's eyes, sorted. */
  readonly sensitive: readonly string[];
}

/** The property that holds a schema's version, when a client asked for one. */
export const VERSION_PROPERTY = "confluent:version";
/** The property that lists the field names which must never appear. */
export const RESERVED_PROPERTY = "confluent:reserved";

const FIELDS: ReadonlySet<string> = new Set(["tags", "properties", "sensitive"]);

/** Reads metadata; null when it is absent or says nothing. Throws 422. */
export function readMetadata(json: unknown, path: string, lenient: boolean): Metadata | null {
  if (json === undefined || json === null) return null;
  if (!isObject(json)) throw refuseField(path, json, "an object of tags, properties and sensitive");
  if (!lenient) refuseUnknown(json, path, FIELDS);
  const tags: [string, string[]][] = [];
  for (const [entity, list] of Object.entries(mapOf(json, "tags", path))) {
    tags.push([entity, unique(stringsOf(list, `${path}.tags[${JSON.stringify(entity)}]`))]);
  }
  const properties: [string, string][] = [];
  for (const [name, value] of Object.entries(mapOf(json, "properties", path))) {
    if (value === null) continue;
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (typeof text !== "string") {
      throw refuseField(`${path}.properties[${JSON.stringify(name)}]`, value, "a string");
    }
    properties.push([name, text]);
  }
  const sensitive = stringsOf(json["sensitive"] ?? [], `${path}.sensitive`);
  return metadataOf(tags, properties, sensitive);
}

/** Metadata of these parts; null when there is nothing in it. */
function metadataOf(
  tags: [string, readonly string[]][],
  properties: [string, string][],
  sensitive: readonly string[],
): Metadata | null {
  if (tags.length + properties.length + sensitive.length === 0) return null;
  return {
    tags: Object.fromEntries(tags.sort(byKey)),
    properties: Object.fromEntries(properties.sort(byKey)),
    sensitive: unique(sensitive),
  };
}

/** `base` with `over` laid on it, key by key. */
export function mergeMetadata(base: Metadata | null, over: Metadata | null): Metadata | null {
  if (base === null || over === null) return base ?? over;
  return metadataOf(
    Object.entries({ ...base.tags, ...over.tags }),
    Object.entries({ ...base.properties, ...over.properties }),
    [...base.sensitive, ...over.sensitive],
  );
}

/** Metadata with a property set, or taken out when `value` is null. */
export function withProperty(
  metadata: Metadata | null,
  name: string,
  value: string | null,
): Metadata | null {
  const properties = Object.entries(metadata?.properties ?? {}).filter(([key]) => key !== name);
  if (value !== null) properties.push([name, value]);
  return metadataOf(Object.entries(metadata?.tags ?? {}), properties, metadata?.sensitive ?? []);
}

/** A property's value; null when it isn't set. */
export function propertyOf(metadata: Metadata | null, name: string): string | null {
  if (metadata === null || !Object.hasOwn(metadata.properties, name)) return null;
  return metadata.properties[name] ?? null;
}

/** Whether both say the same, whatever version they were given. */
export function equalMetadata(a: Metadata | null, b: Metadata | null): boolean {
  return a === b || textOf(a) === textOf(b);
}

/** The field names that metadata reserves. */
export function reservedNames(metadata: Metadata | null): string[] {
  const list = propertyOf(metadata, RESERVED_PROPERTY) ?? "";
  return list.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** The object answered and stored: without its empty parts. */
export function metadataJson(metadata: Metadata): JsonObject {
  const json: Record<string, unknown> = {};
  if (Object.keys(metadata.tags).length > 0) json["tags"] = metadata.tags;
  if (Object.keys(metadata.properties).length > 0) json["properties"] = metadata.properties;
  if (metadata.sensitive.length > 0) json["sensitive"] = metadata.sensitive;
  return json;
}

function textOf(metadata: Metadata | null): string {
  const compared = withProperty(metadata, VERSION_PROPERTY, null);
  return compared === null ? "" : JSON.stringify([
    Object.entries(compared.tags),
    Object.entries(compared.properties),
    compared.sensitive,
  ]);
}

function mapOf(json: JsonObject, name: string, path: string): JsonObject {
  const value = json[name] ?? {};
  if (!isObject(value)) throw refuseField(`${path}.${name}`, value, "an object");
  return value;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort(byCodeUnits);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return byCodeUnits(a[0], b[0]);
}
