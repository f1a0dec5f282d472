/** Sessions of HTTP calls and their answers, kept as text (see golden/README.md for how they are written). */
import { CheckError } from "./suite.ts";

/** One call and the answer that it is to get. */
export interface Call {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  /** What follows an `@`, by the word before the first space. */
  readonly asks: ReadonlyMap<string, string>;
  readonly body: string | null;
  readonly answer: string;
}

/** The calls of a session's text, in order; throws at what is not one. */
export function parseSession(text: string): Call[] {
  const [heading = "", ...blocks] = text.split(/^=== /m);
  const usual = heading.split("\n").filter((line) => /^[\w-]+: /.test(line));
  return blocks.map((block) => parseCall(block, usual));
}

function parseCall(block: string, usual: readonly string[]): Call {
  const at = block.search(/^--- /m);
  const name = block.split("\n", 1)[0]!;
  if (at < 0) throw new CheckError(`"${name}" has no answer`);
  const [head = "", ...bodies] = block.slice(0, at).trimEnd().split("\n\n");
  const [, line = "", ...rest] = head.split("\n");
  const [method, path] = line.split(/ (.*)/);
  if (!method || !path) throw new CheckError(`"${name}" does not begin with METHOD PATH: ${line}`);
  const body = bodies.length === 0 ? null : bodies.join("\n\n");
  const own = rest.filter((text) => !text.startsWith("@"));
  const headers = [
    ...usual.filter((text) => body !== null || !text.startsWith("Content-Type:"))
      .filter((text) => !own.some((other) => fieldName(other) === fieldName(text))),
    ...own,
  ];
  const asks = rest.filter((text) => text.startsWith("@"))
    .map((text) => text.slice(1).split(/ (.*)/, 2) as [string, string]);
  return {
    name,
    method,
    path,
    headers,
    asks: new Map(asks),
    body,
    answer: block.slice(at + "--- ".length).trimEnd(),
  };
}

function fieldName(header: string): string {
  return header.slice(0, header.search(/[:;]/)).toLowerCase();
}

/** Puts the values of names in braces, and texts that are to be repeated: `{10*ab}`. */
export function fill(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replaceAll(/\{(\d+)\*([^{}]+)\}/g, (_, count, part) => part.repeat(Number(count)))
    .replaceAll(/\{(\w+)\}/g, (whole, name) => names.get(name) ?? whole);
}

/** Shorter values, such as cursors, are the same each time. */
const MASKED_MIN = 10;

/** Puts the names in braces back, and hides times and long runs of one character. */
export function mask(text: string, names: ReadonlyMap<string, string>): string {
  let masked = text;
  for (const [name, value] of names) {
    if (value.length >= MASKED_MIN) masked = masked.replaceAll(value, `{${name}}`);
  }
  return masked
    .replaceAll(/(.)\1{999,}/g, (run, part) => `{${run.length}*${part}}`)
    .replaceAll(/\b1[5-9]\d{11}\b/g, "{time}")
    .replaceAll(/\b20\d\d-\d\d-\d\dT[\d:.]+Z/g, "{time}")
    .replaceAll(/"port":\d+/g, '"port":{port}');
}

/** A part of a JSON text: `data.0.name`. */
export function partOf(text: string, path: string): unknown {
  let value: unknown = JSON.parse(text);
  for (const step of path.split(".")) value = (value as Record<string, unknown> | null)?.[step];
  return value;
}
