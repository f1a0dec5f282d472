/** A bug in kafkats: an invariant does not hold. Nothing catches it but the driver that stops its core. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Throws {@linkcode AssertionError} with `message` unless `condition` is true. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a branch that the types rule out; throws {@linkcode AssertionError} when it is reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`Unreachable: ${String(value)}`);
}
