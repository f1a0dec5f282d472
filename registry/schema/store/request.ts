import {
  isObject,
  type JsonObject,
  optionalInteger,
  optionalList,
  optionalString,
  refuseField,
  refuseUnknown,
} from "./json.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { readRuleSet, type RuleSet } from "./rule_set.ts";
import {
  LATEST_VERSION,
  readReferences,
  type SchemaReference,
  VERSION_MAX,
} from "./schema_content.ts";

/** A schema as a request brings it. */
export interface SchemaRequest {
  /** "" stands for the text, kind and references of the version before. */
  readonly schema: string;
  /** Null stands for AVRO. */
  readonly schemaType: string | null;
  readonly references: readonly SchemaReference[];
  /** Null when it is absent: that of the version before. */
  readonly metadata: Metadata | null;
  readonly ruleSet: RuleSet | null;
  /** 0 for the next one, as is -1. */
  readonly version: number;
  /** 0 or less: the registry chooses. */
  readonly id: number;
}

const FIELDS: ReadonlySet<string> = new Set([
  ...["schema", "schemaType", "references", "metadata", "ruleSet", "version", "id"],
]);
/** What answers carry, and clients send back with a schema that they got from one. */
const ANSWER_FIELDS = ["subject", "guid", "ts", "deleted"];
/** What clients may send as long as there is nothing in it. */
const UNSERVED_FIELDS = ["schemaTags", "schemaTagsToAdd", "schemaTagsToRemove"];
const FIELDS_ALLOWED: ReadonlySet<string> = new Set([
  ...FIELDS,
  ...ANSWER_FIELDS,
  ...UNSERVED_FIELDS,
]);

/**
 * Reads the body of a request that carries a schema. Throws 422 naming the field, 42201 for a bad
 * reference. `lenient` lets unknown fields pass (`Confluent-Accept-Unknown-Properties`).
 */
export function readSchemaRequest(body: unknown, lenient = false): SchemaRequest {
  if (!isObject(body)) throw refuseField("The body", body, "an object with schema");
  if (!lenient) refuseUnknown(body, "", FIELDS_ALLOWED);
  for (const name of UNSERVED_FIELDS) {
    if (optionalList(body, name, "").length > 0) {
      throw refuseField(name, body[name], "nothing: schemas are not tagged here");
    }
  }
  return {
    schema: optionalString(body, "schema", "") ?? "",
    schemaType: optionalString(body, "schemaType", ""),
    references: readReferences(body["references"], "references", lenient),
    metadata: readMetadata(body["metadata"], "metadata", lenient),
    ruleSet: readRuleSet(body["ruleSet"], "ruleSet", lenient),
    version: optionalInteger(body, "version", "") ?? 0,
    id: optionalInteger(body, "id", "") ?? 0,
  };
}

/** A version in a path: 1 and up, or -1 for `latest`. Throws 42202. */
export function readVersion(text: string): number {
  if (text === "latest" || text === "-1") return LATEST_VERSION;
  const version = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (version >= 1 && version <= VERSION_MAX) return version;
  throw new RegistryError(
    errorCodes.INVALID_VERSION,
    `${JSON.stringify(text.slice(0, 100))} is no version; allowed: 1 to ${VERSION_MAX}, latest, -1`,
  );
}

/** Which part of a list to answer. */
export interface Paging {
  /** Items to leave out first. */
  readonly offset: number;
  /** Below 0: as many as the settings give. */
  readonly limit: number;
}

/** The part of a list that is asked for. */
export function pageOf<T>(
  items: Iterable<T>,
  paging: Partial<Paging>,
  limits: { readonly default: number; readonly max: number },
): T[] {
  const offset = Math.max(0, paging.offset ?? 0);
  const limit = paging.limit ?? -1;
  const count = Math.min(limit < 0 ? limits.default : limit, limits.max);
  const page: T[] = [];
  let index = 0;
  for (const item of items) {
    if (page.length >= count) break;
    if (index++ >= offset) page.push(item);
  }
  return page;
}

/** Anything an answer is made of. */
export type Answer = JsonObject;
