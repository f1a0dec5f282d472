import {
  errorCodes,
  fetch,
  type FetchRequest,
  type FetchResponse,
  ZERO_UUID,
} from "../protocol/mod.ts";
import { currentLeader, liveNode, type Node } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { type CachedPartition, type FetchedPartition, recordsBytes } from "./fetch_partitions.ts";
import {
  type FetchIsolation,
  fetchLimit,
  type FetchParameters,
  type FetchReading,
  missingError,
  readPartitions,
  unreadPartition,
} from "./fetch_read.ts";
import type { FetchPlan } from "./fetch_session.ts";
import { handler } from "./handler.ts";
import { isIsolationLevel, READ_COMMITTED } from "./isolation_level.ts";
import type { ReplicaPartition } from "./replicas_room.ts";

/** The replica id of a consumer. */
const CONSUMER = -1;
/** First version whose failures are told once, and no longer to each partition. */
const NO_PARTITION_ERRORS_VERSION = 13;

/**
 * Fetch, versions 4 to 18: record data of partitions, for consumers and followers.
 *
 * Behaviour: sessions (KIP-227), topic ids from version 13 (KIP-516), long poll until `minBytes` can
 * be read or `maxWaitMs` are over, the first batch whole whatever the limits say (KIP-74), epoch
 * fencing (KIP-320), divergence by `lastFetchedEpoch` (KIP-595), aborted transactions for
 * read_committed, the current leader for those who asked the wrong node from version 16 (KIP-951).
 *
 * Gaps: no preferred read replica is named (KIP-392: one needs a replica selector), no tiered
 * storage, no throttling. `__cluster_metadata` is fetched from the controller listener, which is not
 * served here yet.
 */
export const fetchHandler = handler({
  api: fetch,
  versions: [4, 18],
  listeners: ["broker"],
  handle(request, context) {
    const { node, version, nowMs } = context;
    const plan = node.fetchSessions.plan(request, version, nowMs);
    if (plan.errorCode !== errorCodes.NONE) return refusal(plan.errorCode);
    // As in Kafka, which reads the level when it has found something to read.
    if (!isIsolationLevel(request.isolationLevel) && findsAny(plan, context)) {
      return failure(request, errorCodes.UNKNOWN_SERVER_ERROR, context);
    }
    const parameters = parametersOf(request, context);
    const reading = readPartitions(plan.partitions, parameters, {
      replicas: node.replicas,
      image: node.metadata.image(),
      nowMs,
      before: null,
    });
    const isEnough = reading.isUrgent || request.maxWaitMs <= 0 ||
      reading.recordsBytes >= parameters.minBytes;
    if (isEnough) return respond(plan, parameters, reading, context);
    return poll(request, plan, parameters, reading, context);
  },
  failed: failure,
});

/** The answer when nothing could be fetched; the session stays what it is. */
function failure(
  request: FetchRequest,
  errorCode: number,
  { version }: HandlerContext,
): FetchResponse {
  const response = { ...refusal(errorCode), sessionId: request.sessionId };
  if (version >= NO_PARTITION_ERRORS_VERSION) return response;
  const responses = request.topics.map((topic) => ({
    topic: topic.topic,
    topicId: topic.topicId,
    partitions: topic.partitions.map(({ partition }) => unreadPartition(partition, errorCode)),
  }));
  return { ...response, responses };
}

/** Whether any of the partitions exists. */
function findsAny(plan: FetchPlan, { node }: HandlerContext): boolean {
  const image = node.metadata.image();
  return plan.partitions.some((wanted) => missingError(wanted, image) === errorCodes.NONE);
}

function parametersOf(request: FetchRequest, { version, node }: HandlerContext): FetchParameters {
  const replicaId = version >= 15 ? request.replicaState.replicaId : request.replicaId;
  const maxBytes = Math.min(request.maxBytes, node.config().get("fetch.max.bytes"));
  const isFollower = replicaId >= 0;
  return {
    version,
    replicaId,
    replicaEpoch: version >= 15 ? request.replicaState.replicaEpoch : -1,
    isolation: isolationOf(replicaId, request.isolationLevel),
    leaderOnly: isFollower || (replicaId === CONSUMER && version < 11),
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
  };
}

function isolationOf(replicaId: number, isolationLevel: number): FetchIsolation {
  if (replicaId !== CONSUMER) return "log end";
  return isolationLevel === READ_COMMITTED ? "committed" : "high watermark";
}

/** Waits until enough can be read, something is amiss, or the time is over; then reads again. */
function poll(
  request: FetchRequest,
  plan: FetchPlan,
  parameters: FetchParameters,
  reading: FetchReading,
  context: HandlerContext,
): Promise<FetchResponse | null> {
  const { node, connection } = context;
  const waits = new FetchWait(plan, parameters, reading, context);
  return new Promise((resolve, reject) => {
    const parked = node.purgatory.park(
      {
        isReady: (key) => waits.isReady(key as ReplicaPartition),
        complete() {
          try {
            const second = readPartitions(plan.partitions, parameters, {
              replicas: node.replicas,
              image: node.metadata.image(),
              nowMs: context.nowMs,
              before: reading,
            });
            resolve(respond(plan, parameters, second, context));
          } catch (error) {
            reject(error);
          }
        },
      },
      [...waits.replicas.keys()],
      request.maxWaitMs,
    );
    connection.onClose(() => {
      parked.cancel();
      resolve(null);
    });
  });
}

