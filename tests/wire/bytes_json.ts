/** Bytes as conversations write them: text, or a shorthand for what text can't say. */
import {
  type AnyMessage,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  encodeVersioned,
  fromJson,
} from "../../broker/protocol/mod.ts";
import { isObject, jsonText, type JsonValue, numberField } from "./json_text.ts";

/** Messages that stand inside a `bytes` field behind their version. */
const INNER_MESSAGES: readonly AnyMessage[] = [
  consumerProtocolAssignment,
  consumerProtocolSubscription,
];

/** Bytes from a shorthand: text, `{"hex"}`, `{"utf8"}`, `{"base64"}`, `{"repeat","times"}`, `{"message"}`. */
export function bytesFrom(value: JsonValue): Uint8Array {
  const encoder = new TextEncoder();
  if (!isObject(value)) return encoder.encode(String(value));
  if (typeof value.hex === "string") return Uint8Array.fromHex(value.hex);
  if (typeof value.utf8 === "string") return encoder.encode(value.utf8);
  if (typeof value.base64 === "string") return Uint8Array.fromBase64(value.base64);
  if (typeof value.repeat === "string") {
    return encoder.encode(value.repeat.repeat(numberField(value, "times", 1)));
  }
  const inner = INNER_MESSAGES.find(({ name }) => name === value.message);
  if (inner === undefined) throw new Error(`${jsonText(value)} stands for no bytes`);
  const version = numberField(value, "version", 0);
  const body = fromJson(inner, version, value.body ?? {});
  return encodeVersioned(inner, version, body as never);
}
