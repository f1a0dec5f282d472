import { DatumError } from "../schema.ts";
import { isPackable, type LinkedField, type LinkedMessage } from "./linked.ts";
import { INTEGERS, wireTypeOf } from "./scalars.ts";
import type { TypesAtHand } from "./types_at_hand.ts";
import { isObject, type JsonObject, show, specialForm } from "./well_known_json.ts";
import { WIRE, WireWriter, zigzag } from "./wire.ts";

/** How deep values may nest, as in other implementations. */
export const VALUE_DEPTH_MAX = 100;

const NULL_VALUE = "google.protobuf.NullValue", VALUE = "google.protobuf.Value";
const ANY = "google.protobuf.Any";
const FLOAT_MAX = 3.4028234663852886e38;
/** Largest number that still rounds to a float. */
const FLOAT_ROUNDS = 3.4028235677973366e38;

/** Writes JSON values as messages: Protobuf's JSON mapping on the one side, its binary form on the other. */
export class JsonToWire {
  readonly #writer = new WireWriter();
  readonly #types: TypesAtHand;
  /** The names and positions that lead to the value at work. */
  readonly #path: (string | number)[] = [];

  constructor(types: TypesAtHand) {
    this.#types = types;
  }

  /** The bytes of `prefix` and of the message. Throws {@linkcode DatumError} with the path. */
  encode(json: unknown, message: LinkedMessage, prefix: Uint8Array): Uint8Array {
    this.#writer.raw(prefix);
    try {
      this.#message(json, message);
    } catch (error) {
      if (!(error instanceof DatumError)) throw error;
      const path = this.#path.map((part) => typeof part === "number" ? `[${part}]` : `.${part}`);
      throw new DatumError(`at $${path.join("")}: ${error.message}`, { cause: error });
    }
    return this.#writer.finish();
  }

