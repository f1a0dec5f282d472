/** Options as data: what a service can be told, by name, with a default and what is allowed. */

/** One option; V is what its text becomes. */
export interface Option<V> {
  readonly default: V;
  /** A sentence. */
  readonly doc: string;
  /** What is allowed, as a sentence's end: "a whole number from 1 to 65535". */
  readonly allowed: string;
  /** Whether its value is told to nobody. */
  readonly isSecret: boolean;
  /** Null for a text that is not allowed. */
  parse(text: string): V | null;
}

/** Options by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What the options of a table come to. */
export type SettingsOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends Option<infer V> ? V : never;
};

/** Any text. */
export function text(initial: string, doc: string): Option<string> {
  return { default: initial, doc, allowed: "any text", isSecret: false, parse: (value) => value };
}

/** A text that is told to nobody. */
export function secret(doc: string): Option<string> {
  return { ...text("", doc), isSecret: true };
}

/** Texts with commas between. */
export function list(initial: readonly string[], doc: string): Option<readonly string[]> {
  return {
    default: initial,
    doc,
    allowed: "values with commas between",
    isSecret: false,
    parse: (value) => value.split(",").map((item) => item.trim()).filter((item) => item !== ""),
  };
}

/** A whole number. */
export function integer(
  initial: number,
  doc: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {},
): Option<number> {
  const upTo = max === Number.MAX_SAFE_INTEGER ? " or more" : ` to ${max}`;
  return {
    default: initial,
    doc,
    allowed: `a whole number, ${min}${upTo}`,
    isSecret: false,
    parse(value) {
      const number = /^-?[0-9]{1,16}$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max ? number : null;
    },
  };
}

/** true or false. */
export function flag(initial: boolean, doc: string): Option<boolean> {
  return {
    default: initial,
    doc,
    allowed: "true or false",
    isSecret: false,
    parse(value) {
      const lower = value.toLowerCase();
      return lower === "true" ? true : lower === "false" ? false : null;
    },
  };
}

/** One of a few words, in any case. */
export function oneOf<const W extends string>(
  initial: NoInfer<W>,
  words: readonly W[],
  doc: string,
): Option<W> {
  return {
    default: initial,
    doc,
    allowed: `one of ${words.join(", ")}`,
    isSecret: false,
    parse: (value) => words.find((word) => word.toLowerCase() === value.toLowerCase()) ?? null,
  };
}
