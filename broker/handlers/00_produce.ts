import {
  errorCodes,
  isInternalTopic,
  produce,
  type ProduceRequest,
  type ProduceResponse,
} from "../protocol/mod.ts";
import { checkHead, checkProduced, isTransactional } from "../protocol/records/mod.ts";
import { currentLeader, liveNode, missingReplicaError } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { type Answer, handler } from "./handler.ts";
import type { ReplicaPartition } from "./replicas_room.ts";

type TopicResponse = ProduceResponse["responses"][number];
type PartitionResponse = TopicResponse["partitionResponses"][number];

/** `acks=all`. */
const ALL = -1;
/** First version that names topics by id (KIP-516). */
const TOPIC_IDS_VERSION = 13;
const ADMIN_CLIENT = "__admin_client";
const NO_LEADER = { leaderId: -1, leaderEpoch: -1 };
/** Kafka tells no log start offset with these: it has not got as far as the log. */
const BEFORE_LOG: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.MESSAGE_TOO_LARGE,
  errorCodes.RECORD_LIST_TOO_LARGE,
  errorCodes.CORRUPT_MESSAGE,
  errorCodes.KAFKA_STORAGE_ERROR,
]);

/**
 * Produce, versions 3 to 13 (0 to 2 are advertised for the sake of old librdkafka, KAFKA-18659, and
 * refused): appends one record batch per partition.
 *
 * Behaviour: acks 0 (no answer; the connection closes when something failed, so that the producer
 * notices), 1 and all (parked until the in-sync replicas have the batch, REQUEST_TIMED_OUT after
 * `timeoutMs`); topics by name up to version 12, by id from 13; per-record errors (KIP-467); the
 * current leader for those who asked the wrong node from version 10 (KIP-951). Records that begin
 * with no batch fail the whole request.
 *
 * Gaps: transactions are not served yet. A transactional batch without a transactional id gets
 * TRANSACTIONAL_ID_AUTHORIZATION_FAILED, as in Kafka; with one it gets INVALID_TXN_STATE, Kafka's
 * answer for a partition that is not part of an ongoing transaction. No throttling. Null records,
 * which make Kafka drop the request without an answer, get INVALID_RECORD; of two batches for one
 * partition in a request, of which Kafka forgets the first, both are appended.
 */
export const produceHandler = handler({
  api: produce,
  versions: [3, 13],
  advertisedFrom: 0,
  listeners: ["broker"],
  handle(request, context) {
    const response = new PendingProduce(request, context);
    if (request.acks === 0) {
      const failed = response.firstError();
      if (failed !== null) context.connection.close(`${failed} in a produce request with acks=0`);
      return null;
    }
    return response.answer();
  },
  failed(request, errorCode) {
    return wholeResponse(request, errorCode);
  },
});

/** What is to be appended to a partition. */
interface Produced {
  readonly topic: string;
  readonly index: number;
  readonly records: Uint8Array | null;
  readonly replica: ReplicaPartition | null;
}

/** An appended batch that waits for the in-sync replicas. */
interface Waiting {
  readonly replica: ReplicaPartition;
  readonly requiredOffset: number;
  readonly result: PartitionResponse;
}

/** One request on its way: what each partition is answered, and what is waited for. */
class PendingProduce {
  readonly #request: ProduceRequest;
  readonly #context: HandlerContext;
  readonly #response: ProduceResponse;
  #waiting: Waiting[] = [];
  readonly #syncs: Promise<void>[] = [];

