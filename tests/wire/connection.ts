/** A client's end of a connection that hands over whole answer frames and never waits for ever. */

/** What came of waiting for a frame. */
export type Received =
  | { readonly frame: Uint8Array }
  | { readonly result: "timeout" | "closed" };

const FRAME_BYTES_MAX = 1 << 30;

/** One open connection; a loop of its own reads it into frames. */
export class Connection {
  /** The id that the next request gets. */
  correlationId = 1;
  readonly #socket: Deno.TcpConn;
  readonly #frames: Uint8Array[] = [];
  #isClosed = false;
  #wake: (() => void) | null = null;
  readonly #reading: Promise<void>;

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    socket.setNoDelay(true);
    this.#reading = this.#read();
  }

  /** Connects; rejects with the system's error when nothing listens. */
  static async open(hostname: string, port: number): Promise<Connection> {
    return new Connection(await Deno.connect({ hostname, port }));
  }

  /** Sends bytes; false when the peer has closed. */
  async send(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#socket.write(rest));
      }
      return true;
    } catch {
      return false; // Reset or closed: that is an answer too.
    }
  }

  /** The next frame, without its length. */
  async receive(timeoutMs: number): Promise<Received> {
    const deadline = performance.now() + timeoutMs;
    while (this.#frames.length === 0) {
      if (this.#isClosed) return { result: "closed" };
      const left = deadline - performance.now();
      if (left <= 0) return { result: "timeout" };
      await this.#woken(left);
    }
    return { frame: this.#frames.shift()! };
  }

  /** Closes it and waits until the reading loop has ended. */
  async close(): Promise<void> {
    try {
      this.#socket.close();
    } catch {
      // Closed already.
    }
    await this.#reading;
  }

  #woken(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(): Promise<void> {
    let held = new Uint8Array(0);
    const chunk = new Uint8Array(64 * 1024);
    try {
      for (;;) {
        const count = await this.#socket.read(chunk);
        if (count === null) break;
        const grown = new Uint8Array(held.length + count);
        grown.set(held);
        grown.set(chunk.subarray(0, count), held.length);
        held = this.#cut(grown);
        this.#wake?.();
      }
    } catch {
      // Reset: the same as closed.
    }
    this.#isClosed = true;
    this.#wake?.();
  }

  /** Takes whole frames off the front; gives what is left. */
  #cut(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    let rest = bytes;
    while (rest.length >= 4) {
      const size = new DataView(rest.buffer, rest.byteOffset).getInt32(0);
      if (size < 0 || size > FRAME_BYTES_MAX) throw new Error(`a frame of ${size} bytes`);
      if (rest.length < 4 + size) break;
      this.#frames.push(rest.slice(4, 4 + size));
      rest = rest.subarray(4 + size);
    }
    return rest;
  }
}
