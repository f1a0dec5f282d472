import type { ProtobufField, ProtobufMessage, ProtobufOneof } from "../../formats/mod.ts";
import type { Incompatibility } from "../incompatibility.ts";

/**
 * What oneofs add to two messages. A oneof may come and go as a whole, take in new fields, and be made of one
 * field that stood alone; whatever lets a reader drop a member that a writer set is told.
 */
export function oneofIncompatibilities(
  reader: ProtobufMessage,
  writer: ProtobufMessage,
  path: string,
): Incompatibility[] {
  return [
    ...writer.oneofs.flatMap((oneof) => removedMembers(oneof, reader, path)),
    ...reader.oneofs.flatMap((oneof) => movedMembers(oneof, writer, path)),
  ];
}

/** Members that are gone while the oneof, or another of its members, is still there. */
function removedMembers(
  oneof: ProtobufOneof,
  reader: ProtobufMessage,
  path: string,
): Incompatibility[] {
  const survives = reader.oneofs.some(({ name }) => name === oneof.name) ||
    oneof.fields.some(({ number }) => reader.byNumber.has(number));
  if (!survives) return [];
  return oneof.fields.filter(({ number }) => !reader.byNumber.has(number)).map((field) => ({
    errorType: "ONEOF_FIELD_REMOVED",
    path: `${path}/${oneof.name}/${field.number}`,
    description: `The reader's schema lacks field "${field.name}" of oneof "${oneof.fullName}"`,
    additionalInfo: "A reader can't tell it from a oneof in which nothing is set",
  }));
}

/** Fields of the writer's that the reader put into one oneof, where two of them may be set. */
function movedMembers(
  oneof: ProtobufOneof,
  writer: ProtobufMessage,
  path: string,
): Incompatibility[] {
  const existing = oneof.fields.flatMap(({ number }) => writer.byNumber.get(number) ?? []);
  const alone = existing.filter((field) => field.oneof === null);
  const sources = new Set(existing.flatMap((field) => field.oneof ?? []));
  if (sources.size === 0) {
    if (alone.length < 2) return [];
    return [{
      errorType: "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
      path: `${path}/${oneof.name}`,
      description: `Fields ${list(alone)} became members of oneof "${oneof.fullName}"`,
      additionalInfo: "Values may set several of them, of which a reader keeps the last",
    }];
  }
  // The oneof that lives on in this one: of the same name, else the first.
  const own = [...sources].find(({ name }) => name === oneof.name) ?? [...sources][0]!;
  return existing.filter((field) => field.oneof !== own).map((field) => ({
    errorType: "FIELD_MOVED_TO_EXISTING_ONEOF",
    path: `${path}/${oneof.name}/${field.number}`,
    description: `Field "${field.name}" became a member of oneof "${oneof.fullName}", ` +
      "which had members before",
    additionalInfo: "Values may set it and another member, of which a reader keeps the last",
  }));
}

function list(fields: readonly ProtobufField[]): string {
  return fields.map(({ name }) => `"${name}"`).join(", ");
}
