import {
  accept,
  expect,
  takeDottedName,
  takeOptionList,
  takeOptionStatement,
  takeString,
  takeWord,
} from "./option_parser.ts";
import type {
  EnumNode,
  EnumValueNode,
  ExtendNode,
  ExtensionsNode,
  FieldNode,
  FileNode,
  ImportNode,
  Label,
  MessageNode,
  MethodNode,
  NumberRange,
  OneofNode,
  OptionNode,
  Place,
  ReservedNode,
  ServiceNode,
  Visibility,
} from "./syntax_tree.ts";
import { Tokens } from "./tokens.ts";

/** How deep messages may nest; protoc stops there too. */
export const MESSAGE_DEPTH_MAX = 31;

/** The editions that are understood. */
export const EDITIONS: readonly string[] = ["2023", "2024"];

/** Reads the text of a .proto file: proto2, proto3 or an edition. Throws `SchemaError` with the line. */
export function parseProto(text: string): FileNode {
  return new Parser(text).file();
}

/** What the body of a message or of a file gathers. */
interface Body {
  readonly options: OptionNode[];
  readonly messages: MessageNode[];
  readonly enums: EnumNode[];
  readonly extends: ExtendNode[];
}

const DECODER = new TextDecoder("utf-8", { fatal: true });
const INT32_MIN = -(2 ** 31), INT32_MAX = 2 ** 31 - 1;

