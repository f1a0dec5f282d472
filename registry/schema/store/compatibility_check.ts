import type { Incompatibility } from "../compatibility/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { CompatibilityLevel, Config } from "./config.ts";
import type { StoreCore } from "./core.ts";
import { propertyOf, reservedNames } from "./metadata.ts";
import { withinStack } from "./schema_reader.ts";
import type { SchemaEntry } from "./state.ts";

/** A reason, and the schema that reads, which its path is in. */
interface Reason extends Incompatibility {
  readonly reader: "new" | "old";
}

/** Longest part of an older schema's text that a message quotes, in characters. */
const QUOTED_CHARACTERS_MAX = 10 * 1024;
/** Reasons that one answer lists. */
const REASONS_MAX = 100;

/** Why a schema can't follow the versions before it. */
export interface Incompatible {
  /** The version that it doesn't get along with; null when it breaks a rule of its own. */
  readonly version: number | null;
  /** One in braces for each reason, then what was compared. */
  readonly messages: readonly string[];
}

/**
 * Compares a candidate with earlier versions, newest first: with each for the transitive levels,
 * otherwise with the first. Only versions of its compatibility group count. Null: it may follow.
 */
export function checkCompatibility(
  core: StoreCore,
  config: Config,
  candidate: Candidate,
  newestFirst: readonly SchemaEntry[],
): Incompatible | null {
  const level = config.compatibilityLevel ?? core.settings.compatibilityLevel;
  const group = newestFirst.filter((entry) => isSameGroup(config, candidate, entry));
  if (validatesFields(core, config)) {
    const reasons = reservedFieldReasons(candidate, group[0] ?? null);
    if (reasons.length > 0) return incompatible(core, config, reasons, group[0] ?? null);
  }
  if (level === "NONE") return null;
  const compared = level.endsWith("_TRANSITIVE") ? group : group.slice(0, 1);
  for (const entry of compared) {
    const reasons = reasonsAgainst(core, config, level, candidate, entry);
    if (reasons.length > 0) return incompatible(core, config, reasons, entry);
  }
  return null;
}

/** Whether reserved field names are minded under a config. */
function validatesFields(core: StoreCore, config: Config): boolean {
  return config.validateFields ?? core.settings.validateFields;
}

function isSameGroup(config: Config, candidate: Candidate, entry: SchemaEntry): boolean {
  const property = config.compatibilityGroup;
  if (property === null) return true;
  const mine = propertyOf(candidate.content.metadata, property);
  return propertyOf(entry.content.metadata, property) === mine;
}

function reasonsAgainst(
  core: StoreCore,
  config: Config,
  level: CompatibilityLevel,
  candidate: Candidate,
  entry: SchemaEntry,
): readonly Reason[] {
  const { type } = candidate.content;
  const { content, version } = entry;
  if (content.type !== type) {
    const description = `The schema is of kind ${type}, version ${version} of kind ${content.type}`;
    return [reason("SCHEMA_TYPE_MISMATCH", "", description)];
  }
  if (content.text === candidate.content.text && content.references.length === 0) return [];
  const old = core.reader.tryStored(content, candidate.context);
  if (old === null) return [reason("UNREADABLE_SCHEMA", "", `Version ${version} can't be read`)];
  const policy = config.compatibilityPolicy ?? "STRICT";
  const { parsed } = candidate;
  const found: Reason[] = [];
  try {
    if (!level.startsWith("FORWARD")) {
      for (const one of core.incompatibilities(parsed, old, policy)) {
        found.push({ ...one, reader: "new" });
      }
    }
    if (!level.startsWith("BACKWARD")) {
      for (const one of core.incompatibilities(old, parsed, policy)) {
        found.push({ ...one, reader: "old" });
      }
    }
  } catch (error) {
    throw withinStack(error);
  }
  return found;
}

/** Names that the metadata reserves are not to be used, nor to be freed by a later version. */
function reservedFieldReasons(candidate: Candidate, latest: SchemaEntry | null): Reason[] {
  const reserved = new Set(reservedNames(candidate.content.metadata));
  const reasons: Reason[] = [];
  for (const name of reservedNames(latest?.content.metadata ?? null)) {
    if (reserved.has(name)) continue;
    const description = `Field name ${name} is reserved by version ${latest!.version}, ` +
      `and the schema doesn't reserve it`;
    reasons.push(reason("RESERVED_FIELD_REMOVED", "", description, name));
  }
  const { type } = candidate.content;
  for (const name of candidate.parsed.fieldNames) {
    if (!reserved.has(name) && !(type === "JSON" && name.startsWith("$$"))) continue;
    const description = `Field ${name} has a name that is reserved`;
    reasons.push(reason("FIELD_CONFLICTS_WITH_RESERVED_FIELD", `/${name}`, description, name));
  }
  return reasons;
}

function reason(
  errorType: string,
  path: string,
  description: string,
  additionalInfo = "",
): Reason {
  return { errorType, path, description, additionalInfo, reader: "new" };
}

function incompatible(
  core: StoreCore,
  config: Config,
  reasons: readonly Reason[],
  entry: SchemaEntry | null,
): Incompatible {
  const messages = reasons.slice(0, REASONS_MAX).map(textOf);
  if (reasons.length > REASONS_MAX) {
    messages.push(`{and ${reasons.length - REASONS_MAX} more}`);
  }
  if (entry !== null) {
    messages.push(
      `{oldSchemaVersion: ${entry.version}}`,
      `{oldSchema: '${entry.content.text.slice(0, QUOTED_CHARACTERS_MAX)}'}`,
    );
  }
  const level = config.compatibilityLevel ?? core.settings.compatibilityLevel;
  const validate = validatesFields(core, config);
  messages.push(`{validateFields: '${validate}', compatibility: '${level}'}`);
  return { version: entry?.version ?? null, messages };
}

function textOf({ errorType, path, description, additionalInfo, reader }: Reason): string {
  const where = path === "" ? "" : ` (at path '${path}' of the ${reader} schema, which reads)`;
  return `{errorType:'${errorType}', description:'${description}${where}', ` +
    `additionalInfo:'${additionalInfo}'}`;
}
