/**
 * A call that a consumer can't serve as it stands: a subscribed one was to be assigned by hand, or a
 * partition was named that it doesn't have.
 */
export class ConsumerStateError extends Error {
  override readonly name = "ConsumerStateError";
}
