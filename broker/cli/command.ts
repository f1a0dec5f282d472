import { CommandError, UsageError } from "./command_error.ts";
import { type Flag, type FlagSet, type FlagValues, onOff, parseFlags } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { inPlainWords } from "./plain_words.ts";

/** A subcommand, ready to run. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Runs with the arguments behind its name; gives the exit code: 0 done, 1 failed, 2 misused. */
  execute(args: readonly string[], io: CommandIo): Promise<number>;
}

/** What a subcommand is made of. */
export interface CommandSpec<F extends FlagSet> {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What stands behind the name, such as `(--create | --list) [flags]`. */
  readonly usage: string;
  /** Whole command lines, the program's name included. */
  readonly examples: readonly string[];
  readonly flags: F;
  /** Whether arguments that are no flags are taken. */
  readonly takesArguments?: boolean;
  /** Gives the exit code; throws CommandError to end with 1 and a sentence. */
  run(flags: FlagValues<F>, io: CommandIo, rest: readonly string[]): Promise<number>;
}

const COMMON = {
  help: onOff("Tell what the command does.", "h"),
} as const satisfies FlagSet;

/** Makes a command of its parts: flags are parsed, help is written, failures become sentences. */
export function command<F extends FlagSet>(spec: CommandSpec<F>): Command {
  const flags = { ...spec.flags, ...COMMON };
  return {
    name: spec.name,
    summary: spec.summary,
    async execute(args, io) {
      try {
        const parsed = parseFlags(flags, args);
        if (parsed.flags["help"] === true) {
          await io.stdout.write(helpOf(spec));
          return 0;
        }
        if (parsed.rest.length > 0 && !spec.takesArguments) {
          throw new UsageError(noFlag(parsed.rest[0]!, flags));
        }
        return await spec.run(parsed.flags as unknown as FlagValues<F>, io, parsed.rest);
      } catch (error) {
        // Whoever read our output has gone, as `head` does: there is nobody to tell.
        if (error instanceof Deno.errors.BrokenPipe) return 1;
        if (!(error instanceof CommandError)) throw error;
        const isUsage = error instanceof UsageError;
        // Who gives no arguments at all wants to know what there is.
        const hint = args.length === 0
          ? `\n${usageOf(spec)}`
          : `See: kafkats ${spec.name} --help\n`;
        await io.stderr.write(`${inPlainWords(error.message)}\n${isUsage ? hint : ""}`);
        return isUsage ? 2 : 1;
      }
    },
  };
}

function noFlag(argument: string, flags: FlagSet): string {
  const isName = Object.hasOwn(flags, argument);
  return `${argument} is no flag: ${
    isName ? `did you mean --${argument}?` : "flags begin with --"
  }`;
}

function helpOf<F extends FlagSet>(spec: CommandSpec<F>): string {
  return `${spec.summary}\n\n${usageOf(spec)}`;
}

function usageOf<F extends FlagSet>(spec: CommandSpec<F>): string {
  const rows = Object.entries({ ...spec.flags, ...COMMON }).sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, flag]) => [`  ${headOf(name, flag)}`, docOf(flag)] as const);
  const width = Math.min(40, Math.max(...rows.map(([head]) => head.length)));
  const lines = rows.map(([head, doc]) =>
    head.length > width
      ? `${head}\n${wrap(doc, width + 2)}`
      : head.padEnd(width + 2) + wrap(doc, width + 2).trimStart()
  );
  return [
    `Usage: kafkats ${spec.name} ${spec.usage}`.trimEnd(),
    "",
    "Flags:",
    ...lines,
    "",
    "Examples:",
    ...spec.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function headOf(name: string, flag: Flag<unknown>): string {
  const short = flag.short === "" ? "" : `-${flag.short}, `;
  if (flag.kind === "switch") return `${short}--${name}`;
  const value = flag.kind === "optionalText" ? `[${flag.placeholder}]` : `<${flag.placeholder}>`;
  return `${short}--${name} ${value}`;
}

function docOf(flag: Flag<unknown>): string {
  const allowed = flag.allowed.length === 0 ? "" : ` One of ${flag.allowed.join(", ")}.`;
  return `${flag.doc}${flag.kind === "texts" ? " May come several times." : ""}${allowed}`;
}

const LINE_WIDTH = 100;

function wrap(text: string, indent: number): string {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && indent + line.length + 1 + word.length > LINE_WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}
