import { CommandError } from "../command_error.ts";
import type { ByteSink, ConsumedRecord, RecordFormat } from "./consumed_record.ts";
import { type Deserializer, deserializerOf } from "./deserializers.ts";

const SWITCHES = {
  "print.timestamp": false,
  "print.key": false,
  "print.value": true,
  "print.offset": false,
  "print.epoch": false,
  "print.partition": false,
  "print.headers": false,
} as const;
const TEXTS = {
  "key.separator": "\t",
  "line.separator": "\n",
  "headers.separator": ",",
  "null.literal": "null",
} as const;
const DESERIALIZERS = ["key.deserializer", "value.deserializer", "headers.deserializer"] as const;
/** Names of the properties that {@linkcode TextFormat} knows. */
export const FORMATTER_PROPERTIES: readonly string[] = [
  ...Object.keys(SWITCHES),
  ...Object.keys(TEXTS),
  ...DESERIALIZERS,
];

/**
 * One record per line as kafka-console-consumer's DefaultMessageFormatter prints it: the parts that
 * are switched on, in its order, with the key separator between them.
 */
export class TextFormat implements RecordFormat {
  readonly #parts: readonly ((record: ConsumedRecord, out: ByteSink) => void)[];
  readonly #keySeparator: Uint8Array;
  readonly #lineSeparator: Uint8Array;

  /** Throws CommandError on a value that is not allowed. */
  constructor(properties: ReadonlyMap<string, string>) {
    const encoder = new TextEncoder();
    const bytes = (name: keyof typeof TEXTS) => encoder.encode(properties.get(name) ?? TEXTS[name]);
    this.#keySeparator = bytes("key.separator");
    this.#lineSeparator = bytes("line.separator");
    const nullLiteral = bytes("null.literal"), headersSeparator = bytes("headers.separator");
    const [key, value, header] = DESERIALIZERS.map((name) => {
      const deserializer = properties.get(name);
      const read = deserializer === undefined ? null : deserializerOf(name, deserializer);
      return (data: Uint8Array | null, out: ByteSink) =>
        data === null ? out.write(nullLiteral) : writeData(data, read, out);
    });
    const all: [keyof typeof SWITCHES, (record: ConsumedRecord, out: ByteSink) => void][] = [
      ["print.timestamp", writeTimestamp],
      ["print.partition", (record, out) => out.writeText(`Partition:${record.partition}`)],
      ["print.offset", (record, out) => out.writeText(`Offset:${record.offset}`)],
      ["print.epoch", writeEpoch],
      ["print.headers", (record, out) => writeHeaders(record, out, headersSeparator, header!)],
      ["print.key", (record, out) => key!(record.key, out)],
      ["print.value", (record, out) => value!(record.value, out)],
    ];
    this.#parts = all.filter(([name]) => isOn(properties, name)).map(([, write]) => write);
  }

  append(record: ConsumedRecord, out: ByteSink): void {
    if (this.#parts.length === 0) return;
    this.#parts.forEach((write, index) => {
      if (index > 0) out.write(this.#keySeparator);
      write(record, out);
    });
    out.write(this.#lineSeparator);
  }
}

function writeTimestamp({ timestampType, timestampMs }: ConsumedRecord, out: ByteSink): void {
  out.writeText(
    timestampType === "NoTimestampType" ? "NO_TIMESTAMP" : `${timestampType}:${timestampMs}`,
  );
}

function writeEpoch({ leaderEpoch }: ConsumedRecord, out: ByteSink): void {
  out.writeText(`Epoch:${leaderEpoch < 0 ? "NOT_PRESENT" : leaderEpoch}`);
}

function writeHeaders(
  { headers }: ConsumedRecord,
  out: ByteSink,
  separator: Uint8Array,
  write: (data: Uint8Array | null, out: ByteSink) => void,
): void {
  if (headers.length === 0) out.writeText("NO_HEADERS");
  headers.forEach(({ key, value }, index) => {
    if (index > 0) out.write(separator);
    out.writeText(`${key}:`);
    write(value, out);
  });
}

function writeData(data: Uint8Array, read: Deserializer | null, out: ByteSink): void {
  const print = read === null ? data : read(data);
  if (typeof print === "string") out.writeText(print);
  else out.write(print);
}

function isOn(properties: ReadonlyMap<string, string>, name: keyof typeof SWITCHES): boolean {
  const value = properties.get(name)?.trim().toLowerCase();
  if (value === undefined) return SWITCHES[name];
  if (value === "true") return true;
  if (value === "false") return false;
  throw new CommandError(`Cannot use ${name}=${value}: allowed are true and false`);
}
