import { concat } from "./bytes.ts";
import { DatumError } from "../schema.ts";
import { VALUE_DEPTH_MAX } from "./json_to_wire.ts";
import type { LinkedField, LinkedMessage } from "./linked.ts";
import { shortestFloat, wireTypeOf } from "./scalars.ts";
import type { TypesAtHand } from "./types_at_hand.ts";
import { type JsonObject, setKey, show, specialForm } from "./well_known_json.ts";
import { unzigzag, WIRE, WireReader } from "./wire.ts";

const NULL_VALUE = "google.protobuf.NullValue", ANY = "google.protobuf.Any";
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT_DECODER = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads messages as JSON values. Fields that can't tell their absence from their default are always there, so
 * that the shape of a value doesn't depend on it; others are there when they were set.
 */
export class WireToJson {
  readonly #types: TypesAtHand;
  #depth = 0;

  constructor(types: TypesAtHand) {
    this.#types = types;
  }

  /** The JSON value of a message. Throws {@linkcode DatumError} and `WireError`. */
  message(bytes: Uint8Array, message: LinkedMessage): unknown {
    if (++this.#depth > VALUE_DEPTH_MAX) {
      throw new DatumError(`the value nests deeper than ${VALUE_DEPTH_MAX} levels`);
    }
    const fields = this.#fields(bytes, message);
    const form = specialForm(message.fullName);
    const value = message.fullName === ANY
      ? this.#any(fields)
      : form === null
      ? fields
      : form.fromFields(fields);
    this.#depth--;
    return value;
  }

  #fields(bytes: Uint8Array, message: LinkedMessage): JsonObject {
    // Single messages are gathered and read last: two that are put one after the other are merged.
    const slots: unknown[] = new Array(message.fields.length).fill(undefined);
    const extensions = new Map<LinkedField, unknown>();
    const reader = new WireReader(bytes);
    while (!reader.done) {
      const tag = reader.tag();
      const number = Math.floor(tag / 8);
      const field = message.byNumber.get(number) ??
        this.#types.extension(message.fullName, number);
      if (field === null || field === undefined || !this.#fits(field, tag % 8)) reader.skip(tag);
      else if (field.extension) {
        extensions.set(field, this.#read(reader, field, { tag, before: extensions.get(field) }));
      } else {
        if (field.oneof !== null) {
          for (const one of field.oneof.fields) if (one !== field) slots[one.index] = undefined;
        }
        slots[field.index] = this.#read(reader, field, { tag, before: slots[field.index] });
      }
    }
    const object: JsonObject = {};
    for (const field of message.fields) {
      const value = this.#finish(slots[field.index], field);
      if (value !== undefined) setKey(object, field.jsonName, value);
    }
    for (const [field, value] of extensions) {
      object[`[${field.fullName}]`] = this.#finish(value, field);
    }
    return object;
  }

  #fits(field: LinkedField, wireType: number): boolean {
    const own = wireTypeOf(field.type);
    if (wireType === own) return true;
    return wireType === WIRE.bytes && field.repeated && own !== WIRE.startGroup;
  }

