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
