import { booleanOption } from "./declare.ts";
import {
  isPackable,
  type LinkedEnum,
  type LinkedField,
  type LinkedFile,
  type LinkedMessage,
  type Problem,
} from "./linked.ts";
import { encodeOptions, isPseudoOption, type OptionsHolder } from "./options.ts";
import { scalarMisfit } from "./scalars.ts";
import {
  FIELD_NUMBER_MAX,
  IMPLEMENTATION_NUMBERS,
  type NumberRange,
  type OptionNode,
  type Place,
  type ReservedNode,
} from "./syntax_tree.ts";

/** How many problems are gathered before the check ends. */
const PROBLEMS_MAX = 20;
const INT32_MAX = 2 ** 31 - 1;

/** What a compiler would refuse in a file: first what didn't resolve, then what breaks a rule. */
export function checkFile(file: LinkedFile): readonly Problem[] {
  if (file.problems.length > 0) return file.problems;
  const check = new Check(file);
  check.run();
  return check.problems;
}

type Dialect = "proto2" | "proto3" | "edition";

/** Ends a check that found enough. */
class Enough extends Error {
  override readonly name = "Enough";
}

class Check {
  readonly problems: Problem[] = [];
  readonly #file: LinkedFile;
  readonly #dialect: Dialect;

  constructor(file: LinkedFile) {
    this.#file = file;
    const { edition, syntax } = file.node;
    this.#dialect = edition !== null ? "edition" : syntax === "proto3" ? "proto3" : "proto2";
  }

  run(): void {
    const { node, messages, enums, extends: blocks, services } = this.#file;
    const scope = node.package ?? "";
    try {
      this.#conflicts();
      this.#options(node.options, "FileOptions", scope);
      for (const message of messages) this.#message(message);
      for (const one of enums) this.#enum(one);
      const extensions = new Map<string, LinkedField>();
      for (const { fields, extendee, scope } of blocks) {
        for (const field of fields) {
          this.#extension(field, extendee!, scope);
          const key = `${extendee!.fullName} ${field.number}`;
          const other = extensions.get(key);
          if (other !== undefined) {
            const message = `extensions ${other.fullName} and ${field.fullName} of ` +
              `${extendee!.fullName} share number ${field.number}`;
            this.#problem(message, field.node!.place);
          }
          extensions.set(key, field);
        }
      }
      for (const service of services) {
        this.#options(service.node.options, "ServiceOptions", service.fullName);
        for (const method of service.node.methods) {
          this.#options(method.options, "MethodOptions", service.fullName);
        }
      }
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
  }

  #problem(message: string, place: Place): void {
    this.problems.push({ message, place });
    if (this.problems.length >= PROBLEMS_MAX) throw new Enough();
  }

  #options(options: readonly OptionNode[], holder: OptionsHolder, scope: string): void {
    if (options.length === 0) return;
    const { problems } = encodeOptions(options, { file: this.#file, scope, holder });
    for (const { message, place } of problems) this.#problem(message, place);
  }

  /** Names that an import declares too. */
  #conflicts(): void {
    const others = this.#file.all.filter((file) => file !== this.#file);
    for (const [fullName, symbol] of this.#file.symbols) {
      const other = others.find((file) =>
        file.symbols.has(fullName) || file.packages.has(fullName)
      );
      if (other === undefined) continue;
      const place = "node" in symbol && symbol.node !== null ? symbol.node.place : NOWHERE;
      this.#problem(`${fullName} is declared in "${other.path}" already`, place);
    }
  }

