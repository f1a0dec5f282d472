/** What stands between a command and its arguments: flags declared as data, read by Kafka's rules. */

/** One flag of a command. */
export interface Flag<Name extends string = string> {
  /** Without the dashes, as Kafka spells it: `bootstrap-server`. */
  readonly name: Name;
  /** What the value is called in the help, such as `HOST:PORT,...`; absent when it takes none. */
  readonly value?: string;
  /** The value may be left out: `--state` and `--state stable` are both fine. */
  readonly valueOptional?: true;
  /** May be given more than once; otherwise a second one is an error. */
  readonly repeated?: true;
  /** Older spellings that mean the same; not in the help. */
  readonly aliases?: readonly string[];
  /** One sentence or two; begins with "Required." when nothing works without it. */
  readonly help: string;
}

/** The command line is wrong: the command prints the message and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The flags that were given, and the arguments that are none. */
export class Flags<Name extends string = string> {
  readonly #given: ReadonlyMap<string, readonly (string | null)[]>;
  /** Arguments that belong to no flag, in order. */
  readonly positionals: readonly string[];

  constructor(
    given: ReadonlyMap<string, readonly (string | null)[]>,
    positionals: readonly string[],
  ) {
    this.#given = given;
    this.positionals = positionals;
  }

  /** Whether the flag was given. */
  has(name: Name): boolean {
    return this.#given.has(name);
  }

  /** The flag's value; null when the flag, or its optional value, was not given. */
  text(name: Name): string | null {
    return this.#given.get(name)?.[0] ?? null;
  }

  /** The values of a repeated flag in order; empty when it was not given. */
  texts(name: Name): string[] {
    return (this.#given.get(name) ?? []).filter((value) => value !== null);
  }

  /** The flag's value. Throws {@linkcode UsageError} when it was not given. */
  required(name: Name): string {
    const value = this.text(name);
    if (value === null) throw new UsageError(`Missing required flag --${name}`);
    return value;
  }

  /**
   * The flag's value as a whole number in `[min, max]`; null when it was not given. Throws
   * {@linkcode UsageError} when the value is anything else.
   */
  integer(
    name: Name,
    bounds: { readonly min?: number; readonly max?: number } = {},
  ): number | null {
    const value = this.text(name);
    if (value === null) return null;
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
    return parseInteger(`--${name}`, value, { min, max });
  }

  /**
   * The flag's value, one of `allowed`; null when it was not given. Throws {@linkcode UsageError}
   * when it is none of them.
   */
  oneOf<V extends string>(name: Name, allowed: readonly V[]): V | null {
    const value = this.text(name);
    if (value === null) return null;
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      throw new UsageError(`Cannot use --${name} ${value}: allowed are ${allowed.join(", ")}`);
    }
    return found;
  }

  /**
   * The values of a repeated `key=value` flag, the last of a repeated key. Throws
   * {@linkcode UsageError} when one has no `=`.
   */
  properties(name: Name): Map<string, string> {
    const properties = new Map<string, string>();
    for (const text of this.texts(name)) {
      const at = text.indexOf("=");
      if (at < 1) throw new UsageError(`Cannot use --${name} ${text}: allowed is key=value`);
      properties.set(text.slice(0, at), text.slice(at + 1));
    }
    return properties;
  }

  /** Throws {@linkcode UsageError} when more than one of `names` was given; returns the given one. */
  atMostOne(names: readonly Name[]): Name | null {
    const given = names.filter((name) => this.has(name));
    if (given.length > 1) {
      throw new UsageError(`Cannot use ${dashed(given)} together: allowed is one of them`);
    }
    return given[0] ?? null;
  }

  /** The one of `names` that was given. Throws {@linkcode UsageError} when none or several were. */
  exactlyOne(names: readonly Name[]): Name {
    const given = this.atMostOne(names);
    if (given === null) throw new UsageError(`Missing a flag: one of ${dashed(names)} is required`);
    return given;
  }

  /** Throws {@linkcode UsageError} when an argument belongs to no flag. */
  noPositionals(): void {
    const [first] = this.positionals;
    if (first !== undefined) throw new UsageError(`Unexpected argument ${first}`);
  }
}

/**
 * `text` as a whole number in `[min, max]`. Throws {@linkcode UsageError} that names `what`, the
 * text and what is allowed.
 */
export function parseInteger(
  what: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const range = max >= Number.MAX_SAFE_INTEGER
    ? min <= Number.MIN_SAFE_INTEGER ? "a whole number" : `a whole number from ${min} on`
    : `a whole number from ${min} to ${max}`;
  throw new UsageError(`Cannot use ${what} ${text}: allowed is ${range}`);
}

/**
 * Reads `args` by the rules of Kafka's tools: `--name value`, `--name=value`, one dash works too, no
 * abbreviations, everything after `--` is no flag. Throws {@linkcode UsageError} on an unknown flag,
 * a missing or unwanted value, and a repetition that is not allowed.
 */
export function parseFlags<Name extends string>(
  declared: readonly Flag<Name>[],
  args: readonly string[],
): Flags<Name> {
  const byName = new Map<string, Flag<Name>>();
  for (const flag of declared) {
    for (const name of [flag.name, ...flag.aliases ?? []]) byName.set(name, flag);
  }
  const given = new Map<string, (string | null)[]>();
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg === "--") {
      positionals.push(...args.slice(index + 1));
      break;
    }
    const match = arg.match(/^--?([a-zA-Z][^=]*)(?:=(.*))?$/s);
    if (match === null) {
      positionals.push(arg);
      continue;
    }
    const [, name = "", inline] = match;
    const flag = byName.get(name);
    if (flag === undefined) throw unknownFlag(name, byName.keys());
    const value = valueOf(flag, inline, args[index + 1], byName);
    if (value !== null && inline === undefined) index++;
    const values = given.get(flag.name);
    if (values === undefined) given.set(flag.name, [value]);
    else if (flag.repeated) values.push(value);
    else if (flag.value !== undefined) {
      throw new UsageError(`Cannot use --${flag.name} twice: allowed is one`);
    }
  }
  return new Flags(given, positionals);
}

function valueOf<Name extends string>(
  flag: Flag<Name>,
  inline: string | undefined,
  next: string | undefined,
  byName: ReadonlyMap<string, Flag<Name>>,
): string | null {
  if (flag.value === undefined) {
    if (inline === undefined) return null;
    throw new UsageError(`Cannot use --${flag.name}=${inline}: the flag takes no value`);
  }
  if (inline !== undefined) return inline;
  if (flag.valueOptional) return next === undefined || next.startsWith("-") ? null : next;
  if (next === undefined || isFlag(next, byName)) {
    throw new UsageError(`Missing value of --${flag.name}: expected ${flag.value}`);
  }
  return next;
}

/** Whether an argument that could be a value (`-1`, `-x`, `--`) is certainly the next flag. */
function isFlag(arg: string, byName: ReadonlyMap<string, unknown>): boolean {
  const name = arg.match(/^--([^=]+)/)?.[1];
  return name !== undefined && byName.has(name);
}

function unknownFlag(name: string, known: Iterable<string>): UsageError {
  const close = closest(name, known);
  return new UsageError(
    `Unknown flag --${name}${close === null ? "" : `; did you mean --${close}?`}`,
  );
}

/** The one of `known` that a typing mistake or an abbreviation makes of it; null when none is near. */
export function closest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = candidate.startsWith(name) ? 1 : editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Letters to insert, drop or change to make `a` of `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function dashed(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(", ");
}
