/** The streams that are open, so that their number has a limit and all end when the service stops. */
export class OpenStreams {
  readonly #max: number;
  readonly #stopping: AbortSignal;
  readonly #open = new Set<() => void>();

  /** `stopping` aborts when the service stops. */
  constructor(max: number, stopping: AbortSignal) {
    this.#max = max;
    this.#stopping = stopping;
    stopping.addEventListener("abort", () => {
      for (const stop of [...this.#open]) stop();
    }, { once: true });
  }

  /** Streams that are open. */
  get count(): number {
    return this.#open.size;
  }

  /** Whether no more may be opened. */
  get isFull(): boolean {
    return this.#open.size >= this.#max;
  }

  /** Counts a stream, which is stopped at once if the service is stopping, until `run` settles. */
  async hold<T>(stop: () => void, run: () => Promise<T>): Promise<T> {
    this.#open.add(stop);
    if (this.#stopping.aborted) stop();
    try {
      return await run();
    } finally {
      this.#open.delete(stop);
    }
  }
}
