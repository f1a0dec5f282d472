import {
  isObject,
  type JsonObject,
  optionalBoolean,
  optionalString,
  refuseField,
  refuseUnknown,
} from "./json.ts";
import { type Metadata, metadataJson, readMetadata } from "./metadata.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { readRuleSet, type RuleSet, ruleSetJson, validateRuleSet } from "./rule_set.ts";
import type { CompatibilityPolicy } from "../compatibility/mod.ts";

/** Which earlier versions a new one must get along with, and in which direction. */
export type CompatibilityLevel =
  | "NONE"
  | "BACKWARD"
  | "BACKWARD_TRANSITIVE"
  | "FORWARD"
  | "FORWARD_TRANSITIVE"
  | "FULL"
  | "FULL_TRANSITIVE";

/** The levels by name. */
export const COMPATIBILITY_LEVELS: readonly CompatibilityLevel[] = [
  "NONE",
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
];

const POLICIES: readonly CompatibilityPolicy[] = ["STRICT", "LENIENT", "LOGICAL"];

/** What one scope sets; null is what it leaves to the scope around it. */
export interface Config {
  readonly compatibilityLevel: CompatibilityLevel | null;
  /** The subject that this one stands for. */
  readonly alias: string | null;
  /** The subject that it stands for in the keys of encryption. */
  readonly aliasForDeks: string | null;
  readonly normalize: boolean | null;
  readonly validateFields: boolean | null;
  readonly validateNewSchemas: boolean | null;
  readonly validateRules: boolean | null;
  readonly compatibilityPolicy: CompatibilityPolicy | null;
  /** Name of a metadata property: only versions of equal value in it are compared. */
  readonly compatibilityGroup: string | null;
  readonly defaultMetadata: Metadata | null;
  readonly overrideMetadata: Metadata | null;
  readonly defaultRuleSet: RuleSet | null;
  readonly overrideRuleSet: RuleSet | null;
}

/** What a request changes: an absent field stays, a null one is cleared. */
export type ConfigUpdate = Partial<Config>;

/** A config that sets nothing. */
export const EMPTY_CONFIG: Config = {
  compatibilityLevel: null,
  alias: null,
  aliasForDeks: null,
  normalize: null,
  validateFields: null,
  validateNewSchemas: null,
  validateRules: null,
  compatibilityPolicy: null,
  compatibilityGroup: null,
  defaultMetadata: null,
  overrideMetadata: null,
  defaultRuleSet: null,
  overrideRuleSet: null,
};

type Reader = (json: JsonObject, name: string, lenient: boolean) => unknown;

const text: Reader = (json, name) => optionalString(json, name, "");
const flag: Reader = (json, name) => optionalBoolean(json, name, "");
const metadata: Reader = (json, name, lenient) => readMetadata(json[name], name, lenient);
const ruleSet: Reader = (json, name, lenient) => readRuleSet(json[name], name, lenient);

/** Every field but the level, whose name differs between requests and answers. */
const READERS: Readonly<Record<Exclude<keyof Config, "compatibilityLevel">, Reader>> = {
  alias: text,
  aliasForDeks: text,
  normalize: flag,
  validateFields: flag,
  validateNewSchemas: flag,
  validateRules: flag,
  compatibilityPolicy: (json, name) => {
    return oneOf(POLICIES, optionalString(json, name, ""), "compatibility policy");
  },
  compatibilityGroup: text,
  defaultMetadata: metadata,
  overrideMetadata: metadata,
  defaultRuleSet: ruleSet,
  overrideRuleSet: ruleSet,
};

const REQUEST_FIELDS: ReadonlySet<string> = new Set(["compatibility", ...Object.keys(READERS)]);

/**
 * Reads the body of a request that sets a config. Throws 422, 42203 for a level or policy that is
 * none, 42210 for a bad rule set. `lenient` lets unknown fields pass.
 */
export function readConfigUpdate(body: unknown, lenient = false): ConfigUpdate {
  if (!isObject(body)) throw refuseField("The body", body, "an object with compatibility");
  if (!lenient) refuseUnknown(body, "", REQUEST_FIELDS);
  const update: Record<string, unknown> = {};
  if (Object.hasOwn(body, "compatibility")) {
    const level = optionalString(body, "compatibility", "");
    update["compatibilityLevel"] = oneOf(COMPATIBILITY_LEVELS, level, "compatibility level");
  }
  for (const [name, read] of Object.entries(READERS)) {
    if (Object.hasOwn(body, name)) update[name] = read(body, name, lenient);
  }
  const read = update as ConfigUpdate;
  validateRuleSet(read.defaultRuleSet ?? null);
  validateRuleSet(read.overrideRuleSet ?? null);
  return read;
}

/** Reads the config in a stored value; fields that this registry can't use are left out. */
export function readStoredConfig(value: JsonObject): Config {
  const config: Record<string, unknown> = { ...EMPTY_CONFIG };
  const tolerate = (name: string, read: () => unknown) => {
    try {
      config[name] = read();
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
    }
  };
  tolerate(
    "compatibilityLevel",
    () =>
      oneOf(COMPATIBILITY_LEVELS, optionalString(value, "compatibilityLevel", ""), "compatibility"),
  );
  for (const [name, read] of Object.entries(READERS)) {
    tolerate(name, () => read(value, name, true));
  }
  return config as unknown as Config;
}

/** A config after an update. */
export function mergeConfig(config: Config, update: ConfigUpdate): Config {
  return { ...config, ...update };
}

/** What `inner` says, completed from the scope around it. Aliases, metadata and rules stay behind. */
export function completeConfig(inner: Config, outer: Config): Config {
  return {
    ...inner,
    compatibilityLevel: inner.compatibilityLevel ?? outer.compatibilityLevel,
    normalize: inner.normalize ?? outer.normalize,
    validateFields: inner.validateFields ?? outer.validateFields,
    validateNewSchemas: inner.validateNewSchemas ?? outer.validateNewSchemas,
    validateRules: inner.validateRules ?? outer.validateRules,
    compatibilityPolicy: inner.compatibilityPolicy ?? outer.compatibilityPolicy,
    compatibilityGroup: inner.compatibilityGroup ?? outer.compatibilityGroup,
  };
}

/**
 * A config or an update as JSON without what it doesn't set. The level is called
 * `compatibilityLevel` in records and in answers, but `compatibility` in answers to a change.
 */
export function configJson(
  config: ConfigUpdate,
  levelName: "compatibility" | "compatibilityLevel" = "compatibilityLevel",
): JsonObject {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...EMPTY_CONFIG, ...config })) {
    if (value === null || value === undefined) continue;
    if (name === "compatibilityLevel") json[levelName] = value;
    else if (name.endsWith("Metadata")) json[name] = metadataJson(value as Metadata);
    else if (name.endsWith("RuleSet")) json[name] = ruleSetJson(value as RuleSet);
    else json[name] = value;
  }
  return json;
}

function oneOf<T extends string>(
  allowed: readonly T[],
  value: string | null,
  what: string,
): T | null {
  if (value === null) return null;
  const upper = value.toUpperCase();
  const found = allowed.find((one) => one === upper);
  if (found !== undefined) return found;
  throw new RegistryError(
    errorCodes.INVALID_COMPATIBILITY_LEVEL,
    `${JSON.stringify(value)} is no ${what}; allowed: ${allowed.join(", ")}`,
  );
}
