import {
  type AnyApi,
  type Decoded,
  errorCodes,
  errorName,
  findCoordinator,
  make,
  metadata,
  type RequestOf,
  type ResponseOf,
  ZERO_UUID,
} from "../../broker/protocol/mod.ts";
import { codeToRetry, CONTROLLER_CODES, COORDINATOR_CODES } from "./answer_codes.ts";
import { Backoff, pause } from "./backoff.ts";
import type { BrokerConnection } from "./broker_connection.ts";
import { closedError, ConnectionPool } from "./connection_pool.ts";
import { asKafkaError, KafkaError, throwOnCode } from "./kafka_error.ts";
import {
  type Cluster,
  MetadataCache,
  type MetadataOptions,
  type TopicInfo,
} from "./metadata_cache.ts";
import type { SaslSettings, TlsSettings } from "./security.ts";
import { formatServerAddress, parseServerAddress, type ServerAddress } from "./server_address.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 30_000;
const METADATA_MAX_AGE_MS = 5 * 60_000;
const CONNECTIONS_MAX = 1024;
const RETRY_BACKOFF_MS = 50;
const RETRY_BACKOFF_MAX_MS = 1000;
/** Coordinators that are remembered; behind them the oldest is forgotten. */
const COORDINATORS_MAX = 10_000;

/** Tells what happens, one event a call; any of the services' loggers serves. */
export interface KafkaLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** How a cluster is reached; {@linkcode clientOptions} reads it from Kafka's own option names. */
export interface KafkaClientOptions {
  /** `host:port` of any brokers of the cluster. */
  readonly bootstrap: readonly string[];
  readonly clientId: string;
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
  /** How long a broker may take for a connection, its authentication included; default 10 s. */
  readonly connectTimeoutMs?: number;
  /** How long one answer may take; default 30 s. */
  readonly requestTimeoutMs?: number;
  /** How long a call is tried in all; default 30 s. */
  readonly callTimeoutMs?: number;
  /** How old the cached view of the cluster may be; default 5 minutes. */
  readonly metadataMaxAgeMs?: number;
  /** Connections to all brokers together; default 1024. */
  readonly connectionsMax?: number;
  readonly logger?: KafkaLogger;
}

/** Which broker a request is for. */
export type Target =
  /** The least busy one that is connected. */
  | "any"
  /** The one that the cluster names as its controller. */
  | "controller"
  | { readonly broker: number }
  /** The coordinator of a group. */
  | { readonly group: string }
  /** The coordinator of a transactional id. */
  | { readonly transactionalId: string };

/** How a call is made. */
export interface CallOptions {
  /** Default: any broker. */
  readonly to?: Target;
  /** The highest version to use although both sides know higher ones. */
  readonly versionMax?: number;
  /** The lowest version that means what is asked; UNSUPPORTED_VERSION where the broker is older. */
  readonly versionMin?: number;
  /** How long it is tried in all; default: the client's. */
  readonly timeoutMs?: number;
  /** How long one answer may take; default: the client's. */
  readonly requestTimeoutMs?: number;
  /**
   * Default true: what may pass (a lost connection, a retriable code on top of the answer, a
   * coordinator or controller that moved) is tried again until the time is over. False: one try.
   */
  readonly retry?: boolean;
  /**
   * The broker may hold back the answer (a long poll, a join): the request gets a connection that
   * nothing else waits on. Default false.
   */
  readonly parks?: boolean;
}

/**
 * A cluster as its brokers' protocol shows it. One client serves a whole process: it holds the
 * connections, the cached view of the cluster and the coordinators, and finds the right broker for
 * each call.
 *
 * ```ts
 * const client = new KafkaClient({ bootstrap: ["localhost:9092"], clientId: "rest" });
 * const answer = await client.call(listGroups, make(listGroups.request, {}));
 * ```
 */
export class KafkaClient {
  readonly #bootstrap: readonly ServerAddress[];
  readonly #options: KafkaClientOptions;
  readonly #requestTimeoutMs: number;
  readonly #callTimeoutMs: number;
  readonly #pool: ConnectionPool;
  readonly #metadata: MetadataCache;
  readonly #coordinators = new Map<string, number>();
  readonly #closing = new AbortController();

