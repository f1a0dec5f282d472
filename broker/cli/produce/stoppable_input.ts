/**
 * The chunks of `input` until it ends or `stopped` resolves; what is being read then is left behind.
 */
export async function* untilStopped<T>(
  input: AsyncIterable<T>,
  stopped: Promise<void>,
): AsyncGenerator<T> {
  const chunks = input[Symbol.asyncIterator]();
  const end = stopped.then(() => ({ done: true, value: undefined }) as const);
  while (true) {
    const next = await Promise.race([chunks.next(), end]);
    if (next.done) return;
    yield next.value;
  }
}