  #message(json: unknown, message: LinkedMessage): void {
    if (this.#path.length > VALUE_DEPTH_MAX) {
      throw new DatumError(`the value nests deeper than ${VALUE_DEPTH_MAX} levels`);
    }
    if (message.fullName === ANY) return this.#any(json);
    const form = specialForm(message.fullName);
    if (form !== null) return this.#fields(form.toFields(json), message);
    if (!isObject(json)) {
      throw new DatumError(`${show(json)} is no object, which ${message.fullName} needs`);
    }
    this.#fields(json, message);
  }

  #fields(json: JsonObject, message: LinkedMessage): void {
    const given: { field: LinkedField; key: string }[] = [];
    const seen = new Set<unknown>();
    for (const key of Object.keys(json)) {
      const field = this.#field(key, message);
      if (json[key] === undefined || (json[key] === null && !takesNull(field))) continue;
      if (seen.has(field)) throw new DatumError(`"${key}" is given twice, by both of its names`);
      seen.add(field);
      if (field.oneof !== null) {
        if (seen.has(field.oneof)) {
          throw new DatumError(`"${key}" is a second member of oneof "${field.oneof.name}"`);
        }
        seen.add(field.oneof);
      }
      given.push({ field, key });
    }
    given.sort((a, b) => a.field.number - b.field.number);
    for (const { field, key } of given) {
      this.#path.push(key);
      this.#value(json[key], field);
      this.#path.pop();
    }
    for (const field of message.fields) {
      if (field.required && !seen.has(field)) {
        throw new DatumError(`"${field.jsonName}" of ${message.fullName} is required and absent`);
      }
    }
  }

  #field(key: string, message: LinkedMessage): LinkedField {
    const field = message.byName.get(key);
    if (field !== undefined) return field;
    if (key.startsWith("[") && key.endsWith("]")) {
      const extension = this.#types.extensionNamed(key.slice(1, -1));
      if (
        extension !== null &&
        this.#types.extension(message.fullName, extension.number) === extension
      ) return extension;
    }
    const names = message.fields.slice(0, 8).map(({ jsonName }) => jsonName);
    const more = message.fields.length > names.length ? " …" : "";
    throw new DatumError(
      `${message.fullName} has no field ${show(key)}; it has: ${names.join(", ")}${more}`,
    );
  }

  #value(json: unknown, field: LinkedField): void {
    if (field.map !== null) return this.#map(json, field);
    if (!field.repeated) return this.#single(json, field);
    if (!Array.isArray(json)) throw new DatumError(`${show(json)} is no array`);
    if (json.length === 0) return;
    const packed = field.packed && isPackable(field.type);
    let mark = 0;
    if (packed) {
      this.#writer.tag(field.number, WIRE.bytes);
      mark = this.#writer.begin();
    }
    for (let index = 0; index < json.length; index++) {
      this.#path.push(index);
      if (packed) this.#scalar(json[index], field);
      else this.#tagged(json[index], field);
      this.#path.pop();
    }
    if (packed) this.#writer.end(mark);
  }

  #single(json: unknown, field: LinkedField): void {
    if (!field.hasPresence && isDefault(json, field)) return;
    this.#tagged(json, field);
  }

  /** A value with its tag. */
  #tagged(json: unknown, field: LinkedField): void {
    const writer = this.#writer;
    writer.tag(field.number, wireTypeOf(field.type));
    if (field.message === null) this.#scalar(json, field);
    else if (field.type === "group") {
      this.#message(json, field.message);
      writer.tag(field.number, WIRE.endGroup);
    } else {
      const mark = writer.begin();
      this.#message(json, field.message);
      writer.end(mark);
    }
  }

  #map(json: unknown, field: LinkedField): void {
    if (!isObject(json)) throw new DatumError(`${show(json)} is no object, which a map needs`);
    const { key, value } = field.map!;
    const writer = this.#writer;
    for (const name of Object.keys(json)) {
      this.#path.push(name);
      if (json[name] === null && !takesNull(value)) throw new DatumError("null in a map");
      writer.tag(field.number, WIRE.bytes);
      const mark = writer.begin();
      this.#tagged(mapKey(name, key), key);
      this.#tagged(json[name], value);
      writer.end(mark);
      this.#path.pop();
    }
  }

  #any(json: unknown): void {
    if (!isObject(json)) throw new DatumError(`${show(json)} is no object, which an Any needs`);
    const url = json["@type"];
    if (url === undefined && Object.keys(json).length === 0) return;
    if (typeof url !== "string" || !/^[^/]*\/(?:.*\/)?[^/]+$|^[^/]+$/.test(url)) {
      throw new DatumError(`an Any needs "@type" such as "type.googleapis.com/pkg.Message"`);
    }
    const message = this.#types.messageNamed(url.slice(url.lastIndexOf("/") + 1));
    if (message === null) throw new DatumError(`the type ${show(url)} of an Any isn't known`);
    const writer = this.#writer;
    writer.tag(1, WIRE.bytes);
    writer.string(url);
    writer.tag(2, WIRE.bytes);
    const mark = writer.begin();
    const { "@type": _, ...rest } = json;
    const special = specialForm(message.fullName) !== null || message.fullName === ANY;
    this.#path.push("value");
    this.#message(special ? json.value : rest, message);
    this.#path.pop();
    writer.end(mark);
  }

  /** A scalar or an enum without its tag. */
  #scalar(json: unknown, field: LinkedField): void {
    const writer = this.#writer;
    switch (field.type) {
      case "string":
        if (typeof json !== "string") throw new DatumError(`${show(json)} is no string`);
        if (!json.isWellFormed()) throw new DatumError(`${show(json)} holds half a character`);
        return writer.string(json);
      case "bytes":
        return writer.bytes(base64(json));
      case "bool":
        if (typeof json !== "boolean") {
          throw new DatumError(`${show(json)} is neither true nor false`);
        }
        return writer.varint(json ? 1 : 0);
      case "enum":
        return writer.varint64(BigInt(enumNumber(json, field)));
      case "double":
        return writer.double(floating(json));
      case "float": {
        const value = floating(json);
        if (Number.isFinite(value) && Math.abs(value) >= FLOAT_ROUNDS) {
          throw new DatumError(`${show(json)} is outside -${FLOAT_MAX} to ${FLOAT_MAX}`);
        }
        return writer.float(value);
      }
      case "unresolved":
        throw new DatumError(`the type of ${field.fullName} isn't known`);
      default:
        return this.#integer(integer(json, field.type), field.type);
    }
  }

  #integer(value: bigint, type: string): void {
    const writer = this.#writer;
    if (type === "sint32" || type === "sint64") return writer.varint64(zigzag(value));
    if (type === "fixed32" || type === "sfixed32") return writer.fixed32(Number(value) | 0);
    if (type === "fixed64" || type === "sfixed64") return writer.fixed64(value);
    writer.varint64(value);
  }
}

