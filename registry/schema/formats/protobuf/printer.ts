import type {
  EnumNode,
  ExtendNode,
  FieldNode,
  FileNode,
  ImportNode,
  MessageNode,
  NumberRange,
  OneofNode,
  OptionNode,
  OptionValue,
  ReservedNode,
  ServiceNode,
  Visibility,
} from "./syntax_tree.ts";

/**
 * The canonical text of a file. Its layout is the one in which registries answer Protobuf schemas, down to the
 * two blanks that an empty line inside a nested block keeps: hashes are taken of it. Messages keep their order,
 * since message indexes count them.
 */
export function printFile(file: FileNode): string {
  const sections: string[] = [];
  let head = "";
  if (file.syntax !== null) head += `syntax = "${file.syntax}";\n`;
  if (file.edition !== null) head += `edition = "${file.edition}";\n`;
  if (file.package !== null) head += `package ${file.package};\n`;
  sections.push(head);
  sections.push(printImports(file.imports));
  sections.push(lines(file.options, printOptionStatement));
  const { types, extends: rest } = printTypes(file);
  sections.push(types, lines(rest, printExtend), lines(file.services, printService));
  return joinSections(sections);
}

/** One text per item, in a row. */
function lines<T>(items: readonly T[], print: (item: T) => string): string {
  let text = "";
  for (const item of items) text += print(item);
  return text;
}

/** Sections with an empty line between those that have content. */
function joinSections(sections: readonly string[]): string {
  return sections.filter((section) => section !== "").join("\n");
}

/** A block's sections between braces, the way a message is written. */
function block(head: string, sections: readonly string[]): string {
  const body = joinSections(sections.map(indent));
  return body === "" ? `${head} {}\n` : `${head} {\n${body}}\n`;
}

/** Every line two blanks further in, empty ones too. */
function indent(text: string): string {
  if (text === "") return "";
  return text.replace(/^/gm, "  ").slice(0, text.endsWith("\n") ? -2 : undefined);
}

function printImports(imports: readonly ImportNode[]): string {
  const order = [null, "weak", "public", "option"];
  const sorted = [...imports].sort((a, b) =>
    Math.max(1, order.indexOf(a.modifier)) - Math.max(1, order.indexOf(b.modifier))
  );
  return lines(
    sorted,
    ({ path, modifier }) =>
      `import ${modifier === null ? "" : `${modifier} `}${quote(ENCODER.encode(path))};\n`,
  );
}

/**
 * Messages in their order, then enums. A group is a message too, declared by its field: where one counts, what
 * holds the field is written in its place among the messages.
 */
function printTypes(
  scope: Pick<MessageNode, "messages" | "enums" | "extends">,
  holders: readonly { readonly text: string; readonly groups: readonly MessageNode[] }[] = [],
): { types: string; extends: readonly ExtendNode[] } {
  const written = new Set<unknown>();
  const withGroups = scope.extends.filter((extend) => groupsOf(extend.fields).length > 0);
  const all = [
    ...holders,
    ...withGroups.map((extend) => ({ text: printExtend(extend), groups: groupsOf(extend.fields) })),
  ];
  let types = "";
  for (const message of scope.messages) {
    const holder = all.length === 0 ? undefined : all.find((one) => one.groups.includes(message));
    if (holder === undefined) types += printMessage(message);
    else if (!written.has(holder)) {
      written.add(holder);
      types += holder.text;
    }
  }
  types += lines(scope.enums, printEnum);
  return { types, extends: scope.extends.filter((extend) => !withGroups.includes(extend)) };
}

function groupsOf(fields: readonly FieldNode[]): MessageNode[] {
  return fields.flatMap((field) => field.group === null ? [] : [field.group]);
}

function printMessage(message: MessageNode): string {
  return block(
    `${printVisibility(message.visibility)}message ${message.name}`,
    sectionsOf(message),
  );
}

function sectionsOf(message: MessageNode): string[] {
  const groups = message.fields.filter((field) => field.group !== null)
    .map((field) => ({ text: printField(field), groups: groupsOf([field]) }));
  const oneofs = message.oneofs.filter((oneof) => groupsOf(oneof.fields).length > 0)
    .map((oneof) => ({ text: printOneof(oneof), groups: groupsOf(oneof.fields) }));
  const { types, extends: rest } = printTypes(message, [...groups, ...oneofs]);
  return [
    lines(message.reserved, printReserved),
    lines(message.options, printOptionStatement),
    lines(message.fields.filter((field) => field.group === null), printField),
    lines(message.oneofs.filter((oneof) => groupsOf(oneof.fields).length === 0), printOneof),
    lines(
      message.extensions,
      ({ ranges, options }) =>
        `extensions ${ranges.map(printRange).join(", ")}${printOptionList(options)};\n`,
    ),
    types,
    lines(rest, printExtend),
  ];
}

