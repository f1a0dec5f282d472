/** The limits of `max.connections` and its relatives, which may change while a node runs. */
export interface ConnectionLimitOptions {
  /** `max.connections`: over all listeners. */
  readonly connectionsMax: number;
  /** `listener.name.NAME.max.connections` of the listeners that have one. */
  readonly listenerMax: ReadonlyMap<string, number>;
  /** `max.connections.per.ip`. */
  readonly perIpMax: number;
  /** `max.connections.per.ip.overrides`: host to number. */
  readonly perIpOverrides: ReadonlyMap<string, number>;
  /** `max.connection.creation.rate`: new connections per second over all listeners. */
  readonly creationsPerSecondMax: number;
  /** The listener that brokers use among themselves; with others beside it, it is never full. */
  readonly interBrokerListener: string | null;
}

/**
 * Counts connections as Kafka's quotas do: above `max.connections` an acceptor waits until one
 * closes (not on the inter-broker listener), above the limit of its address a connection is closed at
 * once, and new ones come no faster than `max.connection.creation.rate`.
 */
export class ConnectionLimits {
  #options: ConnectionLimitOptions;
  readonly #listenerCount: number;
  readonly #byHost = new Map<string, number>();
  readonly #byListener = new Map<string, number>();
  #count = 0;
  #waiting: (() => void)[] = [];
  /** When the next connection is due under the creation rate, in monotonic milliseconds. */
  #nextDueMs = -Infinity;

  /** `listenerCount` is the number of listeners of the node. */
  constructor(options: ConnectionLimitOptions, listenerCount: number) {
    this.#options = options;
    this.#listenerCount = listenerCount;
  }

  /** Holds to other limits from here; connections that exceed them stay. */
  update(options: ConnectionLimitOptions): void {
    this.#options = options;
    this.wakeAll();
  }

  /** Connections counted now. */
  get count(): number {
    return this.#count;
  }

  /** Connections counted for an address. */
  countOf(host: string): number {
    return this.#byHost.get(host) ?? 0;
  }

  /** Whether a listener has to wait for one to close. */
  isFull(listener: string): boolean {
    const { connectionsMax, listenerMax, interBrokerListener } = this.#options;
    const ofListener = this.#byListener.get(listener) ?? 0;
    if (ofListener >= (listenerMax.get(listener) ?? Infinity)) return true;
    if (listener === interBrokerListener && this.#listenerCount > 1) return false;
    return this.#count >= connectionsMax;
  }

  /** Resolves when a connection has closed since. */
  slotFreed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Milliseconds to wait until the creation rate allows one more connection, which is counted from
   * here. A second's worth may come at once.
   */
  creationDelayMs(nowMs: number): number {
    const gapMs = 1_000 / this.#options.creationsPerSecondMax;
    const dueMs = Math.max(this.#nextDueMs, nowMs - 1_000);
    this.#nextDueMs = dueMs + gapMs;
    return Math.max(0, Math.ceil(dueMs - nowMs));
  }

  /** Counts a connection; returns the limit of its address if it is one too many, else null. */
  open(host: string, listener: string): number | null {
    const { perIpMax, perIpOverrides } = this.#options;
    const max = perIpOverrides.get(host) ?? perIpMax;
    const ofHost = this.countOf(host);
    if (ofHost >= max) return max;
    this.#byHost.set(host, ofHost + 1);
    this.#byListener.set(listener, (this.#byListener.get(listener) ?? 0) + 1);
    this.#count++;
    return null;
  }

  /** Counts a connection off and wakes those who wait for a slot. */
  close(host: string, listener: string): void {
    const ofHost = this.countOf(host);
    if (ofHost <= 1) this.#byHost.delete(host);
    else this.#byHost.set(host, ofHost - 1);
    this.#byListener.set(listener, this.#byListener.get(listener)! - 1);
    this.#count--;
    this.wakeAll();
  }

  /** Wakes all acceptors that wait, so that they see that limits rose or the server stops. */
  wakeAll(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