class Parser {
  readonly #tokens: Tokens;
  /** Whether `export` and `local` say who sees a declaration. */
  #hasVisibility = false;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
  }

  file(): FileNode {
    const tokens = this.#tokens;
    const { syntax, edition } = this.#syntax();
    this.#hasVisibility = edition !== null && edition >= "2024";
    const body: Body = { options: [], messages: [], enums: [], extends: [] };
    const imports: ImportNode[] = [], services: ServiceNode[] = [];
    let packageName: string | null = null;
    while (tokens.kind !== "end") {
      const place = tokens.place();
      if (accept(tokens, ";") || this.#declaration(body, 1)) continue;
      const visibility = this.#visibility();
      if (visibility !== null && this.#visibleDeclaration(visibility, body, { depth: 1, place })) {
        continue;
      }
      if (accept(tokens, "import")) imports.push(this.#import(place));
      else if (accept(tokens, "service")) services.push(this.#service(place));
      else if (accept(tokens, "package")) {
        if (packageName !== null) throw tokens.error("a second package is declared", place);
        packageName = takeDottedName(tokens, "the name of a package", false);
        expect(tokens, ";");
      } else {
        throw tokens.error(
          `expected a declaration such as message, enum or import, found ${tokens.describe()}`,
        );
      }
    }
    return { syntax, edition, package: packageName, imports, ...body, services };
  }

  #syntax(): { syntax: string | null; edition: string | null } {
    const tokens = this.#tokens;
    if (!tokens.is("syntax") && !tokens.is("edition")) return { syntax: null, edition: null };
    const isSyntax = accept(tokens, "syntax");
    if (!isSyntax) tokens.next();
    expect(tokens, "=");
    const place = tokens.place();
    const value = this.#text(isSyntax ? "the syntax" : "the edition");
    const allowed = isSyntax ? ["proto2", "proto3"] : EDITIONS;
    if (!allowed.includes(value)) {
      const what = isSyntax ? "syntax" : "edition";
      throw tokens.error(`${what} "${value}" is unknown; allowed: ${allowed.join(", ")}`, place);
    }
    expect(tokens, ";");
    return isSyntax ? { syntax: value, edition: null } : { syntax: null, edition: value };
  }

  /** A string literal that must be UTF-8. */
  #text(what: string): string {
    const place = this.#tokens.place();
    const bytes = takeString(this.#tokens, what);
    try {
      return DECODER.decode(bytes);
    } catch {
      throw this.#tokens.error(`${what} is no UTF-8`, place);
    }
  }

  /** What may stand in a file and in a message alike. */
  #declaration(body: Body, depth: number): boolean {
    const tokens = this.#tokens;
    const place = tokens.place();
    if (accept(tokens, "option")) body.options.push(takeOptionStatement(tokens));
    else if (accept(tokens, "message")) body.messages.push(this.#message(place, null, depth));
    else if (accept(tokens, "enum")) body.enums.push(this.#enum(place, null));
    else if (accept(tokens, "extend")) this.#extend(place, body, depth);
    else return false;
    return true;
  }

  /** `export message` or `local enum` after its first word; false where that was the type of a field. */
  #visibleDeclaration(
    visibility: Visibility,
    body: Body,
    { depth, place }: { depth: number; place: Place },
  ): boolean {
    const tokens = this.#tokens;
    if (accept(tokens, "message")) body.messages.push(this.#message(place, visibility, depth));
    else if (accept(tokens, "enum")) body.enums.push(this.#enum(place, visibility));
    else return false;
    return true;
  }

  #visibility(): Visibility {
    const { text, kind } = this.#tokens;
    if (!this.#hasVisibility || kind !== "word") return null;
    if (text !== "export" && text !== "local") return null;
    this.#tokens.next();
    return text;
  }

  #import(place: Place): ImportNode {
    const tokens = this.#tokens;
    let modifier: ImportNode["modifier"] = null;
    if (accept(tokens, "public")) modifier = "public";
    else if (accept(tokens, "weak")) modifier = "weak";
    else if (accept(tokens, "option")) modifier = "option";
    const path = this.#text("the path of an import");
    expect(tokens, ";");
    return { path, modifier, place };
  }

  #message(place: Place, visibility: Visibility, depth: number): MessageNode {
    return this.#messageBody(takeWord(this.#tokens, "the name of a message"), {
      place,
      visibility,
      depth,
    });
  }

  #messageBody(
    name: string,
    { place, visibility, depth }: { place: Place; visibility: Visibility; depth: number },
  ): MessageNode {
    const tokens = this.#tokens;
    if (depth > MESSAGE_DEPTH_MAX) {
      throw tokens.error(`message ${name} nests deeper than ${MESSAGE_DEPTH_MAX} levels`, place);
    }
    const body: Body = { options: [], messages: [], enums: [], extends: [] };
    const reserved: ReservedNode[] = [], extensions: ExtensionsNode[] = [];
    const fields: FieldNode[] = [], oneofs: OneofNode[] = [];
    expect(tokens, "{");
    while (!accept(tokens, "}")) {
      const at = tokens.place();
      if (accept(tokens, ";") || this.#declaration(body, depth + 1)) continue;
      if (accept(tokens, "reserved")) reserved.push(this.#reserved(at));
      else if (accept(tokens, "extensions")) extensions.push(this.#extensions(at));
      else if (accept(tokens, "oneof")) oneofs.push(this.#oneof(at, body, depth + 1));
      else {
        const word = this.#visibility();
        const declared = word !== null &&
          this.#visibleDeclaration(word, body, { depth: depth + 1, place: at });
        if (!declared) fields.push(this.#field(body, depth + 1, word));
      }
    }
    return { name, visibility, ...body, reserved, extensions, fields, oneofs, place };
  }

  #oneof(place: Place, body: Body, depth: number): OneofNode {
    const tokens = this.#tokens;
    const name = takeWord(tokens, "the name of a oneof");
    const options: OptionNode[] = [], fields: FieldNode[] = [];
    expect(tokens, "{");
    while (!accept(tokens, "}")) {
      if (accept(tokens, ";")) continue;
      if (accept(tokens, "option")) options.push(takeOptionStatement(tokens));
      else fields.push(this.#field(body, depth));
    }
    return { name, options, fields, place };
  }

  #extend(place: Place, body: Body, depth: number): void {
    const tokens = this.#tokens;
    const extendee = takeDottedName(tokens, "the name of a message", true);
    const fields: FieldNode[] = [];
    expect(tokens, "{");
    while (!accept(tokens, "}")) {
      if (!accept(tokens, ";")) fields.push(this.#field(body, depth));
    }
    body.extends.push({ extendee, fields, place });
  }

  /** A field; `word` is the first of its type when that was taken already. */
  #field(body: Body, depth: number, word: string | null = null): FieldNode {
    const tokens = this.#tokens;
    const place = tokens.place();
    const label = word === null ? this.#label() : null;
    if (label !== null && tokens.is("group")) return this.#group(body, { place, label, depth });
    let type = word === null ? this.#type() : `${word}${this.#moreOfType()}`;
    if (type === "group" && tokens.kind === "word") {
      return this.#groupBody(body, { place, label, depth });
    }
    let mapKey: string | null = null;
    if (type === "map" && accept(tokens, "<")) {
      if (label !== null) throw tokens.error("a map has no label", place);
      mapKey = this.#type();
      expect(tokens, ",");
      type = this.#type();
      expect(tokens, ">");
    }
    const name = takeWord(tokens, "the name of a field");
    expect(tokens, "=");
    const number = this.#integer("the number of a field", 0, INT32_MAX);
    const options = takeOptionList(tokens);
    expect(tokens, ";");
    return { label, type, mapKey, group: null, name, number, options, place };
  }

  #label(): Label | null {
    const { text, kind } = this.#tokens;
    if (kind !== "word") return null;
    if (text !== "optional" && text !== "required" && text !== "repeated") return null;
    this.#tokens.next();
    return text;
  }

  #type(): string {
    return takeDottedName(this.#tokens, "a type", true);
  }

  /** The rest of a type's name after its first word. */
  #moreOfType(): string {
    return accept(this.#tokens, ".") ? `.${takeDottedName(this.#tokens, "a type", false)}` : "";
  }

  #group(body: Body, field: { place: Place; label: Label; depth: number }): FieldNode {
    this.#tokens.next();
    return this.#groupBody(body, field);
  }

  #groupBody(
    body: Body,
    { place, label, depth }: { place: Place; label: Label | null; depth: number },
  ): FieldNode {
    const tokens = this.#tokens;
    const type = takeWord(tokens, "the name of a group");
    if (!/^[A-Z]/.test(type)) {
      throw tokens.error(`the name of group "${type}" must start with a capital letter`, place);
    }
    expect(tokens, "=");
    const number = this.#integer("the number of a group", 0, INT32_MAX);
    const options = takeOptionList(tokens);
    const group = this.#messageBody(type, { place, visibility: null, depth });
    body.messages.push(group);
    const name = type.toLowerCase();
    return { label, type, mapKey: null, group, name, number, options, place };
  }

  #reserved(place: Place): ReservedNode {
    const tokens = this.#tokens;
    const ranges: NumberRange[] = [], names: string[] = [];
    const quoted = tokens.kind === "string";
    if (quoted) {
      do names.push(this.#text("a reserved name")); while (accept(tokens, ","));
    } else if (tokens.kind === "word") {
      do names.push(takeWord(tokens, "a reserved name")); while (accept(tokens, ","));
    } else {
      do ranges.push(this.#range(INT32_MIN)); while (accept(tokens, ","));
    }
    expect(tokens, ";");
    return { ranges, names, quoted, place };
  }

  #extensions(place: Place): ExtensionsNode {
    const tokens = this.#tokens;
    const ranges: NumberRange[] = [];
    do ranges.push(this.#range(0)); while (accept(tokens, ","));
    const options = takeOptionList(tokens);
    expect(tokens, ";");
    return { ranges, options, place };
  }

  #range(min: number): NumberRange {
    const tokens = this.#tokens;
    const start = this.#integer("a number", min, INT32_MAX);
    if (!accept(tokens, "to")) return { start, end: start };
    if (accept(tokens, "max")) return { start, end: "max" };
    return { start, end: this.#integer('a number or "max"', min, INT32_MAX) };
  }

  #enum(place: Place, visibility: Visibility): EnumNode {
    const tokens = this.#tokens;
    const name = takeWord(tokens, "the name of an enum");
    const options: OptionNode[] = [], values: EnumValueNode[] = [], reserved: ReservedNode[] = [];
    expect(tokens, "{");
    while (!accept(tokens, "}")) {
      const at = tokens.place();
      if (accept(tokens, ";")) continue;
      if (accept(tokens, "option")) options.push(takeOptionStatement(tokens));
      else if (accept(tokens, "reserved")) reserved.push(this.#reserved(at));
      else values.push(this.#enumValue(at));
    }
    return { name, visibility, options, values, reserved, place };
  }

  #enumValue(place: Place): EnumValueNode {
    const tokens = this.#tokens;
    const name = takeWord(tokens, "the name of an enum's value");
    expect(tokens, "=");
    const number = this.#integer("the number of an enum's value", INT32_MIN, INT32_MAX);
    const options = takeOptionList(tokens);
    expect(tokens, ";");
    return { name, number, options, place };
  }

  #service(place: Place): ServiceNode {
    const tokens = this.#tokens;
    const name = takeWord(tokens, "the name of a service");
    const options: OptionNode[] = [], methods: MethodNode[] = [];
    expect(tokens, "{");
    while (!accept(tokens, "}")) {
      const at = tokens.place();
      if (accept(tokens, ";")) continue;
      if (accept(tokens, "option")) options.push(takeOptionStatement(tokens));
      else {
        expect(tokens, "rpc");
        methods.push(this.#method(at));
      }
    }
    return { name, options, methods, place };
  }

  #method(place: Place): MethodNode {
    const tokens = this.#tokens;
    const name = takeWord(tokens, "the name of an rpc");
    const input = this.#methodType();
    expect(tokens, "returns");
    const output = this.#methodType();
    const options: OptionNode[] = [];
    if (accept(tokens, "{")) {
      while (!accept(tokens, "}")) {
        if (accept(tokens, ";")) continue;
        expect(tokens, "option");
        options.push(takeOptionStatement(tokens));
      }
    } else expect(tokens, ";");
    return {
      name,
      input: input.type,
      inputStream: input.stream,
      output: output.type,
      outputStream: output.stream,
      options,
      place,
    };
  }

  #methodType(): { type: string; stream: boolean } {
    const tokens = this.#tokens;
    expect(tokens, "(");
    let stream = false, type: string;
    if (accept(tokens, "stream")) {
      // A message may bear that name.
      if (tokens.is(")")) type = "stream";
      else {
        stream = true;
        type = this.#type();
      }
    } else type = this.#type();
    expect(tokens, ")");
    return { type, stream };
  }

  /** An integer in decimal, hexadecimal or octal notation, with a sign where `min` is below 0. */
  #integer(what: string, min: number, max: number): number {
    const tokens = this.#tokens;
    const place = tokens.place();
    const negative = min < 0 && accept(tokens, "-");
    if (tokens.kind !== "integer") {
      throw tokens.error(`expected ${what}, found ${tokens.describe()}`);
    }
    const { text } = tokens;
    const magnitude = /^0\d/.test(text) ? parseInt(text, 8) : Number(text);
    const value = negative && magnitude !== 0 ? -magnitude : magnitude;
    if (!(value >= min && value <= max)) {
      const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text;
      throw tokens.error(
        `${negative ? "-" : ""}${shown} is outside ${min} to ${max}, where ${what} must be`,
        place,
      );
    }
    tokens.next();
    return value;
  }
}
