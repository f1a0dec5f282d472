/** What {@linkcode ReceiveMemory} may hand out, in bytes. */
export interface ReceiveMemoryLimits {
  /** Memory that idle connections may keep between requests, over all connections. */
  readonly keptBytesMax: number;
  /** Memory of frames that are larger than a warm buffer, over all connections. */
  readonly frameBytesMax: number;
}

/** Someone who waits until enough frame memory is free. */
interface Waiter {
  readonly sizeBytes: number;
  readonly resume: () => void;
}

/** Size of a warm buffer: what a busy connection reads into. */
export const WARM_BYTES = 128 * 1024;

const FREE_BUFFERS_MAX = 64;

/**
 * Receive memory of all connections of a node. A connection that waits for its next request holds a
 * buffer of a kilobyte or less of its own; warm buffers come from a free list; frames above that are
 * counted against `frameBytesMax`, and a connection that does not fit waits in the order of asking
 * (what Kafka's `queued.max.request.bytes` does), reading nothing meanwhile.
 */
export class ReceiveMemory {
  readonly #limits: ReceiveMemoryLimits;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #waiting: Waiter[] = [];
  #frameBytes = 0;
  #keptBytes = 0;

  constructor(limits: ReceiveMemoryLimits) {
    this.#limits = limits;
  }

  /** Bytes reserved for large frames now. */
  get frameBytes(): number {
    return this.#frameBytes;
  }

  /** Bytes that connections keep while they wait for a request. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** A buffer of {@linkcode WARM_BYTES}, its content arbitrary. */
  takeWarm(): Uint8Array<ArrayBuffer> {
    return this.#free.pop() ?? new Uint8Array(WARM_BYTES);
  }

  /** Gives a buffer of {@linkcode takeWarm} back; nobody may hold a view into it any more. */
  giveWarm(buffer: Uint8Array<ArrayBuffer>): void {
    if (this.#free.length < FREE_BUFFERS_MAX) this.#free.push(buffer);
  }

  /** Whether a connection may keep `sizeBytes` while it waits; count it off with `unkeep()`. */
  keep(sizeBytes: number): boolean {
    if (this.#keptBytes + sizeBytes > this.#limits.keptBytesMax) return false;
    this.#keptBytes += sizeBytes;
    return true;
  }

  unkeep(sizeBytes: number): void {
    this.#keptBytes -= sizeBytes;
  }

  /**
   * Counts a large frame at once, or returns a promise that resolves when it has been counted. One
   * frame is always let through, so that a frame above the limit can't wait for ever. Either way
   * `release()` follows.
   */
  reserve(sizeBytes: number): Promise<void> | null {
    if (this.#waiting.length === 0 && this.#fits(sizeBytes)) {
      this.#frameBytes += sizeBytes;
      return null;
    }
    return new Promise((resume) => this.#waiting.push({ sizeBytes, resume }));
  }

  /** Counts a reserved frame off and lets those in who waited for the room. */
  release(sizeBytes: number): void {
    this.#frameBytes -= sizeBytes;
    let admitted = 0;
    for (const waiter of this.#waiting) {
      if (!this.#fits(waiter.sizeBytes)) break;
      this.#frameBytes += waiter.sizeBytes;
      admitted++;
      waiter.resume();
    }
    if (admitted > 0) this.#waiting = this.#waiting.slice(admitted);
  }

  #fits(sizeBytes: number): boolean {
    return this.#frameBytes === 0 || this.#frameBytes + sizeBytes <= this.#limits.frameBytesMax;
  }
}