  constructor(request: ProduceRequest, context: HandlerContext) {
    this.#request = request;
    this.#context = context;
    const refused = refusal(request);
    this.#response = refused !== null
      ? wholeResponse(request, refused.errorCode, refused.errorMessage)
      : { responses: this.#appendAll(), throttleTimeMs: 0, nodeEndpoints: [] };
  }

  /** Topic and error of the first partition that failed; null when all went well. */
  firstError(): string | null {
    for (const { name, topicId, partitionResponses } of this.#response.responses) {
      const failed = partitionResponses.find(({ errorCode }) => errorCode !== errorCodes.NONE);
      if (failed === undefined) continue;
      return `Error ${failed.errorCode} for partition ${name || topicId}-${failed.index}`;
    }
    return null;
  }

  answer(): Answer<ProduceResponse> {
    if (this.#syncs.length > 0) return Promise.all(this.#syncs).then(() => this.#finish());
    if (this.#waiting.length === 0) return this.#finish();
    const { node, connection } = this.#context;
    return new Promise((resolve) => {
      const parked = node.purgatory.park(
        {
          isReady: () => this.#checkWaiting(),
          complete: () => resolve(this.#finish()),
        },
        this.#waiting.map(({ replica }) => replica),
        Math.max(0, this.#request.timeoutMs),
      );
      connection.onClose(() => {
        parked.cancel();
        resolve(null);
      });
    });
  }

  #appendAll(): TopicResponse[] {
    const { version, node } = this.#context;
    const byId = version >= TOPIC_IDS_VERSION;
    const { topics } = node.metadata.image();
    return this.#request.topicData.map(({ name, topicId, partitionData }) => {
      const topic = byId ? topics.byId(topicId)?.name ?? null : name;
      const partitionResponses = partitionData.map(({ index, records }) => {
        if (topic === null) return partitionError(index, errorCodes.UNKNOWN_TOPIC_ID);
        const replica = node.replicas.get(topic, index);
        // The topic was deleted and made anew under its name.
        if (byId && replica !== null && replica.topicId !== topicId) {
          return partitionError(index, errorCodes.UNKNOWN_TOPIC_ID);
        }
        return this.#append({ topic, index, records, replica });
      });
      return { name, topicId, partitionResponses };
    });
  }

  #append(produced: Produced): PartitionResponse {
    const { node, version, clientId, nowMs } = this.#context;
    const { acks } = this.#request;
    const { topic, index, records, replica } = produced;
    const missing = replica !== null
      ? errorCodes.NONE
      : missingReplicaError(node.metadata.image(), topic, index);
    if (missing === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return partitionError(index, missing);
    const refused = checkProduced(records, version);
    if (refused !== null) {
      return { ...partitionError(index, refused.errorCode), errorMessage: refused.errorMessage };
    }
    if (acks !== ALL && acks !== 0 && acks !== 1) {
      return partitionError(index, errorCodes.INVALID_REQUIRED_ACKS);
    }
    if (isInternalTopic(topic) && clientId !== ADMIN_CLIENT) {
      return partitionError(index, errorCodes.INVALID_TOPIC_EXCEPTION);
    }
    if (replica === null) return this.#misdirected(topic, index, partitionError(index, missing));
    const outcome = replica.append(records!, { requiredAcks: acks, nowMs });
    const { errorCode, recordErrors } = outcome;
    const result: PartitionResponse = {
      index,
      errorCode,
      baseOffset: outcome.baseOffset,
      logAppendTimeMs: outcome.logAppendTimeMs,
      logStartOffset: BEFORE_LOG.has(errorCode) ? -1 : replica.logStartOffset,
      recordErrors: recordErrors.map((error) => ({
        batchIndex: error.index,
        batchIndexErrorMessage: error.message,
      })),
      // Kafka says more than the code only where single records are at fault.
      errorMessage: recordErrors.length > 0 ? outcome.errorMessage : null,
      currentLeader: NO_LEADER,
    };
    if (errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER) {
      return this.#misdirected(topic, index, result);
    }
    if (errorCode !== errorCodes.NONE) return result;
    if (acks === ALL) this.#await({ replica, requiredOffset: outcome.lastOffset + 1, result });
    else if (outcome.durable !== null) this.#awaitSync(outcome.durable, result);
    return result;
  }

  #await(waiting: Waiting): void {
    const errorCode = waiting.replica.checkReplicated(waiting.requiredOffset);
    if (errorCode !== null) {
      waiting.result.errorCode = errorCode;
      return;
    }
    // What it is answered unless it gets better in time.
    waiting.result.errorCode = errorCodes.REQUEST_TIMED_OUT;
    this.#waiting.push(waiting);
  }

  /** `flush.messages`: without waiting for other replicas the answer waits for this one's disk. */
  #awaitSync(durable: Promise<void>, result: PartitionResponse): void {
    this.#syncs.push(durable.catch(() => {
      result.errorCode = errorCodes.KAFKA_STORAGE_ERROR;
      result.baseOffset = -1;
    }));
  }

  /** Settles the partitions that are replicated by now; true when none is left to wait for. */
  #checkWaiting(): boolean {
    this.#waiting = this.#waiting.filter(({ replica, requiredOffset, result }) => {
      const errorCode = replica.checkReplicated(requiredOffset);
      if (errorCode !== null) result.errorCode = errorCode;
      return errorCode === null;
    });
    return this.#waiting.length === 0;
  }

  /** Names the leader to a producer that did not know (KIP-951). */
  #misdirected(topic: string, index: number, result: PartitionResponse): PartitionResponse {
    if (this.#context.version < 10) return result;
    return { ...result, currentLeader: currentLeader(this.#context, topic, index) };
  }

  #finish(): ProduceResponse {
    const leaders = new Set<number>();
    for (const { partitionResponses } of this.#response.responses) {
      for (const { currentLeader } of partitionResponses) leaders.add(currentLeader.leaderId);
    }
    leaders.delete(-1);
    const nodeEndpoints = [...leaders]
      .map((id) => liveNode(this.#context, id))
      .filter((node) => node !== null);
    return { ...this.#response, nodeEndpoints };
  }
}

/**
 * Why the whole request is refused, for its transactional batches or for records that begin with no
 * batch, whichever comes first; null when it is not.
 */
function refusal(
  { transactionalId, topicData }: ProduceRequest,
): { readonly errorCode: number; readonly errorMessage: string | null } | null {
  for (const { partitionData } of topicData) {
    for (const { records } of partitionData) {
      if (records === null) continue;
      if (isTransactional(records)) {
        const errorCode = transactionalId === null
          ? errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
          : errorCodes.INVALID_TXN_STATE;
        return { errorCode, errorMessage: null };
      }
      const refused = checkHead(records);
      if (refused !== null) return refused;
    }
  }
  return null;
}

function wholeResponse(
  request: ProduceRequest,
  errorCode: number,
  errorMessage: string | null = null,
): ProduceResponse {
  const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
    name,
    topicId,
    partitionResponses: partitionData.map(({ index }) => ({
      ...partitionError(index, errorCode),
      errorMessage,
    })),
  }));
  return { responses, throttleTimeMs: 0, nodeEndpoints: [] };
}

function partitionError(index: number, errorCode: number): PartitionResponse {
  return {
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
    currentLeader: NO_LEADER,
  };
}
