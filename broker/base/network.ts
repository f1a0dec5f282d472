/** One accepted connection: bytes in, bytes out. */
export interface Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
  /** Reads some bytes into `buffer`; resolves to their number, or null when the peer has closed. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes all of `bytes`; resolves when the operating system has taken them. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes both directions; pending reads and writes fail or end. Calling it again does nothing. */
  close(): void;
}

/** A listening socket. */
export interface Listener {
  readonly host: string;
  /** The port in use; the one the system chose when 0 was asked for. */
  readonly port: number;
  /** The next connection, or null once the listener is closed. */
  accept(): Promise<Connection | null>;
  close(): void;
}

/** Sockets as rooms may reach them. */
export interface Network {
  /** Throws an `Error` that names the address when it can't be bound. */
  listen(address: { readonly host: string; readonly port: number }): Listener;
}

class SystemConnection implements Connection {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly #socket: Deno.TcpConn;
  #closed = false;

  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    this.remoteHost = socket.remoteAddr.hostname;
    this.remotePort = socket.remoteAddr.port;
    socket.setNoDelay(true);
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#socket.read(buffer);
  }

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await this.#socket.write(rest));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}

class SystemListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly #socket: Deno.TcpListener;
  #closed = false;

  constructor(socket: Deno.TcpListener) {
    this.#socket = socket;
    this.host = socket.addr.hostname;
    this.port = socket.addr.port;
  }

  async accept(): Promise<Connection | null> {
    while (!this.#closed) {
      try {
        return new SystemConnection(await this.#socket.accept());
      } catch (error) {
        if (this.#closed) return null;
        // A peer that gave up while it waited is not an error of the listener.
        if (error instanceof Deno.errors.ConnectionReset) continue;
        if (error instanceof Deno.errors.ConnectionAborted) continue;
        throw error;
      }
    }
    return null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }
}

/** The machine's TCP sockets. */
export const systemNetwork: Network = {
  listen({ host, port }) {
    try {
      return new SystemListener(Deno.listen({ hostname: host, port }));
    } catch (cause) {
      const reason = cause instanceof Deno.errors.AddrInUse
        ? "another program listens there"
        : cause instanceof Error
        ? cause.message
        : String(cause);
      throw new Error(`Cannot listen on ${host}:${port}: ${reason}`, { cause });
    }
  },
};