/** What a parked fetch keeps of each partition, so that an event costs the same for any number. */
class FetchWait {
  readonly replicas = new Map<ReplicaPartition, { wanted: CachedPartition; epoch: number }>();
  readonly #parameters: FetchParameters;
  /** Bytes that can be read now, over all partitions and of those that have some. */
  #totalBytes: number;
  readonly #bytes = new Map<ReplicaPartition, number>();

  constructor(
    plan: FetchPlan,
    parameters: FetchParameters,
    reading: FetchReading,
    { node }: HandlerContext,
  ) {
    this.#parameters = parameters;
    this.#totalBytes = 0;
    for (const [index, wanted] of plan.partitions.entries()) {
      const replica = wanted.topic === null
        ? null
        : node.replicas.get(wanted.topic, wanted.partition);
      if (replica === null) continue;
      this.replicas.set(replica, { wanted, epoch: replica.leaderEpoch });
      this.#setBytes(replica, recordsBytes(reading.fetched[index]!));
    }
  }

  /** Looks at the one partition where something changed. */
  isReady(replica: ReplicaPartition): boolean {
    const { wanted, epoch } = this.replicas.get(replica)!;
    const { leaderOnly, isolation, minBytes } = this.#parameters;
    if (replica.leaderEpoch !== epoch) return true;
    if (replica.check(wanted.currentLeaderEpoch, leaderOnly) !== errorCodes.NONE) return true;
    const upperBoundOffset = fetchLimit(replica, isolation);
    // The log was cut below what is fetched.
    if (wanted.fetchOffset > upperBoundOffset) return true;
    if (wanted.fetchOffset === upperBoundOffset) return false;
    if (minBytes <= 1) return true;
    const { errorCode, records } = replica.read({
      fetchOffset: wanted.fetchOffset,
      upperBoundOffset,
      maxBytes: wanted.maxBytes,
      minOneBatch: true,
    });
    if (errorCode !== errorCodes.NONE) return true;
    this.#setBytes(replica, records?.sizeBytes ?? 0);
    return this.#totalBytes >= minBytes;
  }

  #setBytes(replica: ReplicaPartition, bytes: number): void {
    const before = this.#bytes.get(replica) ?? 0;
    if (bytes === before) return;
    this.#bytes.set(replica, bytes);
    this.#totalBytes += bytes - before;
  }
}

function respond(
  plan: FetchPlan,
  parameters: FetchParameters,
  reading: FetchReading,
  context: HandlerContext,
): FetchResponse {
  const { node, version, nowMs } = context;
  const { fetched } = reading;
  const isFollower = parameters.replicaId >= 0;
  const settled = node.fetchSessions.settle(plan, fetched, { version, nowMs, isFollower });
  const response = refusal(settled.errorCode);
  response.sessionId = settled.sessionId;
  const nodes = new Map<number, Node>();
  let last: FetchResponse["responses"][number] | null = null;
  let lastKey = "";
  for (const [index, wanted] of plan.partitions.entries()) {
    if (!settled.told[index]) continue;
    const result = fetched[index]!;
    if (version >= 16) nameLeader(wanted, result, nodes, context);
    const key = wanted.topicKey;
    if (last === null || key !== lastKey) {
      const topic = wanted.topicId === null ? key : "";
      last = { topic, topicId: wanted.topicId ?? ZERO_UUID, partitions: [] };
      lastKey = key;
      response.responses.push(last);
    }
    last.partitions.push(result);
  }
  // Followers know where each broker is.
  if (!isFollower) response.nodeEndpoints = [...nodes.values()];
  return response;
}

/** Tells one who asked a node that does not lead who does (KIP-951). */
function nameLeader(
  wanted: CachedPartition,
  result: FetchedPartition,
  nodes: Map<number, Node>,
  context: HandlerContext,
): void {
  const { errorCode } = result;
  const { NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH } = errorCodes;
  if (errorCode !== NOT_LEADER_OR_FOLLOWER && errorCode !== FENCED_LEADER_EPOCH) return;
  if (wanted.topic === null) return;
  result.currentLeader = currentLeader(context, wanted.topic, wanted.partition);
  const node = liveNode(context, result.currentLeader.leaderId);
  if (node !== null) nodes.set(node.nodeId, node);
}

/** A response without partitions. */
function refusal(errorCode: number): FetchResponse {
  return { throttleTimeMs: 0, errorCode, sessionId: 0, responses: [], nodeEndpoints: [] };
}
