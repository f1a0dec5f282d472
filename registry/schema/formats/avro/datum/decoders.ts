import type {
  ArrayType,
  AvroType,
  EnumType,
  MapType,
  NamedType,
  PrimitiveType,
  RecordType,
  UnionType,
} from "../avro_type.ts";
import { branchName } from "../avro_type.ts";
import type { BinaryReader } from "./binary_reader.ts";

/** Reads one value as JSON. Throws {@linkcode DatumError}. */
export type Decoder = (input: BinaryReader) => unknown;

/** Makes decoders of types; parts of records and unions on first use, as types may hold themselves. */
export class DecoderFactory {
  readonly #records = new Map<NamedType, Decoder>();

  decoderOf(type: AvroType): Decoder {
    switch (type.kind) {
      case "array":
        return this.#array(type);
      case "map":
        return this.#map(type);
      case "union":
        return this.#union(type);
      case "record": {
        const known = this.#records.get(type);
        if (known !== undefined) return known;
        const decoder = this.#record(type);
        this.#records.set(type, decoder);
        return decoder;
      }
      case "enum":
        return enumDecoder(type);
      case "fixed":
        return (input) => input.latin1(type.size);
      default:
        return primitiveDecoder(type);
    }
  }

  #record(type: RecordType): Decoder {
    let fields: readonly { name: string; decode: Decoder }[] | null = null;
    return (input) => {
      fields ??= type.fields.map((field) => ({
        name: field.name,
        decode: this.decoderOf(field.type),
      }));
      input.enter();
      input.count(fields.length);
      const record: Record<string, unknown> = {};
      for (const { name, decode } of fields) {
        input.path.push(name);
        put(record, name, decode(input));
        input.path.pop();
      }
      input.leave();
      return record;
    };
  }

  #array(type: ArrayType): Decoder {
    const decode = this.decoderOf(type.items);
    return (input) => {
      const items: unknown[] = [];
      input.enter();
      for (let count = input.blockCount(); count > 0; count = input.blockCount()) {
        for (; count > 0; count--) {
          input.path.push(items.length);
          items.push(decode(input));
          input.path.pop();
        }
      }
      input.leave();
      return items;
    };
  }

  #map(type: MapType): Decoder {
    const decode = this.decoderOf(type.values);
    return (input) => {
      const map: Record<string, unknown> = {};
      input.enter();
      for (let count = input.blockCount(); count > 0; count = input.blockCount()) {
        for (; count > 0; count--) {
          const key = input.text();
          input.path.push(key);
          put(map, key, decode(input));
          input.path.pop();
        }
      }
      input.leave();
      return map;
    };
  }

  #union(type: UnionType): Decoder {
    const decoders: (Decoder | undefined)[] = [];
    const names = type.branches.map(branchName);
    return (input) => {
      const index = input.int();
      const branch = type.branches[index];
      const name = names[index];
      if (branch === undefined || name === undefined) {
        throw input.error(`branch ${index} of a union of ${names.length}`);
      }
      if (branch.kind === "null") return null;
      const decode = decoders[index] ??= this.decoderOf(branch);
      input.path.push(name);
      const tagged: Record<string, unknown> = {};
      put(tagged, name, decode(input));
      input.path.pop();
      return tagged;
    };
  }
}

/** Sets a property of the object itself, whatever its name. */
function put(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") {
    object[name] = value;
    return;
  }
  Object.defineProperty(object, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function enumDecoder({ name, symbols }: EnumType): Decoder {
  return (input) => {
    const index = input.int();
    const symbol = symbols[index];
    if (symbol === undefined) {
      throw input.error(`symbol ${index} of enum ${name.full}, which has ${symbols.length}`);
    }
    return symbol;
  };
}

function primitiveDecoder(type: PrimitiveType): Decoder {
  switch (type.kind) {
    case "null":
      return () => null;
    case "boolean":
      return (input) => {
        const byte = input.byte();
        if (byte > 1) throw input.error(`a boolean of ${byte}`);
        return byte === 1;
      };
    case "int":
      return (input) => input.int();
    case "long":
      return (input) => input.long();
    case "float":
      return (input) => floating(shortestFloat(input.float()));
    case "double":
      return (input) => floating(input.double());
    case "bytes":
      return (input) => input.latin1(input.length());
    case "string":
      return (input) => input.text();
  }
}

/** JSON has no numbers for these. */
function floating(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** Floats below are kept in fewer than six digits. */
const FLOAT_NORMAL_MIN = 2 ** -126;

/** The number with the fewest digits among those that are `value` as a float: 0.1 and not 0.10000000149. */
function shortestFloat(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(size)) return value;
  // Integers of 24 bits are exact.
  if (size < 2 ** 24 && Number.isInteger(value)) return value;
  for (let digits = size < FLOAT_NORMAL_MIN ? 1 : 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