  #message(message: LinkedMessage): void {
    const { fullName, fields } = message;
    const node = message.node!;
    this.#options(node.options, "MessageOptions", fullName);
    if (booleanOption(node.options, "map_entry") !== null) {
      this.#problem(`${fullName} says map_entry; a map is written map<key, value>`, node.place);
    }
    const reserved = this.#reserved(node.reserved, { of: fullName, max: FIELD_NUMBER_MAX, min: 1 });
    const extensions: SortedRange[] = [];
    for (const { ranges, options, place } of node.extensions) {
      if (this.#dialect === "proto3") {
        this.#problem(`${fullName} declares extensions, which proto3 doesn't have`, place);
      }
      this.#options(options, "ExtensionRangeOptions", fullName);
      for (const range of ranges) {
        extensions.push(this.#range(range, { place, max: FIELD_NUMBER_MAX, min: 1 }));
      }
    }
    this.#overlaps([...reserved.ranges, ...extensions], fullName);
    const ranges = { reserved: sorted(reserved.ranges), extensions: sorted(extensions) };
    const seen = new Map<number, LinkedField>();
    for (const field of fields) {
      this.#field(field, fullName);
      this.#number(field, { of: fullName, seen, ranges, names: reserved.names });
    }
    if (this.#dialect === "proto3") this.#jsonNames(fields);
    for (const { node: oneof, fullName: name } of message.oneofs) {
      if (oneof.fields.length === 0) this.#problem(`oneof ${name} has no field`, oneof.place);
      this.#options(oneof.options, "OneofOptions", fullName);
    }
    for (const nested of message.messages) this.#message(nested);
    for (const one of message.enums) this.#enum(one);
  }

  #number(
    field: LinkedField,
    { of, seen, ranges, names }: {
      of: string;
      seen: Map<number, LinkedField>;
      ranges: { reserved: readonly SortedRange[]; extensions: readonly SortedRange[] };
      names: ReadonlySet<string>;
    },
  ): void {
    const { number, name } = field;
    const { place } = field.node!;
    const other = seen.get(number);
    if (other !== undefined) {
      this.#problem(`fields ${other.name} and ${name} of ${of} share number ${number}`, place);
    }
    seen.set(number, field);
    if (within(ranges.reserved, number)) {
      this.#problem(`field ${name} of ${of} uses the reserved number ${number}`, place);
    }
    if (within(ranges.extensions, number)) {
      this.#problem(`field ${name} of ${of} uses number ${number} of its extensions`, place);
    }
    if (names.has(name)) this.#problem(`field ${name} of ${of} uses a reserved name`, place);
  }

