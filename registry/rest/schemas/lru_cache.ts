/** Keeps what was used last, up to a number of entries and of bytes as its user reckons them. */
export class LruCache<V> {
  readonly #entriesMax: number;
  readonly #bytesMax: number;
  /** In the order of last use. */
  readonly #entries = new Map<string | number, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  constructor(entriesMax: number, bytesMax: number) {
    this.#entriesMax = entriesMax;
    this.#bytesMax = bytesMax;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** What is kept under a key, which counts as used now. */
  get(key: string | number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value in place of an earlier one; not one that is larger than all may be. */
  set(key: string | number, value: V, bytes: number): void {
    this.delete(key);
    if (bytes > this.#bytesMax) return;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax && this.#bytes <= this.#bytesMax) break;
      this.delete(oldest);
    }
  }

  delete(key: string | number): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
