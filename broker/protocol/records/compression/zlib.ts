import zlib from "node:zlib";

/** CRC-32 (ISO-HDLC, as in gzip) of `bytes[start, end)`: the checksum of magic 0 and 1. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  return zlib.crc32(bytes.subarray(start, end));
}

/**
 * The bytes of what zlib gives, as a plain array: its `Buffer` is a class of its own, and code that
 * reads both is slower at either.
 */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

/**
 * How much output zlib should take at a time when about `expectedBytes` will come: all of it at once,
 * between 1 KiB (its own 16 KiB double the cost of a small batch) and 1 MiB.
 */
export function chunkBytes(expectedBytes: number): number {
  return Math.min(Math.max(expectedBytes + 64, 1 << 10), 1 << 20);
}

/** True for the error with which zlib stops at its output limit. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
}
