/** A limit on what a cache holds. */
export interface CacheLimits {
  readonly entries: number;
  /** Sum of the weights, in bytes as the user of the cache reckons them. */
  readonly bytes: number;
}

/** Keeps what was used last, within limits; the rest is forgotten, the longest unused first. */
export class LruCache<V, K extends string | number = string> {
  readonly #limits: CacheLimits;
  /** In the order of last use. */
  readonly #entries = new Map<K, { readonly value: V; readonly weight: number }>();
  #bytes = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** Sum of the weights. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under a key, which counts as used now. */
  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value, unless it alone is heavier than the limit. */
  set(key: K, value: V, weight: number): void {
    const old = this.#entries.get(key);
    if (old !== undefined) this.#drop(key, old.weight);
    if (weight > this.#limits.bytes || this.#limits.entries < 1) return;
    this.#entries.set(key, { value, weight });
    this.#bytes += weight;
    for (const [oldest, { weight: freed }] of this.#entries) {
      if (this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) break;
      this.#drop(oldest, freed);
    }
  }

  #drop(key: K, weight: number): void {
    this.#entries.delete(key);
    this.#bytes -= weight;
  }
}
