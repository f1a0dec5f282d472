import type {
  ProtobufField,
  ProtobufFile,
  ProtobufMessage,
  ProtobufSchema,
} from "../../formats/mod.ts";
import type { CompatibilityPolicy, Incompatibility } from "../incompatibility.ts";
import { oneofIncompatibilities } from "./oneofs.ts";

/**
 * What keeps `reader` from reading what `writer` wrote. Fields are matched by number, messages by name. The policy
 * changes nothing: Protobuf has no logical types, and its messages are always open.
 *
 * As registries have it, some differences that no reader would notice stand against it too: another package, a
 * message that is gone, a required field that is gone.
 */
export function protobufIncompatibilities(
  reader: ProtobufSchema,
  writer: ProtobufSchema,
  _policy: CompatibilityPolicy,
): Incompatibility[] {
  return new Comparison().files(reader.file, writer.file);
}

/** Scalars whose encodings read as each other; enums are numbers too. */
const SCALAR_GROUPS: readonly (readonly string[])[] = [
  ["int32", "int64", "uint32", "uint64", "bool", "enum"],
  ["sint32", "sint64"],
  ["string", "bytes"],
  ["fixed32", "sfixed32"],
  ["fixed64", "sfixed64"],
  ["float"],
  ["double"],
];

const SCALAR_GROUP = new Map(
  SCALAR_GROUPS.flatMap((group) => group.map((type) => [type, group] as const)),
);

/** Two messages that are to be compared, and where the reader's stands. */
interface Pair {
  readonly reader: ProtobufMessage;
  readonly writer: ProtobufMessage;
  readonly path: string;
}

class Comparison {
  readonly #found: Incompatibility[] = [];
  readonly #seen = new Map<ProtobufMessage, Set<ProtobufMessage>>();
  // A queue rather than recursion: chains of messages may be long.
  readonly #pairs: Pair[] = [];

