import {
  type ArrayType,
  type AvroType,
  branchName,
  type EnumType,
  type FixedType,
  type MapType,
  type NamedType,
  type PrimitiveType,
  type RecordType,
  type UnionType,
} from "../avro_type.ts";
import type { BinaryWriter } from "./binary_writer.ts";

/** Writes one JSON value. Throws {@linkcode DatumError}. */
export type Encoder = (json: unknown, out: BinaryWriter) => void;

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const SYMBOLS_SHOWN = 20;

/** Makes encoders of types; parts of records and unions on first use, as types may hold themselves. */
export class EncoderFactory {
  readonly #named = new Map<NamedType, Encoder>();

  encoderOf(type: AvroType): Encoder {
    switch (type.kind) {
      case "array":
        return this.#array(type);
      case "map":
        return this.#map(type);
      case "union":
        return this.#union(type);
      case "record":
        return this.#once(type, () => this.#record(type));
      case "enum":
        return this.#once(type, () => enumEncoder(type));
      case "fixed":
        return fixedEncoder(type);
      default:
        return primitiveEncoder(type);
    }
  }

  #once(type: NamedType, make: () => Encoder): Encoder {
    const known = this.#named.get(type);
    if (known !== undefined) return known;
    const encoder = make();
    this.#named.set(type, encoder);
    return encoder;
  }

  #record(type: RecordType): Encoder {
    let fields: readonly { name: string; encode: Encoder }[] | null = null;
    return (json, out) => {
      if (!isObject(json)) throw mismatch(out, `an object for record ${type.name.full}`, json);
      fields ??= type.fields.map((field) => ({
        name: field.name,
        encode: this.encoderOf(field.type),
      }));
      out.enter();
      for (const { name, encode } of fields) {
        // Names of Object.prototype are fields only where the value has them itself.
        if (!Object.hasOwn(json, name)) {
          throw out.error(`record ${type.name.full} lacks field ${JSON.stringify(name)}`);
        }
        out.path.push(name);
        encode(json[name], out);
        out.path.pop();
      }
      out.leave();
    };
  }

  #array(type: ArrayType): Encoder {
    const encode = this.encoderOf(type.items);
    return (json, out) => {
      if (!Array.isArray(json)) throw mismatch(out, "an array", json);
      out.enter();
      if (json.length > 0) out.long(json.length);
      for (let index = 0; index < json.length; index++) {
        out.path.push(index);
        encode(json[index], out);
        out.path.pop();
      }
      out.byte(0);
      out.leave();
    };
  }

  #map(type: MapType): Encoder {
    const encode = this.encoderOf(type.values);
    return (json, out) => {
      if (!isObject(json)) throw mismatch(out, "an object", json);
      const keys = Object.keys(json);
      out.enter();
      if (keys.length > 0) out.long(keys.length);
      for (const key of keys) {
        out.text(key);
        out.path.push(key);
        encode(json[key], out);
        out.path.pop();
      }
      out.byte(0);
      out.leave();
    };
  }

  #union(type: UnionType): Encoder {
    const indexes = new Map(type.branches.map((branch, index) => [branchName(branch), index]));
    const encoders: (Encoder | undefined)[] = [];
    const nullIndex = indexes.get("null");
    return (json, out) => {
      if (json === null && nullIndex !== undefined) return out.int(nullIndex);
      if (!isObject(json)) throw untagged(out, type, json);
      const [name, ...others] = Object.keys(json);
      const index = others.length > 0 || name === undefined ? undefined : indexes.get(name);
      if (index === undefined) throw untagged(out, type, json);
      out.int(index);
      const encode = encoders[index] ??= this.encoderOf(type.branches[index]!);
      out.path.push(name!);
      encode(json[name!], out);
      out.path.pop();
    };
  }
}

function enumEncoder(type: EnumType): Encoder {
  const indexes = new Map(type.symbols.map((symbol, index) => [symbol, index]));
  return (json, out) => {
    const index = typeof json === "string" ? indexes.get(json) : undefined;
    if (index === undefined) {
      const shown = type.symbols.slice(0, SYMBOLS_SHOWN).join(", ") +
        (type.symbols.length > SYMBOLS_SHOWN ? ", ..." : "");
      throw mismatch(out, `a symbol of enum ${type.name.full} (${shown})`, json);
    }
    out.int(index);
  };
}

function fixedEncoder(type: FixedType): Encoder {
  return (json, out) => out.raw(latin1Bytes(json, out, type.size));
}

