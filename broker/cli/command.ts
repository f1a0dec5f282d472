import type { CommandIo } from "./command_io.ts";
import { type Flag, type Flags, parseFlags, UsageError } from "./flags.ts";

/** A subcommand of the executable. */
export interface Command {
  /** What it is called: `topics`. */
  readonly name: string;
  /** What it is for, in one line without a full stop. */
  readonly summary: string;
  /** The text of `--help`. */
  help(): string;
  /**
   * Runs it and resolves to the exit code: 0 done, 1 failed, 2 wrong usage. What went wrong is told
   * on stderr; nothing is thrown but bugs.
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** What {@linkcode command} makes a command of. */
export interface CommandSpec<Name extends string> {
  readonly name: string;
  readonly summary: string;
  /** What follows `kafkats NAME` on a command line, one line per way to use it. */
  readonly usage: readonly string[];
  readonly flags: readonly Flag<Name>[];
  /** Command lines as a user would type them, with what each does. */
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** A paragraph or more behind the flags: what a reader of the help must know besides. */
  readonly notes?: string;
  /** The work; resolves to the exit code. Throws {@linkcode UsageError} or {@linkcode CommandError}. */
  run(flags: Flags<Name>, io: CommandIo): Promise<number>;
}

/** The command failed as commands may: its message is all that the user needs; exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

const HELP: Flag<"help"> = { name: "help", aliases: ["h"], help: "Print this text." };

/** Makes a command of its parts: reads flags, answers `--help`, tells errors, sets the exit code. */
export function command<Name extends string>(spec: CommandSpec<Name>): Command {
  const flags: readonly Flag<Name | "help">[] = [...spec.flags, HELP];
  return {
    name: spec.name,
    summary: spec.summary,
    help: () => helpText(spec, flags),
    async run(args, io) {
      try {
        if (wantsHelp(args)) {
          io.stdout(helpText(spec, flags));
          return 0;
        }
        return await spec.run(parseFlags(flags, args) as Flags<Name>, io);
      } catch (error) {
        return tellError(error, spec.name, io);
      }
    },
  };
}

/** Help is given whatever else is wrong with the line. */
function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  return own.some((arg) => arg === "--help" || arg === "-help" || arg === "-h");
}

/**
 * Prints what `error` has to say to a user and returns the exit code that goes with it. An error
 * that no command foresees is a bug and thrown on.
 */
export function tellError(error: unknown, name: string, io: CommandIo): number {
  // Whoever read our output has gone; there is nobody to tell.
  if (error instanceof Deno.errors.BrokenPipe) return 1;
  if (error instanceof UsageError) {
    io.stderr(`${error.message}\nTry: kafkats ${name} --help\n`);
    return 2;
  }
  if (error instanceof CommandError) {
    io.stderr(`${error.message}\n`);
    return 1;
  }
  throw error;
}

const WIDTH = 100;
const HELP_COLUMN = 32;

function helpText<Name extends string>(
  spec: CommandSpec<string>,
  flags: readonly Flag<Name>[],
): string {
  const lines = [`kafkats ${spec.name}: ${spec.summary}`, "", "Usage:"];
  for (const usage of spec.usage) lines.push(`  kafkats ${spec.name} ${usage}`.trimEnd());
  lines.push("", "Flags:", ...flags.flatMap(flagLines));
  if (spec.notes !== undefined) {
    lines.push("", ...spec.notes.split("\n").flatMap((line) => wrapped(line, WIDTH)));
  }
  lines.push("", "Examples:");
  for (const { line, does } of spec.examples) lines.push(`  # ${does}`, `  ${line}`);
  return `${lines.join("\n")}\n`;
}

function flagLines(flag: Flag): string[] {
  const value = flag.value === undefined
    ? ""
    : flag.valueOptional
    ? ` [${flag.value}]`
    : ` ${flag.value}`;
  const head = `  --${flag.name}${value}`;
  const help = wrapped(flag.help, WIDTH - HELP_COLUMN);
  const [first = "", ...rest] = head.length < HELP_COLUMN - 1 ? help : ["", ...help];
  return [
    `${head.padEnd(HELP_COLUMN)}${first}`.trimEnd(),
    ...rest.map((line) => " ".repeat(HELP_COLUMN) + line),
  ];
}

/** Breaks `text` between words into lines of at most `width` letters; a longer word stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}