function printVisibility(visibility: Visibility): string {
  return visibility === null ? "" : `${visibility} `;
}

function printReserved({ ranges, names, quoted }: ReservedNode): string {
  const items = names.length > 0
    ? names.map((name) => quoted ? quote(ENCODER.encode(name)) : name)
    : ranges.map(printRange);
  return `reserved ${items.join(", ")};\n`;
}

function printRange({ start, end }: NumberRange): string {
  return start === end ? `${start}` : `${start} to ${end}`;
}

function printField(field: FieldNode): string {
  const label = field.label === null ? "" : `${field.label} `;
  const tail = ` = ${field.number}${printOptionList(field.options)}`;
  if (field.group !== null) {
    return block(`${label}group ${field.group.name}${tail}`, sectionsOf(field.group));
  }
  const type = field.mapKey === null ? field.type : `map<${field.mapKey}, ${field.type}>`;
  return `${label}${type} ${field.name}${tail};\n`;
}

function printOneof({ name, options, fields }: OneofNode): string {
  const plain = fields.filter((field) => field.group === null);
  const groups = fields.filter((field) => field.group !== null);
  return block(`oneof ${name}`, [
    lines(options, printOptionStatement),
    lines(plain, printField),
    lines(groups, printField),
  ]);
}

function printExtend({ extendee, fields }: ExtendNode): string {
  return block(`extend ${extendee}`, [lines(fields, printField)]);
}

function printEnum({ name, visibility, options, values, reserved }: EnumNode): string {
  return block(`${printVisibility(visibility)}enum ${name}`, [
    lines(reserved, printReserved) + lines(options, printOptionStatement) +
    lines(values, (value) => `${value.name} = ${value.number}${printOptionList(value.options)};\n`),
  ]);
}

function printService({ name, options, methods }: ServiceNode): string {
  return block(`service ${name}`, [
    lines(options, printOptionStatement),
    lines(methods, (method) => {
      const input = `${method.inputStream ? "stream " : ""}${method.input}`;
      const output = `${method.outputStream ? "stream " : ""}${method.output}`;
      const head = `rpc ${method.name} (${input}) returns (${output})`;
      if (method.options.length === 0) return `${head};\n`;
      return `${head} {\n${indent(lines(method.options, printOptionStatement))}};\n`;
    }),
  ]);
}

function printOptionStatement(option: OptionNode): string {
  return `option ${printOption(option)};\n`;
}

/** ` [a = 1]`, and one option per line where there are several. */
function printOptionList(all: readonly OptionNode[]): string {
  if (all.length === 0) return "";
  if (all.length === 1) return ` [${printOption(all[0]!)}]`;
  const rank = (option: OptionNode) =>
    isPlain(option, "default") ? 1 : isPlain(option, "json_name") ? 2 : 0;
  const options = [...all].sort((a, b) => rank(a) - rank(b));
  return ` [\n${indent(options.map(printOption).join(",\n"))}\n]`;
}

/** Whether the option bears this plain name and no other part. */
export function isPlain({ name }: OptionNode, plain: string): boolean {
  return name.length === 1 && name[0]!.name === plain && !name[0]!.extension;
}

/** `(a.b).c`, the way an option is named in a text. */
export function optionName({ name }: OptionNode): string {
  return name.map((part) => part.extension ? `(${part.name})` : part.name).join(".");
}

function printOption(option: OptionNode): string {
  return `${optionName(option)} = ${printValue(option.value)}`;
}

function printValue(value: OptionValue): string {
  switch (value.kind) {
    case "string":
      return quote(value.bytes);
    case "message": {
      const fields = value.fields.map((field) => `${field.name}: ${printValue(field.value)}`);
      return fields.length === 0 ? "{\n}" : `{\n${indent(fields.join(",\n"))}\n}`;
    }
    case "list": {
      if (value.values.length === 0) return "[\n]";
      return `[\n${indent(value.values.map(printValue).join(",\n"))}\n]`;
    }
    default:
      return value.text;
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

/** A string literal: text as it is, bytes that are no UTF-8 in octal escapes. */
function quote(bytes: Uint8Array): string {
  let text: string;
  try {
    text = DECODER.decode(bytes);
  } catch {
    text = "";
    for (const byte of bytes) text += byte < 128 ? escape(String.fromCharCode(byte)) : octal(byte);
    return `"${text}"`;
  }
  return `"${escape(text)}"`;
}

function escape(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f"\\\x7f]/g, (char) => ESCAPES[char] ?? octal(char.charCodeAt(0)));
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
