import {
  type Decoded,
  errorCodes,
  type MetadataResponse,
  ZERO_UUID,
} from "../../broker/protocol/mod.ts";
import type { ServerAddress } from "./server_address.ts";

/** A broker as the cluster tells it. */
export interface Broker extends ServerAddress {
  readonly id: number;
  readonly rack: string | null;
}

/** A partition as the cluster tells it. */
export interface PartitionInfo {
  readonly partition: number;
  /** NONE, or what is wrong with it, such as LEADER_NOT_AVAILABLE. */
  readonly errorCode: number;
  /** Broker id; -1 when there is none. */
  readonly leader: number;
  /** -1 when the broker doesn't tell. */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offlineReplicas: readonly number[];
}

/** A topic as the cluster tells it. */
export interface TopicInfo {
  readonly name: string;
  /** `ZERO_UUID` when the broker is too old to have one. */
  readonly topicId: string;
  /** NONE, or why there is no more to tell, such as UNKNOWN_TOPIC_OR_PARTITION. */
  readonly errorCode: number;
  readonly isInternal: boolean;
  /** By number, ascending. */
  readonly partitions: readonly PartitionInfo[];
}

/** The cluster as one answer told it. */
export interface Cluster {
  /** Null when the broker is too old to tell. */
  readonly clusterId: string | null;
  /** In KRaft any broker, which passes requests on; -1 when unknown. */
  readonly controllerId: number;
  readonly brokers: readonly Broker[];
  /** The topics that were asked for, the unknown ones with their error code. */
  readonly topics: ReadonlyMap<string, TopicInfo>;
}

/** What a lookup may come from and may do. */
export interface MetadataOptions {
  /** How old a cached answer may be; default: the client's `metadataMaxAgeMs`; 0 asks anew. */
  readonly maxAgeMs?: number;
  /** Let the broker create what is unknown, if it is configured so; default false. */
  readonly allowAutoTopicCreation?: boolean;
}

/** How the cache asks: `topics` null for all. */
export type MetadataQuery = (
  topics: readonly string[] | null,
  allowAutoTopicCreation: boolean,
) => Promise<Decoded<MetadataResponse>>;

/** Lookups that wait for the request before them; all go into one. */
interface Round {
  readonly names: Set<string>;
  isForAll: boolean;
  readonly done: Promise<Cluster>;
}

/** Topics that are remembered; behind them the oldest is forgotten. */
const TOPICS_MAX = 20_000;

interface Entry {
  readonly topic: TopicInfo;
  readonly atMs: number;
}

/**
 * What the cluster looked like when it was last asked. Lookups that miss are put together: one request
 * is under way at a time, and all that is asked meanwhile goes into the next.
 */
export class MetadataCache {
  readonly #query: MetadataQuery;
  readonly #maxAgeMs: number;
  readonly #topics = new Map<string, Entry>();
  readonly #brokers = new Map<number, Broker>();
  #clusterId: string | null = null;
  #controllerId = -1;
  #clusterAtMs = -Infinity;
  /** By whether topics may be created: those are requests of their own. */
  readonly #next = new Map<boolean, Round>();
  readonly #last = new Map<boolean, Promise<unknown>>();

  constructor(query: MetadataQuery, maxAgeMs: number) {
    this.#query = query;
    this.#maxAgeMs = maxAgeMs;
  }

  /** The broker of that id as last told, or null. */
  broker(id: number): Broker | null {
    return this.#brokers.get(id) ?? null;
  }

