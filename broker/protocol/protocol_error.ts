/**
 * Bytes that are not what the protocol says, or a value that it cannot express. The message names
 * what was read or written, the value met and what is allowed.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
