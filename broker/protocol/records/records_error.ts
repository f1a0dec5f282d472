/**
 * The error codes that checking and reading record batches can end in, by Kafka's names. They are
 * rows of the one table in `broker/protocol/errors.ts`.
 */
export const UNKNOWN_SERVER_ERROR = -1;
export const CORRUPT_MESSAGE = 2;
export const MESSAGE_TOO_LARGE = 10;
export const INVALID_TIMESTAMP = 32;
export const UNSUPPORTED_FOR_MESSAGE_FORMAT = 43;
export const UNSUPPORTED_COMPRESSION_TYPE = 76;
export const INVALID_RECORD = 87;

/**
 * Bytes that should hold record batches and don't: a wrong length, checksum, count or varint, or a
 * compressed stream that is broken or too large. `errorCode` is what Kafka answers for it.
 */
export class RecordsError extends Error {
  override readonly name = "RecordsError";

  constructor(readonly errorCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
