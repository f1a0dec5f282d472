import { DatumError } from "../schema.ts";
import type { LinkedFile, LinkedMessage } from "./linked.ts";
import { unzigzag, type WireReader } from "./wire.ts";

/** How deep a list of message indexes may lead. */
const DEPTH_MAX = 64;

/** The list `[0]`, which names the first message, is written as one byte. */
export const FIRST_MESSAGE = Uint8Array.of(0);

/** Reads the zig-zag varints that lead from a file to a message: which of its own, which nested in it ... */
export function readMessageIndexes(reader: WireReader): number[] {
  const count = readIndex(reader);
  if (count === 0) return [0];
  if (count < 0 || count > DEPTH_MAX) {
    throw new DatumError(`a list of ${count} message indexes; allowed: 0 to ${DEPTH_MAX}`);
  }
  const indexes: number[] = [];
  for (let at = 0; at < count; at++) indexes.push(readIndex(reader));
  return indexes;
}

function readIndex(reader: WireReader): number {
  return Number(unzigzag(reader.varint64()));
}

/** The message to which indexes lead. */
export function messageAt(file: LinkedFile, indexes: readonly number[]): LinkedMessage {
  let { messages } = file;
  let message: LinkedMessage | undefined;
  for (const index of indexes) {
    const found: LinkedMessage | undefined = messages[index] ?? pastEntries(message, index);
    if (found === undefined) {
      throw new DatumError(
        `message indexes [${indexes}] lead nowhere: ${message?.fullName ?? "the schema"} ` +
          `has ${messages.length} messages`,
      );
    }
    message = found;
    messages = message.messages;
  }
  return message!;
}

/** Some clients count the entries of maps as nested messages, which come first then. */
function pastEntries(message: LinkedMessage | undefined, index: number): LinkedMessage | undefined {
  if (message === undefined) return undefined;
  const entries = message.fields.filter((field) => field.map !== null).length;
  return message.messages[index - entries];
}
