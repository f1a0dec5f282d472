import { type Clock, type Connection, DiskError } from "../base/mod.ts";
import type { HandlerLog, RequestConnection } from "../handlers/mod.ts";
import { type EncodedMessage, ProtocolError } from "../protocol/mod.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Idling } from "./idle_wheel.ts";
import { FrameError, ReceiveBuffer } from "./receive_buffer.ts";
import type { ReceiveMemory } from "./receive_memory.ts";
import { type OutputChunks, ResponseQueue } from "./response_queue.ts";

/** When so many bytes of answers wait, they are written before the next request is looked at. */
const GATHERED_BYTES_MAX = 256 * 1024;

/** The socket failed or the peer closed it: nobody is there to be answered. */
class Disconnected extends Error {
  override readonly name = "Disconnected";
}

/** Running totals of a server. */
export interface ServerCounters {
  connectionsOpen: number;
  connectionsAccepted: number;
  connectionsRefused: number;
  requests: number;
  bytesIn: number;
  bytesOut: number;
}

/** What connections of one listener share. */
export interface ConnectionRooms {
  readonly listener: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly log: HandlerLog;
  readonly memory: ReceiveMemory;
  readonly chunks: OutputChunks;
  readonly counters: ServerCounters;
  /** `socket.request.max.bytes`. */
  readonly frameBytesMax: number;
  /** Called once for each connection when its socket is closed. */
  onClosed(connection: ClientConnection): void;
}

/**
 * One client's connection. Requests are taken up one at a time and answered in their order, as Kafka
 * does by muting a channel: while an answer is awaited or being written, nothing is read, so a client
 * that sends much or reads slowly is held by its own socket. Answers to all requests that one read
 * brought are written together.
 */
export class ClientConnection implements RequestConnection, Idling {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly listener: string;
  readonly principal = "User:ANONYMOUS";
  software: { readonly name: string; readonly version: string } | null = null;
  readonly #socket: Connection;
  readonly #rooms: ConnectionRooms;
  readonly #buffer: ReceiveBuffer;
  readonly #responses: ResponseQueue;
  #lastUseMs: number;
  #inRequest = false;
  #draining = false;
  #closed = false;
  #closeReason: string | null = null;
  #cancel: (() => void) | null = null;

  constructor(socket: Connection, rooms: ConnectionRooms) {
    this.#socket = socket;
    this.#rooms = rooms;
    this.remoteHost = socket.remoteHost;
    this.remotePort = socket.remotePort;
    this.listener = rooms.listener;
    this.#buffer = new ReceiveBuffer(rooms.memory, rooms.frameBytesMax);
    this.#responses = new ResponseQueue(rooms.chunks);
    this.#lastUseMs = rooms.clock.monotonicMs();
  }

  /** Serves the connection until either side closes it; never rejects. */
  async run(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      this.#report(error);
    } finally {
      this.abort();
      this.#buffer.release();
    }
  }

  onClose(cancel: () => void): void {
    if (this.#closed) cancel();
    else this.#cancel = cancel;
  }

  close(reason: string): void {
    this.#closeReason ??= reason;
  }

  /** Closes as soon as the request under way is answered; at once when there is none. */
  drain(): void {
    this.#draining = true;
    if (!this.#inRequest) this.abort();
  }

  /** Closes at once; a request that waits in the purgatory is forgotten. */
  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    this.#cancel?.();
    this.#cancel = null;
    this.#rooms.onClosed(this);
  }

  idleSinceMs(nowMs: number): number {
    return this.#inRequest ? nowMs : this.#lastUseMs;
  }

  expire(): void {
    this.abort();
  }

  async #serve(): Promise<void> {
    const { counters, clock } = this.#rooms;
    for (;;) {
      const room = this.#buffer.prepare();
      if (room !== null) await room;
      if (this.#closed) return;
      const byteCount = await this.#read(this.#buffer.room());
      if (byteCount === null || this.#closed) return;
      this.#buffer.received(byteCount);
      counters.bytesIn += byteCount;
      this.#inRequest = true;
      const done = await this.#answerAll();
      this.#inRequest = false;
      this.#lastUseMs = clock.monotonicMs();
      if (done || this.#draining) return;
    }
  }

  /** Answers all whole frames that are there; true when the connection is to be closed. */
  async #answerAll(): Promise<boolean> {
    const { counters, dispatcher } = this.#rooms;
    const responses = this.#responses;
    try {
      for (let frame = this.#buffer.next(); frame !== null; frame = this.#buffer.next()) {
        counters.requests++;
        const answer = dispatcher.dispatch(frame, this);
        if (answer instanceof Promise) {
          await this.#flush();
          this.#push(await answer);
          this.#cancel = null;
        } else {
          this.#push(answer);
        }
        if (this.#closed) return true;
        if (this.#closeReason !== null) break;
        if (responses.sizeBytes >= GATHERED_BYTES_MAX) await this.#flush();
      }
    } finally {
      // What was answered before a bad frame goes out before the connection is closed.
      if (!this.#closed) await this.#flush();
    }
    if (this.#closeReason === null) return false;
    this.#log("info", `Connection closed: ${this.#closeReason}`);
    return true;
  }

  #push(message: EncodedMessage | null): void {
    if (message !== null) this.#responses.push(message);
  }

  async #flush(): Promise<void> {
    const sizeBytes = this.#responses.sizeBytes;
    if (sizeBytes === 0) return;
    await this.#responses.flush((bytes) => this.#write(bytes));
    this.#rooms.counters.bytesOut += sizeBytes;
  }

  async #read(room: Uint8Array): Promise<number | null> {
    try {
      return await this.#socket.read(room);
    } catch (cause) {
      throw new Disconnected("Cannot read from the client", { cause });
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.#socket.write(bytes);
    } catch (cause) {
      throw new Disconnected("Cannot write to the client", { cause });
    }
  }

  #report(error: unknown): void {
    if (this.#closed) return;
    if (error instanceof FrameError) {
      this.#log("warn", `Connection closed: ${describeBadFrame(this.#buffer.peek(8), error)}`);
    } else if (error instanceof ProtocolError) {
      this.#log("warn", `Connection closed, bad request: ${error.message}`);
    } else if (error instanceof DiskError) {
      this.#log("error", `Connection closed, cannot read what was to be sent: ${error.message}`);
    } else if (!(error instanceof Disconnected)) {
      const { remoteHost, remotePort, listener } = this;
      this.#rooms.log.error(
        { remoteHost, remotePort, listener, err: error },
        "Connection closed by an error in the broker",
      );
    }
  }

  #log(level: "info" | "warn" | "error", message: string): void {
    const { remoteHost, remotePort, listener } = this;
    this.#rooms.log[level]({ remoteHost, remotePort, listener }, message);
  }
}

const HTTP_STARTS = ["GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "CONN", "PRI "];

/** Says what a peer may have meant whose first four bytes are no frame length. */
function describeBadFrame(start: Uint8Array, error: FrameError): string {
  const text = String.fromCharCode(...start.subarray(0, 4));
  if (HTTP_STARTS.includes(text)) {
    return `it speaks HTTP, this listener speaks the Kafka protocol`;
  }
  if (start[0] === 0x16 && start[1] === 0x03) {
    return `it speaks TLS, this listener does not`;
  }
  return error.message;
}
