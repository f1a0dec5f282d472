import { errorCodes } from "../../broker/protocol/errors.ts";
import { BrokerConnection } from "./broker_connection.ts";
import { KafkaError } from "./kafka_error.ts";
import { formatServerAddress, type ServerAddress } from "./server_address.ts";
import type { SocketOptions } from "./socket.ts";

/** How long after a failure an address is left alone: doubled by each failure, up to the second. */
const RECONNECT_BACKOFF_MS = 50;
const RECONNECT_BACKOFF_MAX_MS = 1000;
/** Connections that nobody borrows are kept for the next one, this many and this long. */
const IDLE_MAX = 8;
const IDLE_MS = 30_000;

/** What is known of one address. */
interface Place {
  readonly address: ServerAddress;
  /** The connection that all short requests share; also while it is being opened. */
  shared: Promise<BrokerConnection> | null;
  /** Settled {@linkcode shared}, to use without waiting. */
  open: BrokerConnection | null;
  readonly idle: { readonly connection: BrokerConnection; readonly sinceMs: number }[];
  failures: number;
  failure: KafkaError | null;
  /** Until then nothing is tried again. */
  retryAtMs: number;
}

/**
 * The connections of one client, bounded in number. Per broker there is one that all requests share
 * which are answered at once, and as many as are needed for those that the broker may hold back
 * (long polls, joins): a broker answers in order, so on a shared connection they would hold back
 * everything behind them.
 */
export class ConnectionPool {
  readonly #options: SocketOptions;
  readonly #connectionsMax: number;
  readonly #places = new Map<string, Place>();
  readonly #all = new Set<BrokerConnection>();
  #opening = 0;
  #isClosed = false;
  #sweep: ReturnType<typeof setTimeout> | null = null;

  constructor(options: SocketOptions, connectionsMax: number) {
    this.#options = options;
    this.#connectionsMax = connectionsMax;
  }

  /** Connections that are open. */
  get size(): number {
    return this.#all.size;
  }

  /** The shared connection to `address` if it is open now. */
  opened(address: ServerAddress): BrokerConnection | null {
    const connection = this.#places.get(formatServerAddress(address))?.open ?? null;
    return connection !== null && connection.isOpen && !connection.isExpiring ? connection : null;
  }

  /** The shared connection to `address`, opened if need be. Rejects with {@linkcode KafkaError}. */
  shared(address: ServerAddress): Promise<BrokerConnection> {
    const place = this.#place(address);
    if (place.open !== null && (!place.open.isOpen || place.open.isExpiring)) {
      this.#retire(place.open);
      place.open = place.shared = null;
    }
    return place.shared ??= this.#openShared(place);
  }

  /** A connection for the caller alone, who gives it back. Rejects with {@linkcode KafkaError}. */
  async borrow(address: ServerAddress): Promise<BrokerConnection> {
    const place = this.#place(address);
    for (let idle = place.idle.pop(); idle !== undefined; idle = place.idle.pop()) {
      if (idle.connection.isOpen && !idle.connection.isExpiring) return idle.connection;
      idle.connection.close();
    }
    return await this.#open(place);
  }

  /** Takes back what {@linkcode borrow} gave. */
  giveBack(connection: BrokerConnection): void {
    const place = this.#place(connection.address);
    const isUsable = connection.isOpen && connection.inFlight === 0 && !connection.isExpiring;
    if (!isUsable || this.#isClosed || place.idle.length >= IDLE_MAX) return connection.close();
    place.idle.push({ connection, sinceMs: performance.now() });
    this.#sweep ??= setTimeout(() => this.#closeIdle(), IDLE_MS);
  }

  /** Ends all connections; what comes later is refused. */
  close(): void {
    this.#isClosed = true;
    if (this.#sweep !== null) clearTimeout(this.#sweep);
    for (const connection of [...this.#all]) connection.close();
  }

  #place(address: ServerAddress): Place {
    const name = formatServerAddress(address);
    let place = this.#places.get(name);
    if (place === undefined) {
      place = {
        address,
        shared: null,
        open: null,
        idle: [],
        failures: 0,
        failure: null,
        retryAtMs: 0,
      };
      this.#places.set(name, place);
    }
    return place;
  }

  async #openShared(place: Place): Promise<BrokerConnection> {
    try {
      const connection = await this.#open(place);
      place.open = connection;
      return connection;
    } catch (error) {
      place.shared = null;
      throw error;
    }
  }

  async #open(place: Place): Promise<BrokerConnection> {
    if (this.#isClosed) throw closedError();
    if (place.failure !== null && performance.now() < place.retryAtMs) throw place.failure;
    if (this.#all.size + this.#opening >= this.#connectionsMax) {
      throw new KafkaError(
        errorCodes.BROKER_NOT_AVAILABLE,
        `Cannot connect to ${formatServerAddress(place.address)}: ` +
          `${this.#connectionsMax} connections are open already`,
        { retriable: true },
      );
    }
    this.#opening++;
    try {
      const connection = await BrokerConnection.open(place.address, this.#options);
      if (this.#isClosed) {
        connection.close();
        throw closedError();
      }
      this.#all.add(connection);
      connection.onClosed = () => {
        this.#all.delete(connection);
        if (place.open === connection) place.open = place.shared = null;
      };
      // It may have ended before anyone could hear of it.
      if (!connection.isOpen) this.#all.delete(connection);
      place.failures = 0;
      place.failure = null;
      return connection;
    } catch (error) {
      if (error instanceof KafkaError && !this.#isClosed) {
        place.failure = error;
        const backoffMs = RECONNECT_BACKOFF_MS * 2 ** Math.min(place.failures++, 10);
        place.retryAtMs = performance.now() + Math.min(backoffMs, RECONNECT_BACKOFF_MAX_MS);
      }
      throw error;
    } finally {
      this.#opening--;
    }
  }

  /** Closes a connection once the requests on it have their answers. */
  #retire(connection: BrokerConnection): void {
    if (connection.inFlight === 0) return connection.close();
    setTimeout(() => this.#retire(connection), 1000);
  }

  #closeIdle(): void {
    this.#sweep = null;
    const oldestMs = performance.now() - IDLE_MS;
    let left = 0;
    for (const { idle } of this.#places.values()) {
      while (idle.length > 0 && idle[0]!.sinceMs <= oldestMs) idle.shift()!.connection.close();
      left += idle.length;
    }
    if (left > 0) this.#sweep = setTimeout(() => this.#closeIdle(), IDLE_MS);
  }
}

/** What calls get after the client was closed. */
export function closedError(): KafkaError {
  return new KafkaError(errorCodes.NETWORK_EXCEPTION, "The Kafka client is closed", {
    retriable: false,
  });
}