/** Whether null is a value of the field rather than its absence. */
function takesNull(field: LinkedField): boolean {
  return !field.repeated &&
    (field.enum?.fullName === NULL_VALUE || field.message?.fullName === VALUE);
}

function isDefault(json: unknown, field: LinkedField): boolean {
  switch (field.type) {
    case "string":
    case "bytes":
      return json === "";
    case "bool":
      return json === false;
    case "enum":
      return enumNumber(json, field) === 0;
    case "double":
    case "float":
      return Object.is(floating(json), 0);
    default:
      return isIntegerType(field.type) && integer(json, field.type) === 0n;
  }
}

function isIntegerType(type: string): boolean {
  return Object.hasOwn(INTEGERS, type);
}

/** The value that a map's key stands for: JSON writes all keys as strings. */
function mapKey(name: string, key: LinkedField): unknown {
  if (key.type !== "bool") return name;
  if (name !== "true" && name !== "false") {
    throw new DatumError(`key ${show(name)} is neither true nor false`);
  }
  return name === "true";
}

function integer(json: unknown, type: string): bigint {
  const { min, max } = INTEGERS[type]!;
  let value: bigint | null = null;
  if (typeof json === "number") {
    if (Number.isSafeInteger(json)) value = BigInt(json);
    else if (Number.isInteger(json)) {
      throw new DatumError(`${json} is too large to be exact as a number; write it as a string`);
    }
  } else if (typeof json === "bigint") value = json;
  else if (typeof json === "string") value = integerText(json);
  if (value === null) throw new DatumError(`${show(json)} is no integer`);
  if (value < min || value > max) {
    throw new DatumError(`${show(json)} is outside ${min} to ${max}, where ${type} ends`);
  }
  return value;
}

function integerText(text: string): bigint | null {
  if (/^-?(?:0|[1-9]\d{0,19})$/.test(text)) return BigInt(text);
  // Such as 1e3 and 5.0, which are integers all the same.
  if (!/^-?(?:0|[1-9]\d{0,19})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? BigInt(value) : null;
}

function floating(json: unknown): number {
  if (typeof json === "number") return json;
  if (typeof json === "bigint") return Number(json);
  if (typeof json === "string") {
    if (json === "NaN") return NaN;
    if (json === "Infinity") return Infinity;
    if (json === "-Infinity") return -Infinity;
    if (/^-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?$/.test(json)) {
      const value = Number(json);
      if (Number.isFinite(value)) return value;
    }
  }
  throw new DatumError(`${show(json)} is no number, "NaN", "Infinity" or "-Infinity"`);
}

function enumNumber(json: unknown, field: LinkedField): number {
  const { byName, byNumber, features, fullName } = field.enum!;
  if (json === null && fullName === NULL_VALUE) return 0;
  if (typeof json === "string") {
    const number = byName.get(json);
    if (number !== undefined) return number;
  } else if (typeof json === "number" && (json | 0) === json) {
    if (!features.closedEnums || byNumber.has(json)) return json;
  }
  const allowed = [...byName.keys()].slice(0, 8).join(", ");
  throw new DatumError(`${show(json)} is no value of ${fullName}: ${allowed}`);
}

function base64(json: unknown): Uint8Array {
  if (typeof json === "string") {
    try {
      const text = json.replaceAll("-", "+").replaceAll("_", "/");
      return Uint8Array.fromBase64(text, { lastChunkHandling: "loose" });
    } catch {
      // Told below, as every other value that is none.
    }
  }
  throw new DatumError(`${show(json)} is no base64, which bytes need`);
}
