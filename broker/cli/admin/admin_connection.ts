import type { Clock } from "../../base/mod.ts";
import {
  type AnyApi,
  type Decoded,
  errorCodes,
  findCoordinator,
  make,
  metadata,
  type MetadataResponse,
  type RequestOf,
  type ResponseOf,
} from "../../protocol/mod.ts";
import { CommandError } from "../command_error.ts";
import { BrokerConnection, ConnectionError, type SendOptions } from "./broker_connection.ts";
import {
  describeFailure,
  done,
  failed,
  type Failure,
  fanOut,
  isWorthRetrying,
  type Outcome,
  pause,
} from "./fan_out.ts";
import type { ServerAddress } from "./server_address.ts";

/** How a command reaches a cluster. */
export interface AdminOptions {
  /** Any brokers of the cluster; the first that answers is asked. */
  readonly bootstrap: readonly ServerAddress[];
  readonly clientId: string;
  /** How long one answer may take, and how long what may pass by itself is tried again. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** A broker as the cluster tells it. */
export interface BrokerNode extends ServerAddress {
  readonly id: number;
  readonly rack: string | null;
}

/** Partitions of one topic as a group or a list of offsets names them. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The cluster refused; the message says what was asked and why it failed, `code` is Kafka's. */
export class ApiError extends CommandError {
  override readonly name = "ApiError";
  readonly code: number;

  constructor(what: string, outcome: Failure) {
    super(`${what}: ${describeFailure(outcome)}`);
    this.code = outcome.code;
  }
}

const RETRY_PAUSE_MS = 100;
const GROUP_KEY_TYPE = 0;

/**
 * A command's connection to a cluster: finds brokers from the bootstrap list, keeps one connection
 * to each that it needs, routes requests to the controller or a group's coordinator, and tries again
 * where the answer says that it was the wrong one. Whoever opens it closes it.
 */
export class AdminConnection {
  readonly #options: AdminOptions;
  #bootstrap: BrokerConnection;
  readonly #connections = new Map<number, Promise<BrokerConnection>>();
  readonly #coordinators = new Map<string, BrokerNode>();
  #brokers: ReadonlyMap<number, BrokerNode> | null = null;
  #controllerId = -1;
  #reconnecting: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: AdminOptions, bootstrap: BrokerConnection) {
    this.#options = options;
    this.#bootstrap = bootstrap;
  }

  /**
   * Connects to the first address that answers. Rejects with {@linkcode ConnectionError} that names
   * every address and what is wrong with it.
   */
  static async open(options: AdminOptions): Promise<AdminConnection> {
    return new AdminConnection(options, await connectToAny(options.bootstrap, options));
  }

  /** How long one answer may take, and how long attempts are repeated. */
  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /** Time as this connection sees it. */
  get clock(): Clock {
    return this.#options.clock;
  }

  /** `host:port` of the broker that is asked when any will do. */
  get address(): string {
    return this.#bootstrap.address;
  }

  /** Whether the broker that is asked when any will do serves `api`. */
  serves(api: AnyApi): boolean {
    return this.#bootstrap.serves(api);
  }

  /** Closes all connections; calling it again does nothing. */
  close(): void {
    this.#isClosed = true;
    this.#bootstrap.close();
    for (const connection of this.#connections.values()) {
      connection.then((each) => each.close(), () => {});
    }
  }

