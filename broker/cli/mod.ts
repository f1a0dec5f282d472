/**
 * The command line: subcommands with the flags and words of Kafka's own tools. `run` picks one and
 * gives its exit code; it reads no global arguments and ends no process.
 */
import type { Command } from "./command.ts";
import { closest } from "./flags.ts";
import { type CommandIo, systemIo } from "./io.ts";

export type { CommandIo, TextOutput } from "./io.ts";
export { systemIo } from "./io.ts";

/** Subcommands, loaded when they are called: a broker should not wait for the tools. */
const COMMANDS: Readonly<Record<string, { summary: string; load(): Promise<Command> }>> = {
  broker: {
    summary: "Run a broker and controller.",
    load: async () => (await import("./broker.ts")).brokerCommand,
  },
  up: {
    summary: "Run broker, schema registry and REST proxy in one process.",
    load: async () => (await import("./up.ts")).upCommand,
  },
  registry: {
    summary: "Run a schema registry on a broker.",
    load: async () => (await import("./registry.ts")).registryCommand,
  },
  rest: {
    summary: "Run a REST proxy on a broker.",
    load: async () => (await import("./rest.ts")).restCommand,
  },
  topics: {
    summary: "Create, list, describe, alter and delete topics.",
    load: async () => (await import("./topics.ts")).topicsCommand,
  },
  configs: {
    summary: "Describe and alter options of topics, brokers, groups and client metrics.",
    load: async () => (await import("./configs.ts")).configsCommand,
  },
  groups: {
    summary: "List and describe consumer groups, reset their offsets, delete them.",
    load: async () => (await import("./groups.ts")).groupsCommand,
  },
  produce: {
    summary: "Send lines from standard input to a topic.",
    load: async () => (await import("./produce.ts")).produceCommand,
  },
  consume: {
    summary: "Print the records of a topic.",
    load: async () => (await import("./consume.ts")).consumeCommand,
  },
  offsets: {
    summary: "Print the offsets of partitions.",
    load: async () => (await import("./offsets.ts")).offsetsCommand,
  },
  storage: {
    summary: "Format data directories and tell what they are.",
    load: async () => (await import("./storage.ts")).storageCommand,
  },
  "hash-password": {
    summary: "Make a line for a file of users from a password.",
    load: async () => (await import("./hash_password.ts")).hashPasswordCommand,
  },
  version: {
    summary: "Print the version.",
    load: async () => (await import("./version.ts")).versionCommand,
  },
};

/** Runs the subcommand that `args` begin with; gives the exit code: 0 done, 1 failed, 2 misused. */
export async function run(args: readonly string[], io: CommandIo = systemIo()): Promise<number> {
  const [name = "", ...rest] = args;
  if (name === "--version" || name === "-v") return await run(["version", ...rest], io);
  if (name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    await io.stdout.write(overview());
    return 0;
  }
  if (name === "help") return await run([...rest, "--help"], io);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const close = closest(name, Object.keys(COMMANDS));
    const hint = close === null ? "" : `: did you mean ${close}?`;
    const problem = name === "" ? "" : `There is no command ${name}${hint}\n\n`;
    await io.stderr.write(problem + overview());
    return 2;
  }
  return await (await command.load()).execute(rest, io);
}

function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) =>
    `  ${name.padEnd(14)} ${summary}`
  );
  return [
    "kafkats: Apache Kafka's job in one file.",
    "",
    "Usage: kafkats <command> [flags]",
    "",
    "Commands:",
    ...lines,
    "",
    "Examples:",
    "  kafkats broker",
    "  kafkats topics --create --topic user-events --partitions 6",
    "  echo hello | kafkats produce --topic user-events",
    "  kafkats consume --topic user-events --from-beginning",
    "",
    "kafkats <command> --help tells more.",
    "",
  ].join("\n");
}
