import { RE2JS } from "re2js";

/** Longest regular expression that is compiled, in characters. */
const PATTERN_LENGTH_MAX = 10_000;
/** Largest compiled program: time to match is its size times the length of the text. */
const PROGRAM_SIZE_MAX = 5_000;

/** A regular expression that takes time linear in its input, whatever it is. */
export interface LinearRegExp {
  test(text: string): boolean;
}

/**
 * Compiles an ECMAScript regular expression for a matcher that never backtracks; null when it needs what such
 * a matcher lacks (look-around, back references, large repeats) or isn't one.
 */
export function linearRegExp(pattern: string, ignoreCase = false): LinearRegExp | null {
  if (pattern.length > PATTERN_LENGTH_MAX) return null;
  try {
    const flags = ignoreCase ? RE2JS.CASE_INSENSITIVE : 0;
    const compiled = RE2JS.compile(RE2JS.translateRegExp(shortenCategories(pattern)), flags);
    if (compiled.programSize() > PROGRAM_SIZE_MAX) return null;
    return { test: (text) => compiled.test(text) };
  } catch {
    return null;
  }
}

/** Names of Unicode's categories that ECMAScript knows and RE2 only knows in short. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Letter: "L",
  Uppercase_Letter: "Lu",
  Lowercase_Letter: "Ll",
  Titlecase_Letter: "Lt",
  Modifier_Letter: "Lm",
  Other_Letter: "Lo",
  Mark: "M",
  Number: "N",
  Decimal_Number: "Nd",
  digit: "Nd",
  Punctuation: "P",
  Symbol: "S",
  Separator: "Z",
  Space_Separator: "Zs",
  Other: "C",
};

function shortenCategories(pattern: string): string {
  if (!/\\p\{/i.test(pattern)) return pattern;
  return pattern.replace(
    /\\(?:([pP])\{(?:(?:General_Category|gc)=)?(\w+)\}|.)/gs,
    (escape, letter: string | undefined, category: string | undefined) =>
      letter === undefined || category === undefined
        ? escape
        : `\\${letter}{${CATEGORIES[category] ?? category}}`,
  );
}

/** Whether anything here can make sense of a regular expression: as ECMAScript, or as RE2. */
export function isRegExp(pattern: string): boolean {
  return ["u", ""].some((flags) => isEcmaRegExp(pattern, flags)) || linearRegExp(pattern) !== null;
}

/** Only parses: V8 compiles an expression when it first runs. */
function isEcmaRegExp(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) !== null;
  } catch {
    return false;
  }
}
