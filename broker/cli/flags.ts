/**
 * Command-line flags as data: each command declares its own, the parser gives their values typed.
 */
import { UsageError } from "./command_error.ts";

/** How a flag takes its value. */
type FlagKind = "switch" | "text" | "texts" | "integer" | "optionalText";

/** One flag; V is what parsing gives for it. */
export interface Flag<V> {
  readonly kind: FlagKind;
  /** What its value is called in help; empty for a switch. */
  readonly placeholder: string;
  readonly doc: string;
  /** A letter, for `-c`; empty is none. */
  readonly short: string;
  /** Values that it may have; empty is any. */
  readonly allowed: readonly string[];
  readonly min: number;
  readonly max: number;
  /** Never there; carries the type. */
  readonly value?: V;
}

/** Flags by name, without the dashes. */
export type FlagSet = Readonly<Record<string, Flag<unknown>>>;

/** What the flags of a set hold after parsing. */
export type FlagValues<F extends FlagSet> = {
  readonly [K in keyof F]: F[K] extends Flag<infer V> ? V : never;
};

/** A flag without value: there or not. */
export function onOff(doc: string, short = ""): Flag<boolean> {
  return flag("switch", "", doc, { short });
}

/** A flag with a text, or null; `allowed` limits it. */
export function text(
  placeholder: string,
  doc: string,
  options: { readonly short?: string; readonly allowed?: readonly string[] } = {},
): Flag<string | null> {
  return flag("text", placeholder, doc, options);
}

/** A flag that may come several times, each time with a text. */
export function texts(placeholder: string, doc: string, short = ""): Flag<readonly string[]> {
  return flag("texts", placeholder, doc, { short });
}

/** A flag with a whole number, or null. */
export function integer(
  placeholder: string,
  doc: string,
  options: { readonly min?: number; readonly max?: number } = {},
): Flag<number | null> {
  return flag("integer", placeholder, doc, options);
}

/** A flag that may have a text behind it: null when it is not there, empty when nothing follows. */
export function optionalText(placeholder: string, doc: string): Flag<string | null> {
  return flag("optionalText", placeholder, doc, {});
}

/** Flags and what else stands on a command line. */
export interface ParsedArguments<F extends FlagSet> {
  readonly flags: FlagValues<F>;
  readonly rest: readonly string[];
}

/**
 * Parses `--name value`, `--name=value` and `-n value`; what stands behind `--` is no flag. Throws
 * UsageError naming the flag, its value and what is allowed.
 */
export function parseFlags<F extends FlagSet>(
  set: F,
  args: readonly string[],
): ParsedArguments<F> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(set)) values[name] = emptyValue(spec);
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!isFlag(arg)) {
      rest.push(arg);
      continue;
    }
    const equals = arg.indexOf("=");
    const name = nameOf(set, equals < 0 ? arg : arg.slice(0, equals));
    const spec = set[name] as Flag<unknown>;
    let value = equals < 0 ? null : arg.slice(equals + 1);
    if (value === null && takesNext(set, spec, args[i + 1])) value = args[++i] ?? null;
    values[name] = valueOf(name, spec, value, values[name]);
  }
  return { flags: values as FlagValues<F>, rest };
}

function flag<V>(
  kind: FlagKind,
  placeholder: string,
  doc: string,
  options: {
    readonly short?: string;
    readonly allowed?: readonly string[];
    readonly min?: number;
    readonly max?: number;
  },
): Flag<V> {
  return {
    kind,
    placeholder,
    doc,
    short: options.short ?? "",
    allowed: options.allowed ?? [],
    min: options.min ?? -Infinity,
    max: options.max ?? Infinity,
  };
}

/** A negative number is a value, never a flag. */
function isFlag(arg: string): boolean {
  return arg.startsWith("-") && arg.length > 1 && !/^-\d/.test(arg);
}

function nameOf(set: FlagSet, arg: string): string {
  if (arg.startsWith("--")) {
    const name = arg.slice(2);
    if (Object.hasOwn(set, name)) return name;
  } else {
    const found = Object.entries(set).find(([, { short }]) => `-${short}` === arg && short !== "");
    if (found !== undefined) return found[0];
  }
  const close = closest(arg.replace(/^-+/, ""), Object.keys(set));
  const hint = close === null ? "" : `: did you mean --${close}?`;
  throw new UsageError(`There is no flag ${arg}${hint}`);
}

/** Whether the next argument is the flag's value: not where it is a flag itself. */
function takesNext(set: FlagSet, spec: Flag<unknown>, next: string | undefined): boolean {
  if (spec.kind === "switch" || next === undefined) return false;
  if (!isFlag(next)) return true;
  return spec.kind !== "optionalText" && !Object.hasOwn(set, next.replace(/^--|=.*$/g, ""));
}

/** The name that somebody who typed `text` most likely meant, or null when none is near. */
export function closest(text: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.ceil(text.length / 3)) + 1;
  for (const name of names) {
    const distance = name.startsWith(text) && text.length > 2 ? 1 : editDistance(text, name);
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

/** How many letters must be changed, added or removed to make one text of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function emptyValue(spec: Flag<unknown>): unknown {
  if (spec.kind === "switch") return false;
  return spec.kind === "texts" ? [] : null;
}

function valueOf(
  name: string,
  spec: Flag<unknown>,
  value: string | null,
  before: unknown,
): unknown {
  if (spec.kind === "switch") {
    if (value === null || value === "true") return true;
    if (value === "false") return false;
    throw new UsageError(`--${name}=${value}: this flag takes no value`);
  }
  if (value === null) {
    if (spec.kind === "optionalText") return "";
    throw new UsageError(`--${name} needs a value: --${name} <${spec.placeholder}>`);
  }
  if (spec.kind === "texts") return [...before as readonly string[], value];
  if (before !== null) throw new UsageError(`--${name} is given twice: ${before} and ${value}`);
  if (spec.kind === "integer") return integerOf(name, spec, value);
  if (spec.allowed.length > 0 && !spec.allowed.includes(value)) {
    throw new UsageError(`--${name} ${value}: allowed is ${spec.allowed.join(", ")}`);
  }
  return value;
}

function integerOf(name: string, spec: Flag<unknown>, value: string): number {
  const number = Number(value);
  const isWhole = /^[+-]?\d+$/.test(value) && Number.isSafeInteger(number);
  if (isWhole && number >= spec.min && number <= spec.max) return number;
  const from = spec.min === -Infinity ? "" : ` from ${spec.min}`;
  const to = spec.max === Infinity ? "" : ` to ${spec.max}`;
  throw new UsageError(`--${name} ${value}: allowed is a whole number${from}${to}`);
}