  /** Throws an Error that names a bootstrap server which is none. Nothing is connected yet. */
  constructor(options: KafkaClientOptions) {
    this.#options = options;
    this.#bootstrap = options.bootstrap.map(parseServerAddress);
    if (this.#bootstrap.length === 0) throw new Error("Cannot reach Kafka: no bootstrap server");
    this.#requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#callTimeoutMs = options.callTimeoutMs ?? CALL_TIMEOUT_MS;
    this.#pool = new ConnectionPool({
      clientId: options.clientId,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      tls: options.tls ?? null,
      sasl: options.sasl ?? null,
    }, options.connectionsMax ?? CONNECTIONS_MAX);
    this.#metadata = new MetadataCache(
      (topics, allowAutoTopicCreation) => this.#queryMetadata(topics, allowAutoTopicCreation),
      options.metadataMaxAgeMs ?? METADATA_MAX_AGE_MS,
    );
  }

  get clientId(): string {
    return this.#options.clientId;
  }

  /** How long one answer may take. */
  get requestTimeoutMs(): number {
    return this.#requestTimeoutMs;
  }

  /** Aborts when the client is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Connections that are open. */
  get connectionCount(): number {
    return this.#pool.size;
  }

  /**
   * Sends a request and resolves to the answer, in the highest version that both sides know. Byte
   * fields are views of what was received. Error codes inside of the answer are the caller's to read;
   * those that pass by themselves are tried again, see {@linkcode CallOptions.retry}, and handed over
   * when the time is over. Rejects with {@linkcode KafkaError}.
   */
  async call<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: CallOptions = {},
  ): Promise<Decoded<ResponseOf<A>>> {
    const { to = "any", retry = true, timeoutMs = this.#callTimeoutMs } = options;
    const deadlineMs = performance.now() + timeoutMs;
    const backoff = new Backoff(RETRY_BACKOFF_MS, RETRY_BACKOFF_MAX_MS);
    for (;;) {
      let settle: () => Decoded<ResponseOf<A>>;
      try {
        const answer = await this.#callOnce(api, body, options, deadlineMs);
        const code = codeToRetry(answer, codesToRetry(to));
        if (code === errorCodes.NONE) return answer;
        this.#forget(to);
        this.#options.logger?.debug(`${api.name} is answered with ${errorName(code)}`);
        settle = () => answer;
      } catch (thrown) {
        const error = asKafkaError(thrown);
        if (!error.retriable || this.closed.aborted) throw error;
        this.#forget(to);
        this.#options.logger?.debug(`${api.name} failed: ${error.message}`);
        settle = () => {
          throw error;
        };
      }
      const delayMs = backoff.nextMs();
      if (!retry || performance.now() + delayMs >= deadlineMs) return settle();
      await pause(delayMs, this.closed);
      if (this.closed.aborted) throw closedError();
    }
  }

  /**
   * The cluster and these topics (null: all of them), from the cache when it is young enough. Unknown
   * topics are in the answer with their error code.
   */
  metadata(topics: readonly string[] | null = [], options: MetadataOptions = {}): Promise<Cluster> {
    return this.#metadata.lookup(topics, options);
  }

  /**
   * The topic as it was last told, if {@linkcode metadata} has asked for it; when that is long ago, it
   * is asked for again on the way, and what is known serves until then.
   */
  cachedTopic(name: string): TopicInfo | null {
    const fresh = this.#metadata.topic(name);
    if (fresh !== null) return fresh;
    const old = this.#metadata.topic(name, Infinity);
    if (old !== null) this.metadata([name]).catch(() => {});
    return old;
  }

  /** Makes the next look at a topic ask a broker, since an answer contradicted what is cached. */
  forgetTopic(name: string): void {
    this.#metadata.forget(name);
  }

  /**
   * The topic, existing and with its partitions. Rejects with UNKNOWN_TOPIC_OR_PARTITION and the like
   * as the broker says.
   */
  async topic(name: string, options: MetadataOptions = {}): Promise<TopicInfo> {
    const { topics } = await this.metadata([name], options);
    const topic = topics.get(name);
    throwOnCode(
      topic?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      `Cannot use topic "${name}"`,
    );
    return topic!;
  }

  /**
   * The broker that leads a partition. Rejects with UNKNOWN_TOPIC_OR_PARTITION or
   * LEADER_NOT_AVAILABLE, both retriable.
   */
  async leaderOf(topic: string, partition: number): Promise<number> {
    const cached = this.#metadata.topic(topic);
    const info = cached ?? await this.topic(topic);
    const found = info.partitions[partition];
    if (found === undefined) {
      this.forgetTopic(topic);
      throw new KafkaError(
        errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
        `Cannot use partition ${partition} of topic "${topic}": it has ${info.partitions.length}`,
      );
    }
    if (found.leader >= 0) return found.leader;
    this.forgetTopic(topic);
    throw new KafkaError(
      errorCodes.LEADER_NOT_AVAILABLE,
      `Partition ${partition} of topic "${topic}" has no leader`,
    );
  }

  /** Ends all connections; calls under way and later ones are refused. */
  close(): Promise<void> {
    this.#closing.abort();
    this.#pool.close();
    return Promise.resolve();
  }

  async #callOnce<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: CallOptions,
    deadlineMs: number,
  ): Promise<Decoded<ResponseOf<A>>> {
    if (this.closed.aborted) throw closedError();
    const connection = await this.#connectionInTime(options, deadlineMs);
    try {
      const leftMs = deadlineMs - performance.now();
      const timeoutMs = Math.min(options.requestTimeoutMs ?? this.#requestTimeoutMs, leftMs);
      return await connection.send(api, body, {
        timeoutMs: Math.max(1, Math.round(timeoutMs)),
        ...(options.versionMin === undefined ? {} : { versionMin: options.versionMin }),
        ...(options.versionMax === undefined ? {} : { versionMax: options.versionMax }),
      });
    } finally {
      if (options.parks) this.#pool.giveBack(connection);
    }
  }

  /** The connection for a call, or REQUEST_TIMED_OUT when it is not there before the deadline. */
  async #connectionInTime(options: CallOptions, deadlineMs: number): Promise<BrokerConnection> {
    const { to = "any", parks = false } = options;
    const open = parks ? null : this.#openedFor(to);
    if (open !== null) return open;
    const opening = this.#addressOf(to, deadlineMs).then((address) =>
      this.#connect(address, parks)
    );
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      if (parks) opening.then((connection) => this.#pool.giveBack(connection), () => {});
      late.reject(
        new KafkaError(errorCodes.REQUEST_TIMED_OUT, "No broker could be reached in time"),
      );
    }, Math.max(0, deadlineMs - performance.now()));
    try {
      return await Promise.race([opening, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The shared connection for a call if it is open: the usual case, without a wait. */
  #openedFor(to: Target): BrokerConnection | null {
    if (to === "any") {
      const known = this.#metadata.brokers;
      return this.#leastBusy(known.length > 0 ? known : this.#bootstrap);
    }
    const id = to === "controller"
      ? this.#metadata.controllerId
      : "broker" in to
      ? to.broker
      : this.#coordinators.get("group" in to ? `0${to.group}` : `1${to.transactionalId}`) ?? -1;
    const broker = this.#metadata.broker(id);
    return broker === null ? null : this.#pool.opened(broker);
  }

  /** Null: whichever broker can be reached. */
  async #addressOf(to: Target, deadlineMs: number): Promise<ServerAddress | null> {
    if (to === "any") return null;
    if (to === "controller") {
      if (this.#metadata.controllerId < 0) await this.metadata([]);
      return this.#metadata.broker(this.#metadata.controllerId);
    }
    if ("broker" in to) return await this.#brokerAddress(to.broker);
    const name = "group" in to ? to.group : to.transactionalId;
    return await this.#coordinatorAddress("group" in to ? 0 : 1, name, deadlineMs);
  }

  async #brokerAddress(id: number): Promise<ServerAddress> {
    const known = this.#metadata.broker(id);
    if (known !== null) return known;
    await this.metadata([], { maxAgeMs: 0 });
    const broker = this.#metadata.broker(id);
    if (broker !== null) return broker;
    throw new KafkaError(
      errorCodes.BROKER_NOT_AVAILABLE,
      `Broker ${id} isn't in the cluster at the moment; there are ` +
        this.#metadata.brokers.map((other) => other.id).join(", "),
      { retriable: true },
    );
  }

  async #coordinatorAddress(
    keyType: 0 | 1,
    name: string,
    deadlineMs: number,
  ): Promise<ServerAddress> {
    const key = `${keyType}${name}`;
    const known = this.#metadata.broker(this.#coordinators.get(key) ?? -1);
    if (known !== null) return known;
    const answer = await this.call(
      findCoordinator,
      make(findCoordinator.request, { key: name, keyType, coordinatorKeys: [name] }),
      { retry: false, timeoutMs: Math.max(1, deadlineMs - performance.now()) },
    );
    const found = answer.coordinators[0] ?? answer;
    throwOnCode(found.errorCode, `Cannot find the coordinator of "${name}"`, found.errorMessage);
    const { nodeId: id, host, port } = found;
    if (this.#metadata.broker(id) === null) this.#metadata.learn({ id, host, port, rack: null });
    this.#coordinators.delete(key);
    this.#coordinators.set(key, id);
    if (this.#coordinators.size > COORDINATORS_MAX) {
      this.#coordinators.delete(this.#coordinators.keys().next().value!);
    }
    return { host, port };
  }

  #connect(address: ServerAddress | null, isAlone: boolean): Promise<BrokerConnection> {
    if (address === null) return this.#connectToAny(isAlone);
    return isAlone ? this.#pool.borrow(address) : this.#pool.shared(address);
  }

  async #connectToAny(isAlone: boolean): Promise<BrokerConnection> {
    const known: readonly ServerAddress[] = this.#metadata.brokers;
    const problems: KafkaError[] = [];
    for (const address of [...shuffled(known), ...this.#bootstrap]) {
      try {
        return await (isAlone ? this.#pool.borrow(address) : this.#pool.shared(address));
      } catch (error) {
        const problem = asKafkaError(error);
        if (!problem.retriable) throw problem;
        if (!problems.some(({ message }) => message === problem.message)) problems.push(problem);
      }
    }
    const addresses = this.#bootstrap.map(formatServerAddress).join(", ");
    throw new KafkaError(
      errorCodes.BROKER_NOT_AVAILABLE,
      `No broker of ${addresses} can be reached. ` +
        problems.map(({ message }) => message).join("; "),
      { retriable: true, cause: problems[0] },
    );
  }

  #leastBusy(addresses: readonly ServerAddress[]): BrokerConnection | null {
    let best: BrokerConnection | null = null;
    for (const address of addresses) {
      const open = this.#pool.opened(address);
      if (open !== null && (best === null || open.inFlight < best.inFlight)) best = open;
    }
    return best;
  }

  /** What was known about the target has led nowhere. */
  #forget(to: Target): void {
    if (to === "any") return;
    if (to === "controller" || "broker" in to) {
      // Its address may have changed: ask, but let the next try not wait for it.
      this.metadata([], { maxAgeMs: 1000 }).catch(() => {});
      return;
    }
    this.#coordinators.delete("group" in to ? `0${to.group}` : `1${to.transactionalId}`);
  }

  #queryMetadata(topics: readonly string[] | null, allowAutoTopicCreation: boolean) {
    const body = make(metadata.request, { allowAutoTopicCreation });
    body.topics = topics?.map((name) => ({ topicId: ZERO_UUID, name })) ?? null;
    return this.call(metadata, body);
  }
}

function codesToRetry(to: Target): ReadonlySet<number> | undefined {
  if (typeof to === "string") return to === "controller" ? CONTROLLER_CODES : undefined;
  return "broker" in to ? undefined : COORDINATOR_CODES;
}

function shuffled(brokers: readonly ServerAddress[]): readonly ServerAddress[] {
  if (brokers.length < 2) return brokers;
  const start = Math.floor(Math.random() * brokers.length);
  return [...brokers.slice(start), ...brokers.slice(0, start)];
}