  /** All brokers as last told. */
  get brokers(): readonly Broker[] {
    return [...this.#brokers.values()];
  }

  get controllerId(): number {
    return this.#controllerId;
  }

  /** The topic if it is cached, without an error and not too old. */
  topic(name: string, maxAgeMs: number = this.#maxAgeMs): TopicInfo | null {
    const entry = this.#topics.get(name);
    return entry !== undefined && entry.atMs + maxAgeMs > performance.now() ? entry.topic : null;
  }

  /** Forgets what is known about a topic, since an answer contradicted it. */
  forget(name: string): void {
    this.#topics.delete(name);
  }

  /** Learns a broker from another answer (KIP-951, FindCoordinator). */
  learn(broker: Broker): void {
    this.#brokers.set(broker.id, broker);
  }

  /** The cluster with these topics, `null` for all, from the cache or from a broker. */
  async lookup(topics: readonly string[] | null, options: MetadataOptions): Promise<Cluster> {
    const { maxAgeMs = this.#maxAgeMs, allowAutoTopicCreation = false } = options;
    if (topics !== null) {
      const cached = this.#cached(topics, maxAgeMs);
      if (cached !== null) return cached;
    }
    const told = await this.#ask(topics, allowAutoTopicCreation && topics !== null);
    if (topics === null || topics.length === told.topics.size) return told;
    const asked = new Map<string, TopicInfo>();
    for (const name of topics) {
      const topic = told.topics.get(name);
      if (topic !== undefined) asked.set(name, topic);
    }
    return { ...told, topics: asked };
  }

  #cached(names: readonly string[], maxAgeMs: number): Cluster | null {
    if (maxAgeMs <= 0 || this.#clusterAtMs + maxAgeMs <= performance.now()) return null;
    const topics = new Map<string, TopicInfo>();
    for (const name of names) {
      const topic = this.topic(name, maxAgeMs);
      if (topic === null) return null;
      topics.set(name, topic);
    }
    return {
      clusterId: this.#clusterId,
      controllerId: this.#controllerId,
      brokers: this.brokers,
      topics,
    };
  }

  #ask(topics: readonly string[] | null, allowAutoTopicCreation: boolean): Promise<Cluster> {
    let round = this.#next.get(allowAutoTopicCreation);
    if (round === undefined) {
      const before = this.#last.get(allowAutoTopicCreation) ?? Promise.resolve();
      const done = before.then(() => this.#run(allowAutoTopicCreation));
      round = { names: new Set(), isForAll: false, done };
      this.#next.set(allowAutoTopicCreation, round);
      this.#last.set(allowAutoTopicCreation, done.catch(() => {}));
    }
    if (topics === null) round.isForAll = true;
    else for (const name of topics) round.names.add(name);
    return round.done;
  }

  async #run(allowAutoTopicCreation: boolean): Promise<Cluster> {
    const { names, isForAll } = this.#next.get(allowAutoTopicCreation)!;
    this.#next.delete(allowAutoTopicCreation);
    const response = await this.#query(isForAll ? null : [...names], allowAutoTopicCreation);
    return this.#take(response);
  }

  #take(response: Decoded<MetadataResponse>): Cluster {
    const nowMs = performance.now();
    this.#clusterId = response.clusterId;
    this.#controllerId = response.controllerId;
    this.#clusterAtMs = nowMs;
    // A broker that starts may know no other yet; what is known then is better than nothing.
    if (response.brokers.length > 0) this.#brokers.clear();
    for (const { nodeId, host, port, rack } of response.brokers) {
      this.#brokers.set(nodeId, { id: nodeId, host, port, rack });
    }
    const topics = new Map<string, TopicInfo>();
    for (const told of response.topics) {
      const topic = topicInfo(told);
      topics.set(topic.name, topic);
      this.#topics.delete(topic.name);
      if (topic.errorCode === errorCodes.NONE) this.#topics.set(topic.name, { topic, atMs: nowMs });
    }
    for (const name of this.#topics.keys()) {
      if (this.#topics.size <= TOPICS_MAX) break;
      this.#topics.delete(name);
    }
    return {
      clusterId: this.#clusterId,
      controllerId: this.#controllerId,
      brokers: this.brokers,
      topics,
    };
  }
}

function topicInfo(told: Decoded<MetadataResponse>["topics"][number]): TopicInfo {
  const partitions = told.partitions.map((partition): PartitionInfo => ({
    partition: partition.partitionIndex,
    errorCode: partition.errorCode,
    leader: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    isr: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
  }));
  partitions.sort((a, b) => a.partition - b.partition);
  return {
    name: told.name ?? "",
    topicId: told.topicId ?? ZERO_UUID,
    errorCode: told.errorCode,
    isInternal: told.isInternal,
    partitions,
  };
}
