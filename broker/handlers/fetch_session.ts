import { below, type Prng } from "../base/mod.ts";
import { errorCodes, type FetchRequest } from "../protocol/mod.ts";
import {
  CachedPartition,
  type FetchedPartition,
  PartitionList,
  recordsBytes,
} from "./fetch_partitions.ts";

/** Session id of a fetch without session. */
export const NO_SESSION = 0;
/** Epoch with which a client asks for a session. */
export const INITIAL_EPOCH = 0;
/** Epoch with which a client wants none, and ends the one it names. */
export const FINAL_EPOCH = -1;

/** First version that names topics by id (KIP-516). */
const TOPIC_IDS_VERSION = 13;
const EVICTION_MS = 120_000;
/** Kafka shares its slots out among so many parts of the cache. */
const SHARDS = 8;

/** A session: the partitions that a client fetches, so that it need not name them each time (KIP-227). */
interface FetchSession {
  readonly id: number;
  /** Followers' sessions are worth more than consumers'. */
  readonly isPrivileged: boolean;
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  readonly partitions: PartitionList;
  lastUsedMs: number;
  /** The epoch that the next request must carry. */
  epoch: number;
}

/** What one fetch request is about. */
export interface FetchPlan {
  /** NONE, or why the request has no session to go by. */
  readonly errorCode: number;
  /** What is to be read, in this order. */
  readonly partitions: readonly CachedPartition[];
  readonly kind: "sessionless" | "full" | "incremental";
  /** The session of an incremental fetch. */
  readonly session: FetchSession | null;
  /** The epoch that the session must still have when the answer is made. */
  readonly epoch: number;
}

/**
 * How many sessions there can be at `max.incremental.fetch.session.cache.slots`: as in Kafka each of 8
 * parts of the cache has an eighth of the slots, and those left over are of no use.
 */
export function sessionsOfSlots(slots: number): number {
  return slots - slots % SHARDS;
}

/** How {@linkcode FetchSessionCache} is made. */
export interface FetchSessionOptions {
  readonly sessionsMax: number;
  readonly prng: Prng;
}

/**
 * The fetch sessions of a node (KIP-227). When the cache is full a new session takes the place of one
 * that has not been used for two minutes, of a consumer's when it is a follower's, or of a smaller
 * one that is older than two minutes; else the client fetches without.
 */
export class FetchSessionCache {
  readonly #options: FetchSessionOptions;
  /** By id, the one that was used longest ago first. */
  readonly #sessions = new Map<number, FetchSession>();