  /** Asks any broker. Rejects with {@linkcode ConnectionError}. */
  async send<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options?: SendOptions,
  ): Promise<Decoded<ResponseOf<A>>> {
    if (!this.#bootstrap.isOpen) await (this.#reconnecting ??= this.#reconnect());
    return await this.#bootstrap.send(api, body, options);
  }

  /** Asks one broker. Rejects with {@linkcode ConnectionError} when it cannot or is unknown. */
  async sendToNode<A extends AnyApi>(
    nodeId: number,
    api: A,
    body: RequestOf<A>,
    options?: SendOptions,
  ): Promise<Decoded<ResponseOf<A>>> {
    const connection = await this.#connectionTo(nodeId);
    return await connection.send(api, body, options);
  }

  /** The version in which one broker will be asked. Rejects with {@linkcode ConnectionError}. */
  async versionOn(nodeId: number, api: AnyApi, options?: SendOptions): Promise<number> {
    return (await this.#connectionTo(nodeId)).versionOf(api, options);
  }

  /**
   * Asks the controller, or the broker that forwards to it, and again while any of the error codes
   * that `codesOf` finds in the answer says that another attempt may help and time is left.
   */
  async sendToController<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    codesOf: (response: Decoded<ResponseOf<A>>) => Iterable<number>,
  ): Promise<Decoded<ResponseOf<A>>> {
    const deadlineMs = this.clock.monotonicMs() + this.timeoutMs;
    while (true) {
      const response = await this.#askController(api, body);
      const codes = [...codesOf(response)];
      if (!codes.some(isWorthRetrying) || this.clock.monotonicMs() >= deadlineMs) return response;
      await pause(this.clock, RETRY_PAUSE_MS);
      await this.#refreshBrokers();
    }
  }

  /**
   * Asks each group's coordinator, one request per coordinator, until every group has an answer or
   * the time is over. `ask` sends the request and gives the outcome of each group of it.
   */
  forGroups<R>(
    groups: readonly string[],
    ask: (nodeId: number, groups: readonly string[]) => Promise<Map<string, Outcome<R>>>,
  ): Promise<Map<string, Outcome<R>>> {
    return fanOut(groups, {
      locate: (pending) => this.#locateCoordinators(pending),
      ask,
      forget: (pending) => pending.forEach((group) => this.#coordinators.delete(group)),
    }, this.#options);
  }

  /** The coordinator that {@linkcode forGroups} asked for this group last; null before that. */
  coordinatorOf(group: string): BrokerNode | null {
    return this.#coordinators.get(group) ?? null;
  }

  /** All brokers that are up, by id. */
  async brokers(): Promise<ReadonlyMap<number, BrokerNode>> {
    if (this.#brokers === null) await this.#refreshBrokers();
    return this.#brokers!;
  }

  /**
   * Topics by name with their partitions and leaders, all of them for null. Creates none, unless
   * `allowsCreation`: then a broker that creates topics by itself begins to create missing ones.
   */
  async topics(
    names: readonly string[] | null,
    { allowsCreation = false }: { readonly allowsCreation?: boolean } = {},
  ): Promise<MetadataResponse["topics"]> {
    const response = await this.send(
      metadata,
      make(metadata.request, {
        topics: names === null ? null : names.map((name) => ({ name })),
        allowAutoTopicCreation: allowsCreation,
      }),
    );
    this.#takeBrokers(response);
    return response.topics;
  }

  /** A broker that went may come back; those that were heard of may be up meanwhile. */
  async #reconnect(): Promise<void> {
    this.#checkOpen();
    const servers = [...this.#options.bootstrap, ...this.#brokers?.values() ?? []];
    try {
      this.#bootstrap = await connectToAny(servers, this.#options);
    } finally {
      this.#reconnecting = null;
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new ConnectionError("The connection to the cluster is closed");
  }

  async #refreshBrokers(): Promise<void> {
    this.#takeBrokers(await this.send(metadata, make(metadata.request, { topics: [] })));
  }

  #takeBrokers(response: MetadataResponse): void {
    this.#controllerId = response.controllerId;
    this.#brokers = new Map(
      response.brokers.map(({ nodeId, host, port, rack }) => [nodeId, {
        id: nodeId,
        host,
        port,
        rack,
      }]),
    );
  }

  async #askController<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
  ): Promise<Decoded<ResponseOf<A>>> {
    const brokers = await this.brokers();
    return brokers.has(this.#controllerId)
      ? await this.sendToNode(this.#controllerId, api, body)
      : await this.send(api, body);
  }

  async #connectionTo(nodeId: number): Promise<BrokerConnection> {
    this.#checkOpen();
    const known = this.#connections.get(nodeId);
    if (known !== undefined) {
      const connection = await known;
      if (connection.isOpen) return connection;
    }
    const opening = this.#openNode(nodeId);
    this.#connections.set(nodeId, opening);
    opening.catch(() => this.#connections.delete(nodeId));
    return await opening;
  }

  async #openNode(nodeId: number): Promise<BrokerConnection> {
    const node = this.#nodeOf(nodeId) ?? (await this.#refreshBrokers(), this.#nodeOf(nodeId));
    if (node === null) {
      throw new ConnectionError(`Broker ${nodeId} is not among the brokers that are up`);
    }
    return await connectTo(node, this.#options);
  }

  #nodeOf(nodeId: number): BrokerNode | null {
    const known = this.#brokers?.get(nodeId);
    if (known !== undefined) return known;
    // A coordinator's address comes with its id, maybe newer than what Metadata told.
    for (const node of this.#coordinators.values()) if (node.id === nodeId) return node;
    return null;
  }

  async #locateCoordinators(groups: readonly string[]): Promise<Map<string, Outcome<number>>> {
    const places = new Map<string, Outcome<number>>();
    const unknown: string[] = [];
    for (const group of groups) {
      const node = this.#coordinators.get(group);
      if (node === undefined) unknown.push(group);
      else places.set(group, done(node.id));
    }
    if (unknown.length === 0) return places;
    for (const [group, node] of await this.#findCoordinators(unknown)) {
      places.set(group, node.ok ? done(node.value.id) : node);
      if (node.ok) this.#coordinators.set(group, node.value);
    }
    return places;
  }

  async #findCoordinators(groups: readonly string[]): Promise<Map<string, Outcome<BrokerNode>>> {
    // Several keys in one request since version 4 (KIP-699).
    const isBatched = this.#bootstrap.versionOf(findCoordinator) >= 4;
    const found = new Map<string, Outcome<BrokerNode>>();
    for (const keys of isBatched ? [[...groups]] : groups.map((group) => [group])) {
      const response = await this.send(
        findCoordinator,
        make(findCoordinator.request, {
          key: keys[0]!,
          keyType: GROUP_KEY_TYPE,
          coordinatorKeys: keys,
        }),
      );
      const answers = isBatched ? response.coordinators : [{ ...response, key: keys[0]! }];
      for (const { key, nodeId, host, port, errorCode, errorMessage } of answers) {
        found.set(
          key,
          errorCode === errorCodes.NONE
            ? done({ id: nodeId, host, port, rack: null })
            : failed(errorCode, errorMessage),
        );
      }
    }
    return found;
  }
}

async function connectToAny(
  servers: readonly ServerAddress[],
  options: AdminOptions,
): Promise<BrokerConnection> {
  const problems: string[] = [];
  for (const server of servers) {
    try {
      return await connectTo(server, options);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (!problems.includes(error.message)) problems.push(error.message);
    }
  }
  throw new ConnectionError(problems.join("\n"));
}

function connectTo(server: ServerAddress, options: AdminOptions): Promise<BrokerConnection> {
  return BrokerConnection.open(server, {
    clientId: options.clientId,
    requestTimeoutMs: options.timeoutMs,
    clock: options.clock,
  });
}