  #jsonNames(fields: readonly LinkedField[]): void {
    const seen = new Map<string, LinkedField>();
    for (const field of fields) {
      const other = seen.get(field.jsonName);
      if (other !== undefined) {
        const message =
          `fields ${other.fullName} and ${field.name} are both "${field.jsonName}" in JSON`;
        this.#problem(message, field.node!.place);
      }
      seen.set(field.jsonName, field);
    }
  }

  /** What holds for fields and extensions alike. */
  #field(field: LinkedField, scope: string): void {
    const node = field.node!;
    const { place, number, name } = node;
    this.#fieldNumber(number, name, place);
    if (field.oneof === null) this.#label(field);
    else if (node.label !== null || node.mapKey !== null) {
      const what = node.mapKey !== null ? "is a map" : `has the label ${node.label}`;
      this.#problem(`field ${field.fullName} of a oneof ${what}`, place);
    }
    if (node.group !== null && this.#dialect !== "proto2") {
      this.#problem(`${field.fullName} is a group, which only proto2 has`, place);
    }
    if (field.map !== null) this.#map(field);
    if (field.enum?.features.closedEnums && !field.hasPresence && !field.repeated) {
      const message = `${field.fullName} can't tell its absence from 0 and uses ` +
        `${field.enum.fullName}, a closed enum, which may have no 0`;
      this.#problem(message, place);
    }
    if (node.options.length > 0) this.#fieldOptions(field, scope);
  }

  #fieldNumber(number: number, name: string, place: Place): void {
    if (number < 1 || number > FIELD_NUMBER_MAX) {
      const message = `number ${number} of field ${name} is outside 1 to ${FIELD_NUMBER_MAX}`;
      this.#problem(message, place);
    } else if (number >= IMPLEMENTATION_NUMBERS.start && number <= IMPLEMENTATION_NUMBERS.end) {
      const { start, end } = IMPLEMENTATION_NUMBERS;
      const message = `number ${number} of field ${name} is one of ${start} to ${end}, ` +
        "which Protobuf keeps for itself";
      this.#problem(message, place);
    }
  }

  #label({ node, fullName }: LinkedField): void {
    const { label, mapKey, place } = node!;
    if (this.#dialect === "proto2" && label === null && mapKey === null) {
      this.#problem(`${fullName} needs a label: optional, required or repeated`, place);
    }
    if (this.#dialect === "proto3" && label === "required") {
      this.#problem(`${fullName} is required, which proto3 doesn't have`, place);
    }
    if (this.#dialect === "edition" && (label === "required" || label === "optional")) {
      this.#problem(`${fullName} is labelled ${label}; editions say so by a feature`, place);
    }
  }

  #map({ map, node, fullName }: LinkedField): void {
    const { type } = map!.key;
    const { place } = node!;
    if (
      type === "float" || type === "double" || type === "bytes" || type === "enum" ||
      type === "message" || type === "unresolved"
    ) {
      this.#problem(`the key of map ${fullName} must be an integer, bool or string`, place);
    }
    const { value } = map!;
    if (value.enum !== null) {
      const first = value.enum.node.values[0];
      if (first !== undefined && first.number !== 0) {
        this.#problem(`the enum in map ${fullName} must have 0 as its first value`, place);
      }
    }
  }

  #fieldOptions(field: LinkedField, scope: string): void {
    const { options, place } = field.node!;
    this.#options(options, "FieldOptions", scope);
    const seen = new Set<string>();
    for (const option of options) {
      if (!isPseudoOption(option)) continue;
      const { name } = option.name[0]!;
      if (seen.has(name)) this.#problem(`${field.fullName} sets ${name} twice`, option.place);
      seen.add(name);
      if (name === "default") this.#default(field, option);
      else if (name === "json_name" && option.value.kind !== "string") {
        this.#problem(`json_name of ${field.fullName} needs a string`, option.place);
      } else if (name === "json_name" && /^\[.*\]$/s.test(field.jsonName)) {
        const message = `json_name of ${field.fullName} stands in brackets, as extensions do`;
        this.#problem(message, option.place);
      }
    }
    const packed = booleanOption(options, "packed");
    if (packed !== null && this.#dialect === "edition") {
      this.#problem(`${field.fullName} says packed; editions say so by a feature`, place);
    }
    if (packed === true && !(field.repeated && field.map === null && isPackable(field.type))) {
      this.#problem(`${field.fullName} is packed, yet no repeated number, bool or enum`, place);
    }
  }

  #default(field: LinkedField, { value, place }: OptionNode): void {
    const { fullName, type } = field;
    if (field.features.presence === "implicit") {
      this.#problem(`${fullName} has a default, which only explicit presence allows`, place);
    } else if (field.repeated) {
      this.#problem(`${fullName} is repeated and has a default`, place);
    } else if (field.message !== null) {
      this.#problem(`${fullName} is a message and has a default`, place);
    } else {
      const misfit = scalarMisfit(type, field.enum, value);
      if (misfit !== null) this.#problem(`the default of ${fullName} ${misfit}`, place);
    }
  }

  #extension(field: LinkedField, extendee: LinkedMessage, scope: string): void {
    const { place, label, mapKey } = field.node!;
    this.#field(field, scope);
    const { fullName } = field;
    const isOptions = /^google\.protobuf\.[A-Za-z]+Options$/.test(extendee.fullName);
    if (this.#dialect === "proto3" && !isOptions) {
      this.#problem(
        `${fullName} extends ${extendee.fullName}; proto3 extends options alone`,
        place,
      );
    }
    if (label === "required") this.#problem(`extension ${fullName} is required`, place);
    if (mapKey !== null) this.#problem(`extension ${fullName} is a map`, place);
    const declared = extendee.node!.extensions.flatMap(({ ranges }) => ranges);
    const { number } = field;
    const inside = ({ start, end }: NumberRange) =>
      number >= start && (end === "max" || number <= end);
    if (!declared.some(inside)) {
      this.#problem(`${extendee.fullName} declares no extension ${number} for ${fullName}`, place);
    }
  }

  #enum({ node, fullName, features }: LinkedEnum): void {
    const { values, options, place } = node;
    this.#options(options, "EnumOptions", fullName);
    if (values.length === 0) return this.#problem(`enum ${fullName} has no value`, place);
    if (!features.closedEnums && values[0]!.number !== 0) {
      const message = `the first value of enum ${fullName} must be 0, it is ${values[0]!.number}`;
      this.#problem(message, values[0]!.place);
    }
    const mayAlias = booleanOption(options, "allow_alias") === true;
    const reserved = this.#reserved(node.reserved, {
      of: fullName,
      max: INT32_MAX,
      min: -INT32_MAX - 1,
    });
    this.#overlaps(reserved.ranges, fullName);
    const ranges = sorted(reserved.ranges);
    const seen = new Map<number, string>();
    for (const { name, number, place, options } of values) {
      const other = seen.get(number);
      if (other !== undefined && !mayAlias) {
        const message = `${other} and ${name} of ${fullName} share ${number} without allow_alias`;
        this.#problem(message, place);
      }
      seen.set(number, name);
      if (within(ranges, number)) {
        this.#problem(`${name} of ${fullName} uses the reserved number ${number}`, place);
      }
      if (reserved.names.has(name)) {
        this.#problem(`${name} of ${fullName} is a reserved name`, place);
      }
      this.#options(options, "EnumValueOptions", fullName);
    }
  }

  #reserved(
    all: readonly ReservedNode[],
    { of, min, max }: { of: string; min: number; max: number },
  ): { ranges: SortedRange[]; names: Set<string> } {
    const ranges: SortedRange[] = [], names = new Set<string>();
    for (const { ranges: some, names: texts, quoted, place } of all) {
      if (texts.length > 0 && quoted === (this.#dialect === "edition")) {
        const how = quoted ? "without quotes in editions" : "in quotes";
        this.#problem(`${of} must write its reserved names ${how}`, place);
      }
      for (const range of some) ranges.push(this.#range(range, { place, min, max }));
      for (const name of texts) {
        if (names.has(name)) this.#problem(`${of} reserves the name ${name} twice`, place);
        names.add(name);
      }
    }
    return { ranges, names };
  }

  #range(
    { start, end }: NumberRange,
    { place, min, max }: { place: Place; min: number; max: number },
  ): SortedRange {
    const last = end === "max" ? max : end;
    if (start < min || last > max || start > last) {
      this.#problem(`${start} to ${end} is no range within ${min} to ${max}`, place);
    }
    return { start, end: last, place };
  }

  #overlaps(ranges: readonly SortedRange[], of: string): void {
    let before: SortedRange | null = null;
    for (const range of sorted(ranges)) {
      if (before !== null && range.start <= before.end) {
        const message = `ranges of ${of} overlap at ${range.start}`;
        this.#problem(message, range.place);
      }
      before = range;
    }
  }
}

const NOWHERE: Place = { line: 0, column: 0 };

interface SortedRange {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

function sorted(ranges: readonly SortedRange[]): SortedRange[] {
  return [...ranges].sort((a, b) => a.start - b.start);
}

/** Whether a number is in one of the ranges, which are sorted and don't overlap. */
function within(ranges: readonly SortedRange[], number: number): boolean {
  let low = 0, high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { start, end } = ranges[middle]!;
    if (number < start) high = middle - 1;
    else if (number > end) low = middle + 1;
    else return true;
  }
  return false;
}