function primitiveEncoder(type: PrimitiveType): Encoder {
  switch (type.kind) {
    case "null":
      return (json, out) => {
        if (json !== null) throw mismatch(out, "null", json);
      };
    case "boolean":
      return (json, out) => {
        if (typeof json !== "boolean") throw mismatch(out, "a boolean", json);
        out.byte(json ? 1 : 0);
      };
    case "int":
      return (json, out) => {
        const value = typeof json === "bigint" ? Number(json) : json;
        if (typeof value !== "number" || value !== (value | 0)) {
          throw mismatch(out, `an int (${-(2 ** 31)} to ${2 ** 31 - 1})`, json);
        }
        out.int(value);
      };
    case "long":
      return (json, out) => out.long(longOf(json, out));
    case "float":
      return (json, out) => {
        const value = floatingOf(json, out, "float");
        if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
          throw mismatch(out, "a number that fits into a float", json);
        }
        out.float(value);
      };
    case "double":
      return (json, out) => out.double(floatingOf(json, out, "double"));
    case "bytes":
      return (json, out) => {
        const bytes = latin1Bytes(json, out, null);
        out.long(bytes.length);
        out.raw(bytes);
      };
    case "string":
      return (json, out) => {
        if (typeof json !== "string") throw mismatch(out, "a string", json);
        out.text(json);
      };
  }
}

function longOf(json: unknown, out: BinaryWriter): number | bigint {
  if (typeof json === "number") {
    if (Number.isSafeInteger(json)) return json;
    if (!Number.isInteger(json)) throw mismatch(out, "a long", json);
    throw out.error(
      `${json} may have lost digits: a long beyond ${Number.MAX_SAFE_INTEGER} comes as a bigint`,
    );
  }
  if (typeof json !== "bigint" || json < LONG_MIN || json > LONG_MAX) {
    throw mismatch(out, `a long (${LONG_MIN} to ${LONG_MAX})`, json);
  }
  return json;
}

function floatingOf(json: unknown, out: BinaryWriter, kind: string): number {
  if (typeof json === "number") return json;
  if (typeof json === "bigint") return Number(json);
  // JSON has no numbers for these; the decoder, like Java's, writes them as texts.
  if (json === "NaN" || json === "Infinity" || json === "-Infinity") return Number(json);
  throw mismatch(out, `a ${kind}`, json);
}

/** Bytes of a text whose characters stand for one byte each; `size` of them unless it is null. */
export function latin1Bytes(json: unknown, out: BinaryWriter, size: number | null): Uint8Array {
  if (typeof json !== "string") {
    throw mismatch(out, "a string with a character up to U+00FF for each byte", json);
  }
  if (size !== null && json.length !== size) {
    throw out.error(`expected ${size} bytes, a character each, found ${json.length}`);
  }
  const bytes = new Uint8Array(json.length);
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code > 0xff) {
      const hex = code.toString(16).toUpperCase().padStart(4, "0");
      throw out.error(`character ${index} is U+${hex}; bytes are characters up to U+00FF`);
    }
    bytes[index] = code;
  }
  return bytes;
}

function untagged(out: BinaryWriter, type: UnionType, json: unknown): Error {
  const names = type.branches.map(branchName);
  const tags = names.filter((name) => name !== "null").slice(0, SYMBOLS_SHOWN);
  const isNullable = tags.length < names.length;
  const tagged = tags.length === 0
    ? ""
    : `an object with one key out of ${tags.map((tag) => JSON.stringify(tag)).join(", ")}`;
  return mismatch(out, [isNullable ? "null" : "", tagged].filter(Boolean).join(" or "), json);
}

function mismatch(out: BinaryWriter, expected: string, json: unknown): Error {
  return out.error(`expected ${expected}, found ${describe(json)}`);
}

function describe(json: unknown): string {
  if (Array.isArray(json)) return "an array";
  if (isObject(json)) {
    const keys = Object.keys(json);
    if (keys.length === 0) return "an empty object";
    const shown = keys.slice(0, 5).map((key) => JSON.stringify(key.slice(0, 40))).join(", ");
    return `an object of ${shown}${keys.length > 5 ? " and more" : ""}`;
  }
  if (typeof json === "string") {
    return json.length <= 60 ? JSON.stringify(json) : `${JSON.stringify(json.slice(0, 60))}...`;
  }
  return String(json);
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
