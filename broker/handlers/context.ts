import type { Clock } from "../base/mod.ts";
import type { BrokerConfig } from "../config/mod.ts";
import type { AnyApi, ListenerRole, RequestOf, ResponseOf } from "../protocol/mod.ts";
import type { FetchSessionCache } from "./fetch_session.ts";
import type { GroupsRoom } from "./groups_room.ts";
import type { ServedApi } from "./handler.ts";
import type { MetadataRoom } from "./metadata_room.ts";
import type { LogDirectory, ReplicasRoom } from "./replicas_room.ts";
import type { TopicCreation } from "./topic_creation.ts";

/**
 * What handlers need of the rest of the node, as narrow interfaces that the node satisfies: a handler
 * translates between a request and these, and decides nothing that they can decide.
 */

/** Everything that a handler is given besides its request. */
export interface HandlerContext {
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  /** Wall-clock time at which the request was taken up, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly connection: RequestConnection;
  /** Whether the request came to a listener for clients and brokers or to one for controllers. */
  readonly role: ListenerRole;
  /** What the request's listener serves. */
  readonly apis: readonly ServedApi[];
  readonly node: NodeRooms;
}

/** The connection that a request came on. */
export interface RequestConnection {
  readonly remoteHost: string;
  readonly remotePort: number;
  /** Name of the listener, such as `PLAINTEXT`. */
  readonly listener: string;
  /** Who the client is, such as `User:ANONYMOUS`. */
  readonly principal: string;
  /** Name and version that the client told with ApiVersions; null before. */
  software: { readonly name: string; readonly version: string } | null;
  /** Calls `cancel` when the connection closes before the request is answered. */
  onClose(cancel: () => void): void;
  /** Closes the connection once what is answered already has been written. */
  close(reason: string): void;
}

/** The rooms of a node. */
export interface NodeRooms {
  readonly nodeId: number;
  readonly clusterId: string;
  readonly clock: Clock;
  readonly log: HandlerLog;
  /** The configuration of now; it never changes, a dynamic change makes another. */
  config(): BrokerConfig;
  readonly metadata: MetadataRoom;
  readonly replicas: ReplicasRoom;
  readonly purgatory: ParkingRoom;
  readonly controller: ControllerRoom;
  readonly groups: GroupsRoom;
  readonly producerIds: ProducerIdsRoom;
  readonly fetchSessions: FetchSessionCache;
  readonly topicCreation: TopicCreation;
  readonly loggers: LoggersRoom;
  /** The log directories with the replicas in them, for DescribeLogDirs. */
  logDirectories(): readonly LogDirectory[];
}

/** One readable line per event, its facts beside it: what pino's loggers offer. */
export interface HandlerLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The levels of the node's loggers (KIP-412), by Kafka's names. */
export interface LoggersRoom {
  /** Level by logger name; the root's is `root`. */
  levels(): ReadonlyMap<string, string>;
  setLevel(name: string, level: string): void;
}

/** Where requests wait for an event at one of their keys or for their deadline. */
export interface ParkingRoom {
  park(
    delayed: { isReady(key: object): boolean; complete(expired: boolean): void },
    keys: readonly object[],
    timeoutMs: number,
  ): { cancel(): void };
}

/** Who asks the controller, and how long for. */
export interface ControllerRequestContext {
  readonly version: number;
  readonly principal: string;
  readonly clientId: string | null;
  readonly timeoutMs: number;
}

/** The active controller, wherever it is. */
export interface ControllerRoom {
  /**
   * Has the controller serve a request and resolves when what it changed is committed and this node
   * has replayed it. Rejects with a {@linkcode RequestError} when the controller can't be reached.
   */
  submit<A extends AnyApi>(
    api: A,
    request: RequestOf<A>,
    context: ControllerRequestContext,
  ): Promise<ResponseOf<A>>;
}

/** Ids for idempotent producers. */
export interface ProducerIdsRoom {
  /** The next id of this node's block; fetches a new block (AllocateProducerIds) when it is used up. */
  next(): number | Promise<number>;
}

/** A refusal that has no place in the data of an answer: the whole request failed with `errorCode`. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(readonly errorCode: number, message: string) {
    super(message);
  }
}
