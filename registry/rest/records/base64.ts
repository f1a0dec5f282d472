import { Buffer } from "node:buffer";
import { PayloadError } from "./payload_error.ts";

const OTHER_LETTERS = /[^A-Za-z0-9+/]/;

/** The bytes of base64 in the standard alphabet, padded (RFC 4648, 4). Throws {@linkcode PayloadError}. */
export function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== "string") {
    throw new PayloadError("base64", `must be a string of base64, not ${kindOf(text)}`);
  }
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = padding === 0 ? text : text.slice(0, -padding);
  if (text.length % 4 !== 0 || OTHER_LETTERS.test(letters)) {
    throw new PayloadError("base64", "is no base64: allowed are A-Z a-z 0-9 + /, padded with =");
  }
  return Buffer.from(text, "base64");
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function kindOf(value: unknown): string {
  return Array.isArray(value)
    ? "an array"
    : value === null
    ? "null"
    : typeof value === "object"
    ? "an object"
    : `a ${typeof value}`;
}
