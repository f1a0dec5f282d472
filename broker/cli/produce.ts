import {
  ClientProperties,
  DEFAULT_BOOTSTRAP,
  parseServerAddresses,
  readPropertiesFile,
} from "./admin/mod.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { keyValues, unknownNamesWarning } from "./key_values.ts";
import { LineSplitter } from "./produce/line_splitter.ts";
import { sendFlags, type SendSettings, sendSettings } from "./produce/produce_settings.ts";
import {
  type LineRecord,
  type LineRules,
  lineRules,
  parseRecordLine,
  READER_PROPERTIES,
} from "./produce/record_line.ts";
import { RecordSender } from "./produce/record_sender.ts";
import { untilStopped } from "./produce/stoppable_input.ts";

const PROMPT = ">";

/** `kafkats produce`, as kafka-console-producer: each line of standard input becomes a record. */
export const produceCommand = command({
  name: "produce",
  summary: "Send lines from standard input to a topic.",
  usage: "--topic name [flags]",
  examples: [
    "echo hello | kafkats produce --topic user-events",
    "kafkats produce --topic user-events --reader-property parse.key=true " +
    "--reader-property key.separator=:",
    "kafkats produce --topic user-events --compression-codec zstd < events.jsonl",
    "kafkats produce --topic user-events --request-required-acks 1 --sync",
  ],
  flags: {
    topic: text("name", "The topic. Needed."),
    "bootstrap-server": text(
      "host:port,...",
      `Brokers to start from. (default: ${DEFAULT_BOOTSTRAP})`,
    ),
    "command-config": text("file", "Properties file of the producer; flags go first."),
    "reader-property": texts(
      "name=value",
      "How lines are read: parse.key=true (key TAB value), parse.headers=true (h1:v1,h2:v2 TAB " +
        "before that), key.separator, headers.delimiter, headers.separator, " +
        "headers.key.separator, null.marker (what stands for null), ignore.error=true.",
    ),
    property: texts("name=value", "As --reader-property."),
    "reader-config": text("file", "Properties file with reader properties."),
    ...sendFlags,
  },
  async run(flags, io) {
    if (flags.topic === null) throw new UsageError("--topic is needed");
    const properties = await ClientProperties.load(
      flags["command-config"] ?? flags["producer.config"],
      io,
      new Map([
        ...keyValues("producer-property", flags["producer-property"]),
        ...keyValues("command-property", flags["command-property"]),
      ]),
    );
    const settings = sendSettings(flags, properties);
    const readerFile = flags["reader-config"];
    const readerProperties = new Map([
      ...(readerFile === null ? [] : await readPropertiesFile(readerFile, io)),
      ...keyValues("property", flags.property),
      ...keyValues("reader-property", flags["reader-property"]),
    ]);
    const rules = lineRules(readerProperties);
    await io.stderr.write(properties.warning());
    await io.stderr.write(unknownNamesWarning(readerProperties, READER_PROPERTIES));
    const bootstrap = parseServerAddresses(flags["bootstrap-server"] ?? DEFAULT_BOOTSTRAP);
    const sender = await RecordSender.open(flags.topic, bootstrap, settings);
    try {
      return await produceLines(io, sender, { settings, rules, isSync: flags.sync });
    } finally {
      await sender.close();
    }
  },
});

interface LineOptions {
  readonly settings: SendSettings;
  readonly rules: LineRules;
  /** Every line is sent by itself. */
  readonly isSync: boolean;
}

/**
 * Sends lines until the input ends or Ctrl-C. What stands before a line that cannot be sent is sent.
 * A person at a terminal is told and may go on; a pipe ends with 1 there, so that no gap is hidden.
 */
async function produceLines(
  io: CommandIo,
  sender: RecordSender,
  { settings, rules, isSync }: LineOptions,
): Promise<number> {
  const splitter = new LineSplitter(settings.lineBytesMax);
  const batchBytesMax = isSync ? 0 : settings.batchBytesMax;
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  // A second Ctrl-C ends the process as usual.
  const forgetStop = io.onStop(() => {
    forgetStop();
    stop();
  });
  const prompt = io.isInputTerminal && io.stdout.isTerminal ? PROMPT : "";
  let lineNumber = 0;
  let exitCode = 0;

  async function sendLines(lines: readonly Uint8Array[]): Promise<void> {
    let batch: LineRecord[] = [], batchBytes = 0;
    try {
      for (const line of lines) {
        batch.push(parseRecordLine(line, ++lineNumber, rules));
        batchBytes += line.length;
        if (batchBytes < batchBytesMax) continue;
        const full = batch;
        [batch, batchBytes] = [[], 0];
        await sender.send(full);
      }
    } finally {
      if (batch.length > 0) await sender.send(batch);
    }
  }

  try {
    await io.stdout.write(prompt);
    for await (const chunk of untilStopped(io.readInput(), stopped)) {
      try {
        await sendLines(splitter.push(chunk));
      } catch (error) {
        if (!(error instanceof CommandError) || !io.isInputTerminal) throw error;
        await io.stderr.write(`${error.message}\n`);
        exitCode = 1;
      }
      await io.stdout.write(prompt);
    }
    await sendLines(splitter.end());
  } finally {
    forgetStop();
  }
  return exitCode;
}
