import zlib from "node:zlib";
import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";
import { tooLarge } from "./output_buffer.ts";
import { chunkBytes, isTooLarge, plainBytes } from "./zlib.ts";

/** Packs bytes as gzip; `level` is 1-9, or -1 for zlib's default. */
export function compressGzip(input: Uint8Array, level: number): Uint8Array {
  return plainBytes(
    zlib.gzipSync(input, { level, chunkSize: chunkBytes(input.length >>> 1) }),
  );
}

/**
 * Unpacks gzip, of one or several members. Throws a {@linkcode RecordsError} when it is malformed,
 * cut, or holds more than `limitBytes`.
 */
export function decompressGzip(input: Uint8Array, limitBytes: number): Uint8Array {
  // The last four bytes are the size modulo 2^32, of the last member: right nearly always, and a
  // wrong one only costs a few more steps.
  const hint = input.length < 18 ? 0 : new DataView(
    input.buffer,
    input.byteOffset + input.length - 4,
    4,
  ).getUint32(0, true);
  try {
    return plainBytes(
      zlib.gunzipSync(input, { maxOutputLength: limitBytes, chunkSize: chunkBytes(hint) }),
    );
  } catch (cause) {
    if (isTooLarge(cause)) throw tooLarge(limitBytes);
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot unpack gzip stream: it is broken",
      {
        cause,
      },
    );
  }
}
