/** Clients that are remembered; behind them the one that was silent longest is forgotten. */
const CLIENTS_MAX = 10_000;

interface Bucket {
  permits: number;
  atMs: number;
}

/** Limits the requests of each client to so many a second, with a second's worth at once (token buckets). */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(permitsPerSecond: number) {
    this.#perSecond = permitsPerSecond;
  }

  /** Takes a permit; gives the milliseconds until there is one again, or 0 when there was. */
  take(client: string, nowMs: number): number {
    const known = this.#buckets.get(client);
    const bucket = known ?? { permits: this.#perSecond, atMs: nowMs };
    const gained = (nowMs - bucket.atMs) / 1000 * this.#perSecond;
    bucket.permits = Math.min(this.#perSecond, bucket.permits + gained);
    bucket.atMs = nowMs;
    // Back to the end, so that the first is the one that was silent longest.
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > CLIENTS_MAX) {
      this.#buckets.delete(this.#buckets.keys().next().value!);
    }
    if (bucket.permits >= 1) {
      bucket.permits -= 1;
      return 0;
    }
    return (1 - bucket.permits) / this.#perSecond * 1000;
  }
}
