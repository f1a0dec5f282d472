import {
  byCodeUnits,
  isObject,
  type JsonObject,
  optionalBoolean,
  optionalString,
  refuseField,
  refuseUnknown,
  stringsOf,
} from "./json.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";

/** What to do with data when it is written, read or moved between versions. */
export interface Rule {
  readonly name: string;
  readonly doc: string | null;
  /** TRANSFORM or CONDITION. */
  readonly kind: string;
  /** UPGRADE, DOWNGRADE or UPDOWN for migrations; WRITE, READ or WRITEREAD for the others. */
  readonly mode: string;
  /** Who carries it out, such as CEL. */
  readonly type: string;
  /** Sorted. */
  readonly tags: readonly string[];
  /** Keys are sorted. */
  readonly params: Readonly<Record<string, string>>;
  readonly expr: string | null;
  readonly onSuccess: string | null;
  readonly onFailure: string | null;
  readonly disabled: boolean;
}

/** The rules of a schema. */
export interface RuleSet {
  readonly migrationRules: readonly Rule[];
  readonly domainRules: readonly Rule[];
  readonly encodingRules: readonly Rule[];
  /** When clients begin to obey; null: at once. Kept as it was given. */
  readonly enableAt: string | number | null;
}

const LISTS = ["migrationRules", "domainRules", "encodingRules"] as const;
const SET_FIELDS: ReadonlySet<string> = new Set([...LISTS, "enableAt"]);
const RULE_FIELDS: ReadonlySet<string> = new Set([
  ...["name", "doc", "kind", "mode", "type", "tags", "params", "expr"],
  ...["onSuccess", "onFailure", "disabled"],
]);
const KINDS: ReadonlySet<string> = new Set(["TRANSFORM", "CONDITION"]);
const MIGRATION_MODES: ReadonlySet<string> = new Set(["UPGRADE", "DOWNGRADE", "UPDOWN"]);
const DATA_MODES: ReadonlySet<string> = new Set(["WRITE", "READ", "WRITEREAD"]);
/** Modes with two directions; only they take a pair of actions. */
const PAIR_MODES: ReadonlySet<string> = new Set(["UPDOWN", "WRITEREAD"]);
const NAME = /^[A-Za-z_]\P{Cc}*$/u;
const NAME_LENGTH_MAX = 256;

/** Reads a rule set's shape; null when it is absent or has no rules. Throws 422. */
export function readRuleSet(json: unknown, path: string, lenient: boolean): RuleSet | null {
  if (json === undefined || json === null) return null;
  if (!isObject(json)) throw refuseField(path, json, `an object of ${[...SET_FIELDS].join(", ")}`);
  if (!lenient) refuseUnknown(json, path, SET_FIELDS);
  const enableAt = json["enableAt"] ?? null;
  if (enableAt !== null && typeof enableAt !== "string" && typeof enableAt !== "number") {
    throw refuseField(`${path}.enableAt`, enableAt, "a time");
  }
  const [migrationRules, domainRules, encodingRules] = LISTS.map((list) => {
    const rules = json[list] ?? [];
    if (!Array.isArray(rules)) throw refuseField(`${path}.${list}`, rules, "a list of rules");
    return rules.map((rule, index) => readRule(rule, `${path}.${list}[${index}]`, lenient));
  });
  return ruleSetOf(migrationRules!, domainRules!, encodingRules!, enableAt);
}

function readRule(json: unknown, path: string, lenient: boolean): Rule {
  if (!isObject(json)) throw refuseField(path, json, "an object");
  if (!lenient) refuseUnknown(json, path, RULE_FIELDS);
  const text = (name: string) => optionalString(json, name, `${path}.`);
  const params = json["params"] ?? {};
  if (!isObject(params) || Object.values(params).some((value) => typeof value !== "string")) {
    throw refuseField(`${path}.params`, params, "an object of strings");
  }
  return {
    name: text("name") ?? "",
    doc: text("doc"),
    kind: text("kind") ?? "TRANSFORM",
    mode: text("mode") ?? "",
    type: text("type") ?? "",
    tags: [...new Set(stringsOf(json["tags"] ?? [], `${path}.tags`))].sort(byCodeUnits),
    params: Object.fromEntries(
      Object.entries(params as Record<string, string>).sort(([a], [b]) => byCodeUnits(a, b)),
    ),
    expr: text("expr"),
    onSuccess: text("onSuccess"),
    onFailure: text("onFailure"),
    disabled: optionalBoolean(json, "disabled", `${path}.`) ?? false,
  };
}

