/**
 * Why a key or a value can't be carried: it is no base64; it doesn't fit its schema or can't be written as JSON;
 * bytes are none of the format that they are to be read as.
 */
export type PayloadProblem = "base64" | "conversion" | "bytes";

/** A key or a value that can't be carried; the message says what is wrong with it, as a sentence's end. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly reason: PayloadProblem;

  constructor(reason: PayloadProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
