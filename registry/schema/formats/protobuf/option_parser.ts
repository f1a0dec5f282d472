import { concat } from "./bytes.ts";
import type { AggregateField, OptionNamePart, OptionNode, OptionValue } from "./syntax_tree.ts";
import type { Tokens } from "./tokens.ts";

/** How deep aggregate values may nest. */
const AGGREGATE_DEPTH_MAX = 64;

/** Takes the current token, which must be this symbol or word. */
export function expect(tokens: Tokens, text: string): void {
  if (!tokens.is(text)) throw tokens.error(`expected "${text}", found ${tokens.describe()}`);
  tokens.next();
}

/** Takes the current token when it is this symbol or word. */
export function accept(tokens: Tokens, text: string): boolean {
  if (!tokens.is(text)) return false;
  tokens.next();
  return true;
}

/** Takes a simple name; `what` says of what. */
export function takeWord(tokens: Tokens, what: string): string {
  if (tokens.kind !== "word") throw tokens.error(`expected ${what}, found ${tokens.describe()}`);
  const { text } = tokens;
  tokens.next();
  return text;
}

/** Takes a name with dots between its parts, and one before them where `leadingDot` allows it. */
export function takeDottedName(tokens: Tokens, what: string, leadingDot: boolean): string {
  let name = leadingDot && accept(tokens, ".") ? "." : "";
  name += takeWord(tokens, what);
  while (accept(tokens, ".")) name += `.${takeWord(tokens, what)}`;
  return name;
}

/** Takes adjacent string literals as one. */
export function takeString(tokens: Tokens, what: string): Uint8Array {
  if (tokens.kind !== "string") throw tokens.error(`expected ${what}, found ${tokens.describe()}`);
  const first = tokens.bytes;
  tokens.next();
  if (!isString(tokens)) return first;
  const parts = [first];
  while (isString(tokens)) {
    parts.push(tokens.bytes);
    tokens.next();
  }
  return concat(parts);
}

// Behind a function, for the compiler believes that `next()` leaves `kind` as it was.
function isString(tokens: Tokens): boolean {
  return tokens.kind === "string";
}

/** Takes `option name = value;` after its first word. */
export function takeOptionStatement(tokens: Tokens): OptionNode {
  const option = takeOption(tokens);
  expect(tokens, ";");
  return option;
}

/** Takes `[a = 1, (b) = 2]` if it is there. */
export function takeOptionList(tokens: Tokens): OptionNode[] {
  const options: OptionNode[] = [];
  if (!accept(tokens, "[")) return options;
  do options.push(takeOption(tokens)); while (accept(tokens, ","));
  expect(tokens, "]");
  return options;
}

function takeOption(tokens: Tokens): OptionNode {
  const place = tokens.place();
  const name: OptionNamePart[] = [];
  do {
    if (accept(tokens, "(")) {
      name.push({
        name: takeDottedName(tokens, "the name of an extension", true),
        extension: true,
      });
      expect(tokens, ")");
    } else name.push({ name: takeWord(tokens, "the name of an option"), extension: false });
  } while (accept(tokens, "."));
  expect(tokens, "=");
  const value = tokens.is("{") ? takeAggregate(tokens, 1) : takeScalar(tokens);
  return { name, value, place };
}

function takeScalar(tokens: Tokens): OptionValue {
  if (tokens.kind === "string") return { kind: "string", bytes: takeString(tokens, "a string") };
  const sign = accept(tokens, "-") ? "-" : (accept(tokens, "+"), "");
  const { kind, text } = tokens;
  if (kind === "integer" || kind === "float") {
    tokens.next();
    return { kind: "number", text: sign + text };
  }
  if (kind === "word" && (sign === "" || /^(?:inf|infinity|nan)$/i.test(text))) {
    tokens.next();
    return { kind: "name", text: sign + text };
  }
  throw tokens.error(`expected the value of an option, found ${tokens.describe()}`);
}

/** Takes `{ a: 1 b { c: "d" } [pkg.e]: [FOO, BAR] }`, in Protobuf's text format. */
function takeAggregate(tokens: Tokens, depth: number): OptionValue {
  if (depth > AGGREGATE_DEPTH_MAX) {
    throw tokens.error(`the value nests deeper than ${AGGREGATE_DEPTH_MAX} levels`);
  }
  const close = tokens.is("<") ? ">" : "}";
  tokens.next();
  const fields: AggregateField[] = [];
  while (!accept(tokens, close)) {
    const name = takeAggregateName(tokens);
    const colon = accept(tokens, ":");
    if (!colon && !tokens.is("{") && !tokens.is("<")) {
      throw tokens.error(`expected ":" after "${name}", found ${tokens.describe()}`);
    }
    fields.push({ name, value: takeAggregateValue(tokens, depth) });
    if (!accept(tokens, ",")) accept(tokens, ";");
  }
  return { kind: "message", fields };
}

function takeAggregateName(tokens: Tokens): string {
  if (!accept(tokens, "[")) return takeWord(tokens, "the name of a field");
  let name = takeDottedName(tokens, "the name of an extension", false);
  while (accept(tokens, "/")) {
    name += `/${takeDottedName(tokens, "the name of a message", false)}`;
  }
  expect(tokens, "]");
  return `[${name}]`;
}

function takeAggregateValue(tokens: Tokens, depth: number): OptionValue {
  if (tokens.is("{") || tokens.is("<")) return takeAggregate(tokens, depth + 1);
  if (!accept(tokens, "[")) return takeScalar(tokens);
  const values: OptionValue[] = [];
  if (accept(tokens, "]")) return { kind: "list", values };
  do {
    if (tokens.is("[")) throw tokens.error("a list holds no lists");
    values.push(takeAggregateValue(tokens, depth));
  } while (accept(tokens, ","));
  expect(tokens, "]");
  return { kind: "list", values };
}