  #read(
    reader: WireReader,
    field: LinkedField,
    { tag, before }: { tag: number; before: unknown },
  ): unknown {
    if (field.message !== null || field.map !== null) {
      const piece = field.type === "group" ? reader.group(Math.floor(tag / 8)) : reader.bytes();
      const pieces = before as Uint8Array[] | undefined ?? [];
      pieces.push(piece);
      return pieces;
    }
    if (!field.repeated) {
      const value = this.#scalar(reader, field);
      return value === undefined ? before : value;
    }
    const values = before as unknown[] | undefined ?? [];
    const packed = tag % 8 === WIRE.bytes && wireTypeOf(field.type) !== WIRE.bytes;
    const inner = packed ? new WireReader(reader.bytes()) : reader;
    while (!packed || !inner.done) {
      const value = this.#scalar(inner, field);
      if (value !== undefined) values.push(value);
      if (!packed) break;
    }
    return values;
  }

  /** What the object shows for what was read; undefined: nothing. */
  #finish(slot: unknown, field: LinkedField): unknown {
    if (field.map !== null) return this.#map(slot as Uint8Array[] | undefined ?? [], field);
    if (field.repeated) {
      if (field.message === null) return slot ?? [];
      const pieces = slot as Uint8Array[] | undefined ?? [];
      return pieces.map((piece) => this.message(piece, field.message!));
    }
    if (slot === undefined) return field.hasPresence ? undefined : defaultValue(field);
    if (field.message === null) return slot;
    const pieces = slot as Uint8Array[];
    return this.message(pieces.length === 1 ? pieces[0]! : concat(pieces), field.message);
  }

  #map(pieces: readonly Uint8Array[], field: LinkedField): JsonObject {
    const { key, value } = field.map!;
    const object: JsonObject = {};
    for (const piece of pieces) {
      const reader = new WireReader(piece);
      let name: unknown, content: unknown;
      while (!reader.done) {
        const tag = reader.tag();
        const part = tag >> 3 === 1 ? key : tag >> 3 === 2 ? value : null;
        if (part === null || tag % 8 !== wireTypeOf(part.type)) reader.skip(tag);
        else if (part === key) name = this.#scalar(reader, key);
        else content = this.#read(reader, value, { tag, before: content });
      }
      if (content === undefined && value.message !== null) content = [];
      const shown = content === undefined ? defaultValue(value) : this.#finish(content, value);
      setKey(object, String(name ?? defaultValue(key)), shown);
    }
    return object;
  }

  #any(fields: JsonObject): JsonObject {
    const url = fields.typeUrl as string;
    if (url === "") return {};
    const message = this.#types.messageNamed(url.slice(url.lastIndexOf("/") + 1));
    if (message === null) throw new DatumError(`the type ${show(url)} of an Any isn't known`);
    const value = this.message(Uint8Array.fromBase64(fields.value as string), message);
    const special = specialForm(message.fullName) !== null || message.fullName === ANY;
    return special ? { "@type": url, value } : { "@type": url, ...value as JsonObject };
  }

  /** A scalar or an enum; undefined for a number that a closed enum doesn't name. */
  #scalar(reader: WireReader, field: LinkedField): unknown {
    switch (field.type) {
      case "string":
        return text(reader.bytes(), field);
      case "bytes":
        return reader.bytes().toBase64();
      case "bool":
        return reader.varint64() !== 0n;
      case "enum": {
        const number = reader.varint32();
        if (field.enum!.fullName === NULL_VALUE) return null;
        const name = field.enum!.byNumber.get(number);
        if (name !== undefined) return name;
        return field.enum!.features.closedEnums ? undefined : number;
      }
      case "double":
        return floating(reader.double());
      case "float":
        return floating(shortestFloat(reader.float()));
      case "int32":
        return reader.varint32();
      case "uint32":
        return reader.varint32() >>> 0;
      case "sint32":
        return Number(BigInt.asIntN(32, unzigzag(BigInt(reader.varint32() >>> 0))));
      case "fixed32":
        return reader.fixed32() >>> 0;
      case "sfixed32":
        return reader.fixed32();
      case "int64":
        return `${BigInt.asIntN(64, reader.varint64())}`;
      case "uint64":
        return `${reader.varint64()}`;
      case "sint64":
        return `${unzigzag(reader.varint64())}`;
      case "fixed64":
        return `${reader.fixed64()}`;
      case "sfixed64":
        return `${BigInt.asIntN(64, reader.fixed64())}`;
      default:
        throw new DatumError(`the type of ${field.fullName} isn't known`);
    }
  }
}

function text(bytes: Uint8Array, field: LinkedField): string {
  if (!field.features.validatesUtf8) return LENIENT_DECODER.decode(bytes);
  try {
    return DECODER.decode(bytes);
  } catch (cause) {
    throw new DatumError(`${field.fullName} holds a string that is no UTF-8`, { cause });
  }
}

/** JSON has no numbers for these. */
function floating(value: number): number | string {
  return Number.isFinite(value) ? value : `${value}`;
}

function defaultValue(field: LinkedField): unknown {
  switch (field.type) {
    case "string":
    case "bytes":
      return "";
    case "bool":
      return false;
    case "enum":
      if (field.enum!.fullName === NULL_VALUE) return null;
      return field.enum!.byNumber.get(0) ?? field.enum!.node.values[0]?.name ?? 0;
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return "0";
    default:
      return 0;
  }
}
