import { parse } from "dot-properties";
import type { OptionTable, SettingsOf } from "./option.ts";

/** An option that can't be what it was given as; the message names it, its value and what is allowed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Where options come from, weakest first; behind their defaults. */
export interface SettingsInputs {
  readonly defaults?: Readonly<Record<string, string>>;
  /** Text of a properties file. */
  readonly properties?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `name=value`. */
  readonly overrides?: readonly string[];
}

/** What a table is read with. */
export interface SettingsRules<T extends OptionTable> {
  readonly table: T;
  /** What variables begin with, such as `SCHEMA_REGISTRY_`. */
  readonly environmentPrefix: string;
  /** Beginnings of names that pass on to something else, such as `client.`; kept as texts. */
  readonly passedOn: readonly string[];
  /** Former names, each with the one of the table that it stands for; the present name wins. */
  readonly formerNames?: Readonly<Record<string, string>>;
}

/** Options that were read. */
export interface LoadedSettings<T extends OptionTable> {
  readonly settings: SettingsOf<T>;
  /** Those that pass on, by their whole name. */
  readonly passedOn: ReadonlyMap<string, string>;
  /** Sentences about names that nothing knows. */
  readonly warnings: readonly string[];
}

/** Reads a table's options. Throws {@linkcode SettingsError} for the first that can't be. */
export function readSettings<T extends OptionTable>(
  rules: SettingsRules<T>,
  inputs: SettingsInputs,
): LoadedSettings<T> {
  const { table } = rules;
  const isPassedOn = (name: string) => rules.passedOn.some((prefix) => name.startsWith(prefix));
  const former = new Map(Object.entries(rules.formerNames ?? {}));
  const given = new Map<string, string>(), formerly = new Map<string, string>();
  const warnings: string[] = [];
  function take(name: string, value: string, isWarned: boolean): void {
    const present = former.get(name);
    if (present !== undefined) {
      formerly.set(present, value.trim());
      warnings.push(`Option ${name} is called ${present} now`);
    } else if (Object.hasOwn(table, name) || isPassedOn(name)) given.set(name, value.trim());
    else if (isWarned) warnings.push(`Option ${name} is unknown and left out`);
  }
  for (const [name, value] of Object.entries(inputs.defaults ?? {})) take(name, value, true);
  for (const [name, value] of Object.entries(propertiesOf(inputs.properties ?? ""))) {
    take(name, value, true);
  }
  for (const [variable, value] of Object.entries(inputs.environment ?? {})) {
    // Container images have variables of other uses under the same beginning.
    if (variable.startsWith(rules.environmentPrefix)) {
      take(optionName(variable.slice(rules.environmentPrefix.length)), value, false);
    }
  }
  for (const override of inputs.overrides ?? []) {
    const equals = override.indexOf("=");
    if (equals <= 0) {
      throw new SettingsError(`Override ${JSON.stringify(override)}; allowed: name=value`);
    }
    take(override.slice(0, equals).trim(), override.slice(equals + 1), true);
  }
  for (const [name, value] of formerly) if (!given.has(name)) given.set(name, value);
  const values = Object.entries(table).map(([name, option]) => {
    const text = given.get(name);
    if (text === undefined) return [name, option.default];
    const value = option.parse(text);
    if (value !== null) return [name, value];
    const shown = option.isSecret ? "(hidden)" : text;
    throw new SettingsError(`Option ${name}=${shown}: allowed is ${option.allowed}`);
  });
  return {
    settings: Object.fromEntries(values) as SettingsOf<T>,
    passedOn: new Map([...given].filter(([name]) => !Object.hasOwn(table, name))),
    warnings,
  };
}

function propertiesOf(text: string): Record<string, string> {
  return parse(text) as Record<string, string>;
}

/** As container images spell names: `_` is a dot, `__` an underscore, `___` a dash. */
function optionName(rest: string): string {
  return rest.toLowerCase().replace(/_{1,3}/g, (run) => [".", "_", "-"][run.length - 1]!);
}
