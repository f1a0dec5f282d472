import { systemClock } from "../base/mod.ts";
import {
  AdminConnection,
  ClientProperties,
  DEFAULT_BOOTSTRAP,
  parseServerAddresses,
  readPropertiesFile,
} from "./admin/mod.ts";
import { command } from "./command.ts";
import { UsageError } from "./command_error.ts";
import { readFlags, readSettings } from "./consume/consume_settings.ts";
import { ConsumeSession } from "./consume/consume_session.ts";
import type { RecordFormat } from "./consume/consumed_record.ts";
import { jsonFormat } from "./consume/json_format.ts";
import { FORMATTER_PROPERTIES, TextFormat } from "./consume/text_format.ts";
import { onOff, text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { keyValues, unknownNamesWarning } from "./key_values.ts";

const TEXT_FORMATTERS =
  /^(?:(?:org\.apache\.)?kafka\.tools\.(?:consumer\.)?)?DefaultMessageFormatter$/;
const NO_OP_FORMATTERS =
  /^(?:(?:org\.apache\.)?kafka\.tools\.(?:consumer\.)?)?NoOpMessageFormatter$/;

/** `kafkats consume`, as kafka-console-consumer: prints records until Ctrl-C. */
export const consumeCommand = command({
  name: "consume",
  summary: "Print the records of topics.",
  usage: "(--topic name | --include regex) [flags]",
  examples: [
    "kafkats consume --topic user-events --from-beginning",
    "kafkats consume --topic user-events --group billing --formatter-property print.key=true",
    "kafkats consume --topic user-events --partition 0 --offset 100 --max-messages 10 --json",
    "kafkats consume --include 'user-.*,orders' --from-beginning --timeout-ms 5000",
  ],
  flags: {
    ...readFlags,
    "bootstrap-server": text(
      "host:port,...",
      `Brokers to start from. (default: ${DEFAULT_BOOTSTRAP})`,
    ),
    "command-config": text("file", "Properties file of the consumer; flags go first."),
    "consumer.config": text("file", "As --command-config."),
    json: onOff("Print a JSON object per record."),
    "formatter-property": texts(
      "name=value",
      "What is printed of a record: print.timestamp, print.partition, print.offset, print.epoch, " +
        "print.headers, print.key and print.value (true or false), key.separator, line.separator, " +
        "headers.separator, null.literal, key.deserializer, value.deserializer, " +
        "headers.deserializer.",
    ),
    property: texts("name=value", "As --formatter-property."),
    "formatter-config": text("file", "Properties file with formatter properties."),
    "key-deserializer": text("class", "As the formatter property key.deserializer."),
    "value-deserializer": text("class", "As the formatter property value.deserializer."),
    formatter: text("class", "Kafka's DefaultMessageFormatter, or NoOpMessageFormatter."),
    "skip-message-on-error": onOff("Go on behind a record that cannot be printed."),
  },
  async run(flags, io) {
    const properties = await ClientProperties.load(
      flags["command-config"] ?? flags["consumer.config"],
      io,
      new Map([
        ...keyValues("consumer-property", flags["consumer-property"]),
        ...keyValues("command-property", flags["command-property"]),
      ]),
    );
    const settings = readSettings(flags, properties);
    const format = await formatOf(flags, io);
    await io.stderr.write(properties.warning());
    const bootstrap = parseServerAddresses(flags["bootstrap-server"] ?? DEFAULT_BOOTSTRAP);
    const admin = await AdminConnection.open({
      bootstrap,
      clientId: settings.clientId,
      timeoutMs: settings.requestTimeoutMs,
      clock: systemClock,
    });
    const session = new ConsumeSession(io, admin, {
      settings,
      bootstrap,
      format,
      skipsFailures: flags["skip-message-on-error"],
    });
    return await session.run();
  },
});

interface FormatFlags {
  readonly json: boolean;
  readonly formatter: string | null;
  readonly property: readonly string[];
  readonly "formatter-property": readonly string[];
  readonly "formatter-config": string | null;
  readonly "key-deserializer": string | null;
  readonly "value-deserializer": string | null;
}

async function formatOf(flags: FormatFlags, io: CommandIo): Promise<RecordFormat> {
  const { formatter } = flags;
  if (formatter !== null && NO_OP_FORMATTERS.test(formatter)) return { append() {} };
  if (formatter !== null && !TEXT_FORMATTERS.test(formatter)) {
    throw new UsageError(
      `--formatter ${formatter}: allowed are DefaultMessageFormatter and NoOpMessageFormatter`,
    );
  }
  if (flags.json) return jsonFormat;
  const file = flags["formatter-config"];
  const properties = new Map([
    ...(file === null ? [] : await readPropertiesFile(file, io)),
    ...keyValues("property", flags.property),
    ...keyValues("formatter-property", flags["formatter-property"]),
  ]);
  for (const name of ["key", "value"] as const) {
    const deserializer = flags[`${name}-deserializer`];
    if (deserializer !== null) properties.set(`${name}.deserializer`, deserializer);
  }
  await io.stderr.write(unknownNamesWarning(properties, FORMATTER_PROPERTIES));
  return new TextFormat(properties);
}
