import { concat } from "./bytes.ts";
import type { LinkedField, LinkedFile, LinkedMessage } from "./linked.ts";
import { type OptionsHolder, optionsMessage } from "./options.ts";
import { floatingText, shortestFloat, wireTypeOf } from "./scalars.ts";
import type { AggregateField, OptionNode, OptionValue, Place } from "./syntax_tree.ts";
import { unzigzag, WIRE, WireError, WireReader } from "./wire.ts";

/** Extensions by the message that they extend and their number. */
export type ExtensionLookup = (extendee: string, number: number) => LinkedField | null;

/** The extensions that a file and all that it needs declare. */
export function extensionsOf(file: LinkedFile): ExtensionLookup {
  const byExtendee = new Map<string, Map<number, LinkedField>>();
  for (const { extends: blocks } of file.all) {
    for (const { extendee, fields } of blocks) {
      if (extendee === null) continue;
      const byNumber = byExtendee.get(extendee.fullName) ?? new Map<number, LinkedField>();
      byExtendee.set(extendee.fullName, byNumber);
      for (const field of fields) byNumber.set(field.number, field);
    }
  }
  return (extendee, number) => byExtendee.get(extendee)?.get(number) ?? null;
}

const NOWHERE: Place = { line: 0, column: 0 };

/** What bytes of options hold; fields that nothing declares are left out and counted. */
export function decodeOptions(
  bytes: Uint8Array,
  holder: OptionsHolder,
  extensions: ExtensionLookup,
): { options: OptionNode[]; unknownCount: number } {
  const decoder = new OptionDecoder(extensions);
  const options: OptionNode[] = [];
  for (const { field, values } of decoder.fields(bytes, optionsMessage(holder))) {
    const name = field.extension ? `.${field.fullName}` : field.name;
    const part = { name, extension: field.extension };
    for (const value of values) {
      // `features.x = Y` reads better than an aggregate of one field.
      if (!field.extension && !field.repeated && value.kind === "message") {
        for (const inner of value.fields) {
          const extension = inner.name.startsWith("[");
          const text = extension ? `.${inner.name.slice(1, -1)}` : inner.name;
          options.push({
            name: [part, { name: text, extension }],
            value: inner.value,
            place: NOWHERE,
          });
        }
      } else options.push({ name: [part], value, place: NOWHERE });
    }
  }
  return { options, unknownCount: decoder.unknownCount };
}

const DECODE_DEPTH_MAX = 64;

class OptionDecoder {
  unknownCount = 0;
  readonly #extensions: ExtensionLookup;
  #depth = 0;

  constructor(extensions: ExtensionLookup) {
    this.#extensions = extensions;
  }

  /** The fields in order of number, each with all of its values. */
  fields(
    bytes: Uint8Array,
    message: LinkedMessage,
    find?: (number: number) => LinkedField | null,
  ): { field: LinkedField; values: OptionValue[] }[] {
    const found = new Map<LinkedField, OptionValue[]>();
    const parts = new Map<LinkedField, Uint8Array[]>();
    const reader = new WireReader(bytes);
    while (!reader.done) {
      const tag = reader.tag();
      const number = Math.floor(tag / 8), wireType = tag % 8;
      const field = find !== undefined
        ? find(number)
        : message.byNumber.get(number) ?? this.#extensions(message.fullName, number);
      if (field === null || !fits(field, wireType)) {
        this.unknownCount++;
        reader.skip(tag);
        continue;
      }
      const values = found.get(field) ?? [];
      found.set(field, values);
      if (wireTypeOf(field.type) === WIRE.bytes || field.type === "group") {
        const content = field.type === "group" ? reader.group(number) : reader.bytes();
        if (field.message === null && field.map === null) {
          values.push({ kind: "string", bytes: content.slice() });
        } else {
          // Single messages that occur twice are merged: one after the other, they are one message.
          const pieces = parts.get(field) ?? [];
          parts.set(field, pieces);
          pieces.push(content);
        }
      } else {
        const inner = wireType === WIRE.bytes ? new WireReader(reader.bytes()) : reader;
        do values.push(decodeScalar(inner, field)); while (inner !== reader && !inner.done);
        if (!field.repeated) values.splice(0, values.length - 1);
      }
    }
    for (const [field, pieces] of parts) {
      const values = found.get(field)!;
      for (const piece of field.repeated ? pieces : [concat(pieces)]) {
        values.push(this.#message(piece, field));
      }
    }
    return [...found].map(([field, values]) => ({ field, values }))
      .sort((a, b) => a.field.number - b.field.number);
  }

  #message(bytes: Uint8Array, field: LinkedField): OptionValue {
    if (++this.#depth > DECODE_DEPTH_MAX) throw new WireError("options nest too deep");
    const { map } = field;
    const found = map === null
      ? this.fields(bytes, field.message!)
      : this.fields(bytes, field.message!, (number) => {
        return number === 1 ? map.key : number === 2 ? map.value : null;
      });
    this.#depth--;
    const fields = found.map(({ field: inner, values }): AggregateField => {
      const name = inner.extension ? `[${inner.fullName}]` : inner.node?.group?.name ?? inner.name;
      return { name, value: inner.repeated ? { kind: "list", values } : values[0]! };
    });
    return { kind: "message", fields };
  }
}

function fits(field: LinkedField, wireType: number): boolean {
  if (field.type === "unresolved") return false;
  const own = wireTypeOf(field.type);
  return wireType === own ||
    (field.repeated && wireType === WIRE.bytes && own !== WIRE.startGroup);
}

function decodeScalar(reader: WireReader, field: LinkedField): OptionValue {
  switch (field.type) {
    case "double":
      return floating(reader.double());
    case "float":
      return floating(shortestFloat(reader.float()));
    case "bool":
      return { kind: "name", text: reader.varint64() === 0n ? "false" : "true" };
    case "enum": {
      const number = reader.varint32();
      const name = field.enum!.byNumber.get(number);
      return name === undefined
        ? { kind: "number", text: `${number}` }
        : { kind: "name", text: name };
    }
    case "sint32":
    case "sint64":
      return { kind: "number", text: `${unzigzag(reader.varint64())}` };
    case "int32":
      return { kind: "number", text: `${reader.varint32()}` };
    case "int64":
      return { kind: "number", text: `${BigInt.asIntN(64, reader.varint64())}` };
    case "fixed32":
      return { kind: "number", text: `${reader.fixed32() >>> 0}` };
    case "sfixed32":
      return { kind: "number", text: `${reader.fixed32()}` };
    case "fixed64":
      return { kind: "number", text: `${reader.fixed64()}` };
    case "sfixed64":
      return { kind: "number", text: `${BigInt.asIntN(64, reader.fixed64())}` };
    case "uint32":
      return { kind: "number", text: `${reader.varint32() >>> 0}` };
    default:
      return { kind: "number", text: `${reader.varint64()}` };
  }
}

function floating(value: number): OptionValue {
  const text = floatingText(value);
  return { kind: /^-?(?:inf|nan)$/.test(text) ? "name" : "number", text };
}
