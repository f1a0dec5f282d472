import {
  deleteRecords,
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  errorCodes,
  isInternalTopic,
} from "../protocol/mod.ts";
import { missingReplicaError } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { type Answer, handler } from "./handler.ts";
import type { ReplicaPartition } from "./replicas_room.ts";

type PartitionResponse = DeleteRecordsResponse["topics"][number]["partitions"][number];

/** Asks to delete all that is below the high watermark. */
const HIGH_WATERMARK = -1;

/**
 * DeleteRecords, versions 0 to 2 (KIP-107): moves log start offsets up.
 *
 * Behaviour: answered when all live replicas have moved theirs, else REQUEST_TIMED_OUT after
 * `timeoutMs`. Internal topics are INVALID_TOPIC_EXCEPTION, topics that are only compacted
 * POLICY_VIOLATION, offsets above the high watermark OFFSET_OUT_OF_RANGE. A partition that is named
 * twice has one answer, to the last offset asked for.
 *
 * Gaps: none known.
 */
export const deleteRecordsHandler = handler({
  api: deleteRecords,
  versions: [0, 2],
  listeners: ["broker"],
  handle: (request, context) => new PendingDelete(request, context).answer(),
  failed: ({ topics }, errorCode) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => deleteError(partitionIndex, errorCode)),
    })),
  }),
});

/** A partition whose replicas have not all moved their log start. */
interface Waiting {
  readonly replica: ReplicaPartition;
  readonly requiredOffset: number;
  readonly result: PartitionResponse;
}

class PendingDelete {
  readonly #request: DeleteRecordsRequest;
  readonly #context: HandlerContext;
  readonly #response: DeleteRecordsResponse;
  #waiting: Waiting[] = [];

  constructor(request: DeleteRecordsRequest, context: HandlerContext) {
    this.#request = request;
    this.#context = context;
    const topics = Array.from(offsetsByPartition(request), ([name, offsets]) => ({
      name,
      partitions: Array.from(offsets, ([index, offset]) => this.#delete(name, index, offset)),
    }));
    this.#response = { throttleTimeMs: 0, topics };
  }

  answer(): Answer<DeleteRecordsResponse> {
    if (this.#waiting.length === 0) return this.#response;
    const { node, connection } = this.#context;
    return new Promise((resolve) => {
      const parked = node.purgatory.park(
        {
          isReady: () => this.#checkWaiting(),
          complete: () => resolve(this.#response),
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

  #delete(topic: string, index: number, offset: number): PartitionResponse {
    const { node } = this.#context;
    const replica = node.replicas.get(topic, index);
    const missing = replica === null
      ? missingReplicaError(node.metadata.image(), topic, index)
      : errorCodes.NONE;
    if (missing === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return deleteError(index, missing);
    if (isInternalTopic(topic)) return deleteError(index, errorCodes.INVALID_TOPIC_EXCEPTION);
    if (replica === null) return deleteError(index, missing);
    const refused = replica.check(-1, true);
    if (refused !== errorCodes.NONE) return deleteError(index, refused);
    if (!replica.isDeletable) return deleteError(index, errorCodes.POLICY_VIOLATION);
    const requiredOffset = offset === HIGH_WATERMARK ? replica.highWatermark : offset;
    if (requiredOffset < 0) return deleteError(index, errorCodes.OFFSET_OUT_OF_RANGE);
    const errorCode = replica.deleteRecordsBefore(requiredOffset);
    if (errorCode !== errorCodes.NONE) return deleteError(index, errorCode);
    const { lowWatermark } = replica;
    const result = { partitionIndex: index, lowWatermark, errorCode: errorCodes.NONE };
    if (lowWatermark < requiredOffset) {
      result.errorCode = errorCodes.REQUEST_TIMED_OUT;
      this.#waiting.push({ replica, requiredOffset, result });
    }
    return result;
  }

  /** Settles the partitions whose replicas have moved by now; true when none is left. */
  #checkWaiting(): boolean {
    this.#waiting = this.#waiting.filter(({ replica, requiredOffset, result }) => {
      const refused = replica.check(-1, true);
      result.lowWatermark = replica.lowWatermark;
      if (refused === errorCodes.NONE && result.lowWatermark < requiredOffset) return true;
      result.errorCode = refused;
      return false;
    });
    return this.#waiting.length === 0;
  }
}

/** The offset that each partition of each topic is to begin with. */
function offsetsByPartition({ topics }: DeleteRecordsRequest): Map<string, Map<number, number>> {
  const byTopic = new Map<string, Map<number, number>>();
  for (const { name, partitions } of topics) {
    const offsets = byTopic.get(name) ?? new Map<number, number>();
    byTopic.set(name, offsets);
    for (const { partitionIndex, offset } of partitions) offsets.set(partitionIndex, offset);
  }
  return byTopic;
}

function deleteError(partitionIndex: number, errorCode: number): PartitionResponse {
  return { partitionIndex, lowWatermark: -1, errorCode };
}
