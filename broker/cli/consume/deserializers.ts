import { CommandError } from "../command_error.ts";

/** Turns the bytes of a key or value into what is printed. Throws CommandError. */
export type Deserializer = (bytes: Uint8Array) => Uint8Array | string;

const PACKAGE = "org.apache.kafka.common.serialization.";

/** Kafka's own deserializers by the name of their class; what they print is what Java prints. */
const DESERIALIZERS: ReadonlyMap<string, Deserializer> = new Map<string, Deserializer>([
  ["StringDeserializer", (bytes) => bytes],
  ["BytesDeserializer", printableBytes],
  ["ByteArrayDeserializer", (bytes) => bytes],
  ["ByteBufferDeserializer", (bytes) => bytes],
  ["ShortDeserializer", sized(2, (view) => String(view.getInt16(0)))],
  ["IntegerDeserializer", sized(4, (view) => String(view.getInt32(0)))],
  ["LongDeserializer", sized(8, (view) => String(view.getBigInt64(0)))],
  ["FloatDeserializer", sized(4, (view) => javaDecimal(shortestFloat(view.getFloat32(0))))],
  ["DoubleDeserializer", sized(8, (view) => javaDecimal(view.getFloat64(0)))],
  ["BooleanDeserializer", sized(1, (view) => view.getUint8(0) === 0 ? "false" : "true")],
  ["UUIDDeserializer", (bytes) => bytes],
]);

/**
 * The deserializer that a class name means, with its package or without. Throws CommandError when
 * there is none: Java classes cannot be loaded here.
 */
export function deserializerOf(option: string, name: string): Deserializer {
  const found = DESERIALIZERS.get(name.startsWith(PACKAGE) ? name.slice(PACKAGE.length) : name);
  if (found !== undefined) return found;
  throw new CommandError(
    `Cannot use ${option}=${name}: allowed are ${[...DESERIALIZERS.keys()].join(", ")}`,
  );
}

function sized(sizeBytes: number, read: (view: DataView) => string): Deserializer {
  return (bytes) => {
    if (bytes.length !== sizeBytes) {
      throw new CommandError(`Cannot read ${bytes.length} bytes as a number of ${sizeBytes} bytes`);
    }
    return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  };
}

/** ASCII as it is, all else as `\xNN`: how Kafka prints its Bytes. */
function printableBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    text += isPlain
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

/** The shortest decimal that reads back as the same 32-bit float. */
function shortestFloat(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** As Java writes a double: always with a point, with an exponent from 10^7 on and below 10^-3. */
function javaDecimal(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}
