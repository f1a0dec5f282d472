import type { Clock, Connection, Listener, Network } from "../base/mod.ts";
import type { HandlerLog } from "../handlers/mod.ts";
import { ClientConnection, type ConnectionRooms, type ServerCounters } from "./connection.ts";
import { type ConnectionLimitOptions, ConnectionLimits } from "./connection_limits.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { ListenerRole } from "../protocol/mod.ts";
import { IdleWheel } from "./idle_wheel.ts";
import { ReceiveMemory } from "./receive_memory.ts";
import { OutputChunks } from "./response_queue.ts";

/** One socket to listen on. */
export interface ListenerOptions {
  /** As in `listeners`, such as `PLAINTEXT`. */
  readonly name: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Limits hold for the listeners of one role together: Kafka serves controllers apart. */
  readonly role: ListenerRole;
  /** Serves its requests; broker and controller listeners serve different apis. */
  readonly dispatcher: Dispatcher;
}

/** The limits of a server, named as Kafka's options. */
export interface ServerLimits {
  /** `socket.request.max.bytes`. */
  readonly requestBytesMax: number;
  /** `queued.max.request.bytes`, -1 for the server's own limit. */
  readonly queuedRequestBytesMax: number;
  /** `connections.max.idle.ms`. */
  readonly connectionIdleMs: number;
  /** `max.connections` and its relatives. */
  readonly connections: ConnectionLimitOptions;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: HandlerLog;
  readonly listeners: readonly ListenerOptions[];
  readonly limits: ServerLimits;
}

/** Where a listener can be reached. */
export interface BoundListener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

const QUEUED_REQUEST_BYTES_MAX = 512 * 1024 * 1024;
const KEPT_BYTES_MAX = 32 * 1024 * 1024;
/** After a failed accept (no descriptors left, say) the acceptor rests before the next. */
const ACCEPT_RETRY_MS = 250;

interface Bound {
  readonly options: ListenerOptions;
  readonly socket: Listener;
}

/**
 * Listens, accepts within the connection limits, and closes what has been idle for too long. Each
 * connection runs by itself; `stop()` lets requests under way be answered first.
 */
export class Server {
  readonly counters: ServerCounters = {
    connectionsOpen: 0,
    connectionsAccepted: 0,
    connectionsRefused: 0,
    requests: 0,
    bytesIn: 0,
    bytesOut: 0,
  };
  readonly #options: ServerOptions;
  readonly #limits: ReadonlyMap<ListenerRole, ConnectionLimits>;
  readonly #memory: ReceiveMemory;
  readonly #chunks = new OutputChunks();
  readonly #wheel: IdleWheel;
  readonly #connections = new Map<ClientConnection, Promise<void>>();
  #bound: Bound[] = [];
  #accepting: Promise<void>[] = [];
  #stopping = false;

  constructor(options: ServerOptions) {
    const { clock, limits, listeners } = options;
    this.#options = options;
    const byRole = Map.groupBy(listeners, ({ role }) => role);
    this.#limits = new Map(
      Array.from(byRole, ([role, { length }]) => [
        role,
        new ConnectionLimits(limits.connections, length),
      ]),
    );
    this.#memory = new ReceiveMemory({
      keptBytesMax: KEPT_BYTES_MAX,
      frameBytesMax: limits.queuedRequestBytesMax > 0
        ? limits.queuedRequestBytesMax
        : QUEUED_REQUEST_BYTES_MAX,
    });
    this.#wheel = new IdleWheel(clock, limits.connectionIdleMs);
  }

  /** The sockets that are bound, with the ports that the system chose. */
  get listeners(): readonly BoundListener[] {
    return this.#bound.map(({ options, socket }) => ({
      name: options.name,
      host: options.host,
      port: socket.port,
    }));
  }

  /**
   * Binds the sockets without accepting yet, so that their ports can be registered first. Throws an
   * Error that names the address when one can't be bound; none stays bound then.
   */
  bind(): void {
    try {
      for (const options of this.#options.listeners) {
        const { host, port } = options;
        this.#bound.push({ options, socket: this.#options.network.listen({ host, port }) });
      }
    } catch (error) {
      for (const { socket } of this.#bound) socket.close();
      this.#bound = [];
      throw error;
    }
  }

  /** Holds to other connection limits from here; connections that exceed them stay. */
  updateConnectionLimits(connections: ConnectionLimitOptions): void {
    for (const limits of this.#limits.values()) limits.update(connections);
  }

  /** Accepts connections on the bound sockets from here. */
  start(): void {
    for (const bound of this.#bound) this.#accepting.push(this.#acceptLoop(bound));
  }

  /**
   * Stops accepting, closes connections without a request under way, gives the others `drainMs` to
   * answer theirs, then closes all.
   */
  async stop(drainMs: number): Promise<void> {
    this.#stopping = true;
    for (const { socket } of this.#bound) socket.close();
    for (const limits of this.#limits.values()) limits.wakeAll();
    const running = [...this.#connections];
    for (const [connection] of running) connection.drain();
    const ended = Promise.all(running.map(([, run]) => run));
    const timer = this.#options.clock.schedule(drainMs, () => {
      for (const connection of [...this.#connections.keys()]) connection.abort();
    });
    await ended;
    timer.cancel();
    await Promise.all(this.#accepting);
  }

  async #acceptLoop({ options, socket }: Bound): Promise<void> {
    const { clock, log } = this.#options;
    const limits = this.#limits.get(options.role)!;
    const rooms: ConnectionRooms = {
      listener: options.name,
      dispatcher: options.dispatcher,
      clock,
      log,
      memory: this.#memory,
      chunks: this.#chunks,
      counters: this.counters,
      frameBytesMax: this.#options.limits.requestBytesMax,
      onClosed: (connection) => this.#onClosed(connection, limits, options.name),
    };
    while (!this.#stopping) {
      try {
        const accepted = await socket.accept();
        if (accepted === null) return;
        await this.#admit(accepted, rooms, limits);
      } catch (error) {
        log.error({ listener: options.name, err: error }, "Cannot accept a connection");
        await this.#pause(ACCEPT_RETRY_MS);
      }
    }
  }

  /** Waits until the limits let the connection in, then serves it; or closes it. */
  async #admit(
    accepted: Connection,
    rooms: ConnectionRooms,
    limits: ConnectionLimits,
  ): Promise<void> {
    const { clock, log } = this.#options;
    const { listener } = rooms;
    const delayMs = limits.creationDelayMs(clock.monotonicMs());
    if (delayMs > 0) await this.#pause(delayMs);
    while (limits.isFull(listener) && !this.#stopping) await limits.slotFreed();
    if (this.#stopping) return accepted.close();
    const { remoteHost } = accepted;
    const exceeded = limits.open(remoteHost, listener);
    if (exceeded !== null) {
      this.counters.connectionsRefused++;
      log.warn(
        { listener, remoteHost },
        `Connection closed: ${remoteHost} has ${exceeded} connections, the most that are allowed`,
      );
      return accepted.close();
    }
    this.counters.connectionsAccepted++;
    this.counters.connectionsOpen++;
    const connection = new ClientConnection(accepted, rooms);
    this.#wheel.watch(connection);
    this.#connections.set(connection, connection.run());
  }

  #onClosed(connection: ClientConnection, limits: ConnectionLimits, listener: string): void {
    this.#wheel.unwatch(connection);
    this.#connections.delete(connection);
    limits.close(connection.remoteHost, listener);
    this.counters.connectionsOpen--;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.schedule(ms, resolve));
  }
}
