/** A record does not fit what came before it: the log was not written by one controller at a time. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
}