  constructor(options: FetchSessionOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Partitions over all sessions. */
  get partitionCount(): number {
    let count = 0;
    for (const session of this.#sessions.values()) count += session.partitions.size;
    return count;
  }

  /** Finds or prepares the session that a request goes by. */
  plan(request: FetchRequest, version: number, nowMs: number): FetchPlan {
    const { sessionId, sessionEpoch } = request;
    if (sessionEpoch === INITIAL_EPOCH || sessionEpoch === FINAL_EPOCH) {
      if (sessionId !== NO_SESSION) this.#sessions.delete(sessionId);
      const kind = sessionEpoch === FINAL_EPOCH ? "sessionless" : "full";
      return planOf(kind, requestedPartitions(request, version));
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return refused(errorCodes.FETCH_SESSION_ID_NOT_FOUND);
    if (session.epoch !== sessionEpoch) return refused(errorCodes.INVALID_FETCH_SESSION_EPOCH);
    if (session.usesTopicIds !== version >= TOPIC_IDS_VERSION) {
      return refused(errorCodes.FETCH_SESSION_TOPIC_ID_ERROR);
    }
    const { partitions } = session;
    update(partitions, request, version);
    if (partitions.size === 0) {
      this.#sessions.delete(session.id);
      return planOf("sessionless", []);
    }
    this.#touch(session, nowMs);
    session.epoch = nextEpoch(session.epoch);
    return {
      errorCode: errorCodes.NONE,
      partitions: [...partitions],
      kind: "incremental",
      session,
      epoch: session.epoch,
    };
  }

  /**
   * Settles a plan once its partitions have been read: makes the session that a full fetch asked for,
   * and says which partitions the answer names. `fetched` is in the order of `plan.partitions`.
   */
  settle(
    plan: FetchPlan,
    fetched: readonly FetchedPartition[],
    options: {
      readonly version: number;
      readonly isFollower: boolean;
      readonly nowMs: number;
    },
  ): { readonly errorCode: number; readonly sessionId: number; readonly told: readonly boolean[] } {
    const { errorCode } = plan;
    if (errorCode !== errorCodes.NONE) return { errorCode, sessionId: NO_SESSION, told: [] };
    if (plan.session !== null) return this.#settleIncremental(plan, plan.session, fetched);
    const told = fetched.map(() => true);
    if (plan.kind !== "full") return { errorCode, sessionId: NO_SESSION, told };
    const sessionId = this.#create(plan, fetched, options);
    return { errorCode, sessionId, told };
  }

  #settleIncremental(
    plan: FetchPlan,
    session: FetchSession,
    fetched: readonly FetchedPartition[],
  ): { errorCode: number; sessionId: number; told: boolean[] } {
    const sessionId = session.id;
    if (session.epoch !== plan.epoch) {
      // Another request of this session came meanwhile on another connection.
      return { errorCode: errorCodes.INVALID_FETCH_SESSION_EPOCH, sessionId, told: [] };
    }
    const told = fetched.map((result, index) => {
      const partition = plan.partitions[index]!;
      const tells = partition.noteTold(result);
      // Those that had data go last, so that each gets its turn when an answer is full.
      if (tells && recordsBytes(result) > 0) session.partitions.moveToEnd(partition);
      return tells;
    });
    return { errorCode: errorCodes.NONE, sessionId, told };
  }

  #create(
    plan: FetchPlan,
    fetched: readonly FetchedPartition[],
    options: { version: number; isFollower: boolean; nowMs: number },
  ): number {
    const { nowMs, isFollower } = options;
    if (!this.#makeRoom(isFollower, plan.partitions.length, nowMs)) return NO_SESSION;
    const partitions = new PartitionList();
    for (const [index, partition] of plan.partitions.entries()) {
      partition.noteFirst(fetched[index]!);
      partitions.add(partition);
    }
    const session: FetchSession = {
      id: this.#newId(),
      isPrivileged: isFollower,
      usesTopicIds: options.version >= TOPIC_IDS_VERSION,
      createdMs: nowMs,
      partitions,
      lastUsedMs: nowMs,
      epoch: nextEpoch(INITIAL_EPOCH),
    };
    this.#sessions.set(session.id, session);
    return session.id;
  }

  #newId(): number {
    for (;;) {
      const id = 1 + below(this.#options.prng, 2 ** 31 - 1);
      if (!this.#sessions.has(id)) return id;
    }
  }

  #touch(session: FetchSession, nowMs: number): void {
    session.lastUsedMs = nowMs;
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
  }

  /** Whether one more session fits, an old one having given way if need be. */
  #makeRoom(isPrivileged: boolean, size: number, nowMs: number): boolean {
    if (this.#sessions.size < this.#options.sessionsMax) return true;
    const victim = this.#stale(nowMs) ?? this.#lessWorthy(isPrivileged, size, nowMs);
    if (victim === null) return false;
    this.#sessions.delete(victim.id);
    return true;
  }

  #stale(nowMs: number): FetchSession | null {
    const oldest = this.#sessions.values().next().value;
    return oldest !== undefined && nowMs - oldest.lastUsedMs > EVICTION_MS ? oldest : null;
  }

  /** The least worthy session if it is worth less than the newcomer, else null. */
  #lessWorthy(isPrivileged: boolean, size: number, nowMs: number): FetchSession | null {
    let least: FetchSession | null = null;
    for (const session of this.#sessions.values()) {
      const isOld = nowMs - session.createdMs > EVICTION_MS;
      const isEvictable = isOld || (isPrivileged && !session.isPrivileged);
      if (!isEvictable) continue;
      if (least === null || compareWorth(session, least) < 0) least = session;
    }
    if (least === null) return null;
    const newcomer = { isPrivileged, partitions: { size } };
    return compareWorth(newcomer, least) > 0 ? least : null;
  }
}

type Worth = Pick<FetchSession, "isPrivileged"> & { partitions: { size: number } };

function compareWorth(one: Worth, other: Worth): number {
  if (one.isPrivileged !== other.isPrivileged) return one.isPrivileged ? 1 : -1;
  return one.partitions.size - other.partitions.size;
}

function planOf(kind: "sessionless" | "full", partitions: CachedPartition[]): FetchPlan {
  return { errorCode: errorCodes.NONE, partitions, kind, session: null, epoch: 0 };
}

function refused(errorCode: number): FetchPlan {
  return { errorCode, partitions: [], kind: "sessionless", session: null, epoch: 0 };
}

/** Epochs go from 1 to 2^31 - 1 and start over at 1. */
function nextEpoch(epoch: number): number {
  return epoch >= 2 ** 31 - 1 ? 1 : epoch + 1;
}

/** The partitions that a request names, each once: the last mention counts, in the first's place. */
function requestedPartitions(request: FetchRequest, version: number): CachedPartition[] {
  const list = new PartitionList();
  update(list, request, version);
  return [...list];
}

/** Adds or changes what the request names and drops what it forgets. */
function update(partitions: PartitionList, request: FetchRequest, version: number): void {
  const byId = version >= TOPIC_IDS_VERSION;
  for (const topic of request.topics) {
    const key = byId ? topic.topicId : topic.topic;
    for (const wanted of topic.partitions) {
      const known = partitions.find(key, wanted.partition);
      if (known !== null) known.want(wanted);
      else partitions.add(new CachedPartition(byId ? { id: key } : { name: key }, wanted));
    }
  }
  for (const topic of request.forgottenTopicsData) {
    const key = byId ? topic.topicId : topic.topic;
    for (const partition of topic.partitions) partitions.remove(key, partition);
  }
}