  files(reader: ProtobufFile, writer: ProtobufFile): Incompatibility[] {
    const before = writer.node.package ?? "", after = reader.node.package ?? "";
    if (before !== after) {
      this.#add("PACKAGE_CHANGED", "#/", {
        description:
          `The package is "${after}" in the reader's schema and "${before}" in the writer's`,
        additionalInfo: "Types are known by their full names",
      });
    }
    // All that the file declares comes first, so that paths name it there and not where it is used.
    this.#declared(reader.messages, writer.messages, "#");
    for (let at = 0; at < this.#pairs.length; at++) this.#messages(this.#pairs[at]!);
    return this.#found;
  }

  #add(
    errorType: string,
    path: string,
    { description, additionalInfo = "" }: { description: string; additionalInfo?: string },
  ): void {
    this.#found.push({ errorType, path, description, additionalInfo });
  }

  /** Queues a pair unless it is, or was, in the queue. */
  #enqueue(pair: Pair): boolean {
    const seen = this.#seen.get(pair.reader) ?? new Set();
    this.#seen.set(pair.reader, seen);
    if (seen.has(pair.writer)) return false;
    seen.add(pair.writer);
    this.#pairs.push(pair);
    return true;
  }

  /** Messages that stand in the same scope, and those nested in them. */
  #declared(
    readers: readonly ProtobufMessage[],
    writers: readonly ProtobufMessage[],
    path: string,
  ): void {
    const byName = new Map(readers.map((message) => [message.name, message]));
    for (const writer of writers) {
      const reader = byName.get(writer.name);
      const here = `${path}/${writer.name}`;
      if (reader === undefined) {
        // A group's message goes with its field.
        if (isGroup(writer)) continue;
        this.#add("MESSAGE_REMOVED", here, {
          description: `The reader's schema lacks message "${writer.fullName}"`,
        });
      } else if (this.#enqueue({ reader, writer, path: here })) {
        this.#declared(reader.messages, writer.messages, here);
      }
    }
  }

  #messages({ reader, writer, path }: Pair): void {
    for (const before of writer.fields) {
      const after = reader.byNumber.get(before.number);
      const here = `${path}/${before.number}`;
      if (after !== undefined) this.#fields(after, before, here);
      else if (before.required) {
        this.#add("REQUIRED_FIELD_REMOVED", here, {
          description: `The reader's schema lacks field "${before.fullName}", which is required`,
        });
      }
    }
    for (const after of reader.fields) {
      if (after.required && !writer.byNumber.has(after.number)) {
        this.#required(after, `${path}/${after.number}`, "the writer's schema lacks it");
      }
    }
    this.#found.push(...oneofIncompatibilities(reader, writer, path));
  }

  #required(field: ProtobufField, path: string, why: string): void {
    this.#add("REQUIRED_FIELD_ADDED", path, {
      description: `Field "${field.fullName}" is required in the reader's schema, and ${why}`,
      additionalInfo: "Values that were written without it can't be read",
    });
  }

  #fields(after: ProtobufField, before: ProtobufField, path: string): void {
    const kinds = [kindOf(before), kindOf(after)] as const;
    if (kinds[0] !== kinds[1]) {
      this.#add("FIELD_KIND_CHANGED", path, {
        description: `Field "${after.fullName}" is a ${kinds[1]} in the reader's schema ` +
          `and a ${kinds[0]} in the writer's`,
      });
      return;
    }
    if (after.map !== null) {
      this.#types(after.map.key, before.map!.key, path);
      this.#types(after.map.value, before.map!.value, path);
      return;
    }
    this.#types(after, before, path);
    this.#labels(after, before, path);
  }

  #types(after: ProtobufField, before: ProtobufField, path: string): void {
    const kinds = [kindOf(before), kindOf(after)] as const;
    if (kinds[0] !== kinds[1]) {
      this.#add("FIELD_KIND_CHANGED", path, {
        description: `"${after.fullName}" is a ${kinds[1]} in the reader's schema ` +
          `and a ${kinds[0]} in the writer's`,
      });
    } else if (kinds[0] === "scalar") {
      if (SCALAR_GROUP.get(before.type)!.includes(after.type)) return;
      const allowed = SCALAR_GROUP.get(before.type)!.join(", ");
      this.#add("FIELD_SCALAR_KIND_CHANGED", path, {
        description: `"${after.fullName}" is of type ${after.type} in the reader's schema ` +
          `and of type ${before.type} in the writer's`,
        additionalInfo: `What reads it: ${allowed}`,
      });
    } else this.#named(after, before, path);
  }

  #named(after: ProtobufField, before: ProtobufField, path: string): void {
    const names = [typeName(before), typeName(after)] as const;
    if (localName(names[0]) !== localName(names[1])) {
      this.#add("FIELD_NAMED_TYPE_CHANGED", path, {
        description: `"${after.fullName}" is of type "${names[1]}" in the reader's schema ` +
          `and of type "${names[0]}" in the writer's`,
      });
      return;
    }
    const reader = after.message, writer = before.message;
    if (reader === null || writer === null || reader === writer) return;
    if (sameOrigin(reader.file, writer.file)) return;
    if (!this.#enqueue({ reader, writer, path })) return;
    this.#declared(reader.messages, writer.messages, path);
  }

  #labels(after: ProtobufField, before: ProtobufField, path: string): void {
    const labels = [labelOf(before), labelOf(after)] as const;
    if (kindOf(after) === "scalar" && !isText(after) && labels[0] !== null && labels[1] !== null) {
      if (labels[0] === labels[1]) return;
      this.#add("FIELD_NUMERIC_LABEL_CHANGED", path, {
        description: `Field "${after.fullName}" is ${labels[1]} in the reader's schema ` +
          `and ${labels[0]} in the writer's`,
      });
    } else if (after.required && !before.required) {
      this.#required(after, path, "not in the writer's");
    }
  }
}

type Kind = "scalar" | "message" | "group" | "map";

/** What a field's values are; a name that led nowhere is taken for a message's. */
function kindOf(field: ProtobufField): Kind {
  if (field.map !== null) return "map";
  if (field.type === "group") return "group";
  return field.type === "message" || field.type === "unresolved" ? "message" : "scalar";
}

function isText(field: ProtobufField): boolean {
  return field.type === "string" || field.type === "bytes";
}

/** The label as it was written; proto3 and editions need none. */
function labelOf(field: ProtobufField): string | null {
  return field.required ? "required" : field.node?.label ?? null;
}

function typeName(field: ProtobufField): string {
  return field.message?.fullName ?? field.node?.type ?? "";
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function isGroup(message: ProtobufMessage): boolean {
  const fields = message.parent?.fields ?? message.file.extends.flatMap(({ fields }) => fields);
  return fields.some(({ node }) => node?.group != null && node.group === message.node);
}

/** Whether both were taken from the same version of the same subject. */
function sameOrigin(reader: ProtobufFile, writer: ProtobufFile): boolean {
  return reader.origin !== null && writer.origin !== null &&
    reader.origin.subject === writer.origin.subject &&
    reader.origin.version === writer.origin.version;
}
