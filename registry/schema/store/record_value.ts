import { type Config, configJson, readStoredConfig } from "./config.ts";
import { base64OfHash, hashOf, type Md5 } from "./content_hash.ts";
import { isObject, type JsonObject } from "./json.ts";
import { readMetadata } from "./metadata.ts";
import { type Mode, modeOf } from "./mode.ts";
import { RegistryError } from "./registry_error.ts";
import { readRuleSet } from "./rule_set.ts";
import { describeContent, readReferences, type SchemaContent } from "./schema_content.ts";
import type { SchemaType } from "../formats/mod.ts";

/** A version of a subject as its record holds it. */
export interface SchemaValue {
  /** 0 or more; ids below 0 are none. */
  readonly id: number;
  readonly content: SchemaContent;
  /** Whether it is soft-deleted. */
  readonly deleted: boolean;
}

/** Text of the value of a SCHEMA record. */
export function schemaValueText(subject: string, version: number, value: SchemaValue): string {
  const { id, content, deleted } = value;
  const md5 = base64OfHash(content.hash);
  return JSON.stringify({ subject, version, id, md5, ...describeContent(content), deleted });
}

/** Text of the value of a CONFIG record. */
export function configValueText(subject: string | null, config: Config): string {
  return JSON.stringify({ ...(subject === null ? {} : { subject }), ...configJson(config) });
}

/** Text of the value of a MODE record. */
export function modeValueText(subject: string | null, mode: Mode): string {
  return JSON.stringify({ ...(subject === null ? {} : { subject }), mode });
}

/** Reads the value of a SCHEMA record; null for one that is none. Unknown fields are left out. */
export function readSchemaValue(json: JsonObject, md5: Md5): SchemaValue | null {
  const { id, schema, deleted } = json;
  if (typeof id !== "number" || !Number.isInteger(id) || id < 0) return null;
  if (typeof schema !== "string") return null;
  const references = tolerant(() => readReferences(json["references"], "references", true));
  if (references === null) return null;
  const parts = {
    text: schema,
    references,
    metadata: tolerant(() => readMetadata(json["metadata"], "metadata", true)),
    ruleSet: tolerant(() => readRuleSet(json["ruleSet"], "ruleSet", true)),
  };
  const type = (json["schemaType"] ?? "AVRO") as SchemaType;
  return { id, content: { type, ...parts, hash: hashOf(parts, md5) }, deleted: deleted === true };
}

/** What another registry wrote in a form unknown here is left out, so that its schema is readable. */
function tolerant<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RegistryError) return null;
    throw error;
  }
}

/** Reads the value of a CONFIG record. */
export function readConfigValue(json: JsonObject): Config {
  return readStoredConfig(json);
}

/** Reads the value of a MODE record; null for a mode that is none. */
export function readModeValue(json: JsonObject): Mode | null {
  return modeOf(json["mode"]);
}

/** Reads the watermark of a DELETE_SUBJECT record; null when it has none. */
export function readWatermark(json: JsonObject): number | null {
  const version = json["version"];
  return typeof version === "number" && Number.isInteger(version) ? version : null;
}

/** Reads a value's text; null for what is no object of JSON. */
export function readValue(text: string): JsonObject | null {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null; // What isn't JSON means nothing to anyone who reads this topic.
  }
}
