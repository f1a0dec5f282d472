/** Waiting before a call is tried again: doubled by each try, a fifth more or less by chance. */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  #tries = 0;

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** Milliseconds to wait this time. */
  nextMs(): number {
    const delayMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#tries++, 16));
    return delayMs * (0.8 + 0.4 * Math.random());
  }

  /** Starts over after a success. */
  reset(): void {
    this.#tries = 0;
  }
}

/** Resolves after `delayMs`, or at once when `signal` aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(end, Math.max(0, delayMs));
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end);
  });
}