/** Fails with 42210 at the first rule that nobody could obey. */
export function validateRuleSet(ruleSet: RuleSet | null): void {
  if (ruleSet === null) return;
  const names = new Set<string>();
  for (const list of LISTS) {
    const modes = list === "migrationRules" ? MIGRATION_MODES : DATA_MODES;
    for (const rule of ruleSet[list]) {
      validateRule(rule, list, modes);
      if (names.has(rule.name)) throw invalid(`Rule ${rule.name} appears twice in the rule set`);
      names.add(rule.name);
    }
  }
}

function validateRule(rule: Rule, list: string, modes: ReadonlySet<string>): void {
  if (!NAME.test(rule.name) || rule.name.length > NAME_LENGTH_MAX) {
    throw invalid(
      `${JSON.stringify(rule.name.slice(0, NAME_LENGTH_MAX))} is no name of a rule in ${list}: ` +
        `it starts with a letter or _ and has ${NAME_LENGTH_MAX} characters at most`,
    );
  }
  if (!KINDS.has(rule.kind)) throw badValue(rule, "kind", rule.kind, KINDS);
  if (!modes.has(rule.mode)) throw badValue(rule, "mode", rule.mode, modes);
  if (rule.type === "") throw invalid(`Rule ${rule.name} has no type`);
  for (const name of ["onSuccess", "onFailure"] as const) {
    const actions = rule[name]?.split(",") ?? [];
    if (actions.length <= 1) continue;
    if (PAIR_MODES.has(rule.mode) && actions.length === 2) continue;
    throw invalid(
      `${name} of rule ${rule.name} is "${rule[name]}"; allowed: one action, or two ` +
        `with a comma between for modes ${[...PAIR_MODES].join(" and ")}`,
    );
  }
}

/** `base` with the rules of `over` in place of those of the same name, new ones at the end. */
export function mergeRuleSets(base: RuleSet | null, over: RuleSet | null): RuleSet | null {
  if (base === null || over === null) return base ?? over;
  const [migrationRules, domainRules, encodingRules] = LISTS.map((list) =>
    mergeRules(base[list], over[list])
  );
  const enableAt = over.enableAt ?? base.enableAt;
  return ruleSetOf(migrationRules!, domainRules!, encodingRules!, enableAt);
}

function mergeRules(base: readonly Rule[], over: readonly Rule[]): Rule[] {
  const byName = new Map(base.map((rule) => [rule.name, rule]));
  for (const rule of over) byName.set(rule.name, rule);
  return [...byName.values()];
}

/** Whether both hold the same rules in the same order. */
export function equalRuleSets(a: RuleSet | null, b: RuleSet | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return JSON.stringify(ruleSetJson(a)) === JSON.stringify(ruleSetJson(b));
}

/** Whether some rule is of this type. */
export function hasRuleType(ruleSet: RuleSet | null, type: string): boolean {
  return ruleSet !== null && LISTS.some((list) => ruleSet[list].some((rule) => rule.type === type));
}

/** The object answered and stored: without its empty parts. */
export function ruleSetJson(ruleSet: RuleSet): JsonObject {
  const json: Record<string, unknown> = {};
  for (const list of LISTS) {
    if (ruleSet[list].length > 0) json[list] = ruleSet[list].map(ruleJson);
  }
  if (ruleSet.enableAt !== null) json["enableAt"] = ruleSet.enableAt;
  return json;
}

function ruleJson(rule: Rule): JsonObject {
  const json: Record<string, unknown> = { name: rule.name };
  if (rule.doc !== null) json["doc"] = rule.doc;
  json["kind"] = rule.kind;
  json["mode"] = rule.mode;
  json["type"] = rule.type;
  if (rule.tags.length > 0) json["tags"] = rule.tags;
  if (Object.keys(rule.params).length > 0) json["params"] = rule.params;
  if (rule.expr !== null) json["expr"] = rule.expr;
  if (rule.onSuccess !== null) json["onSuccess"] = rule.onSuccess;
  if (rule.onFailure !== null) json["onFailure"] = rule.onFailure;
  json["disabled"] = rule.disabled;
  return json;
}

function ruleSetOf(
  migrationRules: readonly Rule[],
  domainRules: readonly Rule[],
  encodingRules: readonly Rule[],
  enableAt: string | number | null,
): RuleSet | null {
  const count = migrationRules.length + domainRules.length + encodingRules.length;
  if (count === 0 && enableAt === null) return null;
  return { migrationRules, domainRules, encodingRules, enableAt };
}

function badValue(
  rule: Rule,
  field: string,
  value: string,
  allowed: ReadonlySet<string>,
): RegistryError {
  return invalid(
    `${field} of rule ${rule.name} is "${value}"; allowed: ${[...allowed].join(", ")}`,
  );
}

function invalid(message: string): RegistryError {
  return new RegistryError(errorCodes.INVALID_RULE_SET, message);
}
