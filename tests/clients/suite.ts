/**
 * What a client suite is: checks of one foreign client against a broker, told as TAP lines, so that
 * a suite may be a program in any language.
 */
import { TextLineStream } from "@std/streams";

/** The outcome of one check. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed, line by line; empty when it passed. */
  readonly details: readonly string[];
}

/** A foreign client and what is asked of it. */
export interface Suite {
  readonly name: string;
  /** Installs what the client needs; resolves to why it can't run here, or null when it can. */
  prepare(): Promise<string | null>;
  /** Runs the checks against a fresh broker, telling each outcome as it is known. */
  run(bootstrap: string, tell: (check: Check) => void): Promise<void>;
}

/** Checks that start, kill and restart brokers themselves. */
export interface BrokerSuite {
  readonly name: string;
  /** As {@linkcode Suite.prepare}. */
  prepare(): Promise<string | null>;
  /** Runs the checks on brokers of our make, or on Apache Kafka's. */
  runBrokers(apache: boolean, tell: (check: Check) => void): Promise<void>;
}

/** A broken expectation of a check written in TypeScript. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

/** Fails the check unless both are equal as JSON. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got === wanted) return;
  throw new CheckError(`${what}: got ${got.slice(0, 500)}, expected ${wanted.slice(0, 500)}`);
}

/** Fails the check unless the promise rejects with a text that matches. */
export async function refused(promise: Promise<unknown>, text: RegExp): Promise<void> {
  try {
    await promise;
  } catch (error) {
    const said = errorText(error);
    if (text.test(said)) return;
    throw new CheckError(`refused with "${said}", expected ${text}`);
  }
  throw new CheckError(`not refused, expected ${text}`);
}

/** An error's own text and those of the errors it holds. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError
    ? error.errors
    : error instanceof SuppressedError
    ? [error.suppressed, error.error]
    : error.cause
    ? [error.cause]
    : [];
  return [error.message, ...inner.map(errorText)].join(": ");
}

/** Checks by name, in the order in which they run. */
export type Checks = Readonly<Record<string, (bootstrap: string) => Promise<void>>>;

const CHECK_MS_MAX = 120_000;

/** Runs checks written in TypeScript one after another; a failed one does not stop the rest. */
export async function runChecks(
  checks: Checks,
  bootstrap: string,
  tell: (check: Check) => void,
): Promise<void> {
  for (const [name, body] of Object.entries(checks)) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new CheckError(`no end after ${CHECK_MS_MAX} ms`)),
        CHECK_MS_MAX,
      );
    });
    await runCheck(tell, name, () => Promise.race([body(bootstrap), late]));
    clearTimeout(timer);
  }
}

/** Runs one check and tells its outcome; what it throws is the failure. */
export async function runCheck(
  tell: (check: Check) => void,
  name: string,
  body: () => Promise<void>,
): Promise<void> {
  try {
    await body();
    tell({ name, passed: true, details: [] });
  } catch (error) {
    const [message = "", ...more] = errorText(error).split("\n");
    const stack = error instanceof Error ? error.stack ?? "" : "";
    const places = stack.split("\n").filter((line) => /^ +at /.test(line)).slice(0, 5);
    tell({ name, passed: false, details: [message, ...more, ...places] });
  }
}

/** The checks that TAP lines tell of; a plan (`1..9`) that does not hold makes one more, failed. */
export function* parseTap(lines: readonly string[]): Generator<Check> {
  let told = 0, planned = -1;
  let open: { name: string; passed: boolean; details: string[] } | null = null;
  for (const line of lines) {
    const outcome = line.match(/^(not )?ok \d+ - (.*)$/);
    const plan = line.match(/^1\.\.(\d+)$/);
    if (outcome) {
      if (open) yield open;
      open = { name: outcome[2]!, passed: outcome[1] === undefined, details: [] };
      told += 1;
    } else if (plan) {
      planned = Number(plan[1]);
    } else if (open && !open.passed) {
      open.details.push(line.replace(/^# /, ""));
    }
  }
  if (open) yield open;
  if (planned === told) return;
  const details = planned < 0 ? ["it ended early:", ...lines.slice(-10)] : [`planned ${planned}`];
  yield { name: `tells of all its checks (${told} told)`, passed: false, details };
}

/** Runs a program that prints TAP and tells its checks. */
export async function runTapProgram(
  command: string,
  args: readonly string[],
  tell: (check: Check) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = new Deno.Command(command, {
    args: [...args],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [out, err] = await Promise.all([linesOf(child.stdout), linesOf(child.stderr)]);
  await child.status;
  for (const check of parseTap([...out, ...err.slice(-20)])) tell(check);
}

/** The lines of a stream of text, as they come; leaving early does not close the stream. */
export function linesIn(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  return stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new TextLineStream()).values({ preventCancel: true });
}

/** All lines of a stream of text. */
export function linesOf(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  return Array.fromAsync(linesIn(stream));
}

/** What a command printed, stdout before stderr; fails the check when its exit code is not 0. */
export async function output(
  command: string,
  args: readonly string[],
  options: {
    readonly stdin?: string;
    readonly anyCode?: boolean;
    readonly env?: Record<string, string>;
  } = {},
): Promise<string> {
  const child = new Deno.Command(command, {
    args: [...args],
    env: options.env ?? {},
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [, { code, stdout, stderr }] = await Promise.all([
    options.stdin === undefined ? null : feed(child.stdin, options.stdin),
    child.output(),
  ]);
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== 0 && !options.anyCode) {
    throw new CheckError(
      `${command} ${args.join(" ")} gave exit code ${code}: ${text.slice(-1500)}`,
    );
  }
  return text;
}

async function feed(stream: WritableStream<Uint8Array>, text: string): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
}
