import { type DatumCodec, DatumError } from "../schema.ts";
import { JsonToWire } from "./json_to_wire.ts";
import type { LinkedFile } from "./linked.ts";
import { FIRST_MESSAGE, messageAt, readMessageIndexes } from "./message_index.ts";
import { TypesAtHand } from "./types_at_hand.ts";
import { WireError, WireReader } from "./wire.ts";
import { WireToJson } from "./wire_to_json.ts";

/** Values of a file's messages: the first one's are written, any one's are read. */
export function messageCodec(file: LinkedFile): DatumCodec {
  const types = new TypesAtHand(file);
  return {
    encode: (json) => new JsonToWire(types).encode(json, file.messages[0]!, FIRST_MESSAGE),
    decode: (bytes) => {
      try {
        const reader = new WireReader(bytes);
        const message = messageAt(file, readMessageIndexes(reader));
        return new WireToJson(types).message(bytes.subarray(reader.position), message);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        throw new DatumError(`the bytes are no message of the schema: ${error.message}`, {
          cause: error,
        });
      }
    },
  };
}
