import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  errorCodes,
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
} from "../protocol/mod.ts";
import {
  isReassigning,
  type MetadataRecord,
  type PartitionImage,
  type TopicImage,
} from "../metadata/mod.ts";
import { type ApiError, NO_ERROR, refusal, refusalWithoutText } from "./api_error.ts";
import { findPartition } from "./find_partition.ts";
import { refuseManualAssignment } from "./assignment.ts";
import { changePartitionRecord, type PartitionTarget } from "./partition_change.ts";
import { planReassignment, revertReassignment } from "./reassignment_replicas.ts";
import { answer, atomic, type ControllerResult, RECORDS_PER_REQUEST_MAX } from "./result.ts";
import { allowsUncleanElection, changeContext, type ControllerView } from "./view.ts";

/**
 * AlterPartitionReassignments (KIP-455): starts moving partitions to other brokers, or cancels that
 * with null replicas. A move that only reorders replicas is done at once; else AlterPartition ends it
 * when the newcomers are in sync.
 */
export function alterPartitionReassignments(
  view: ControllerView,
  request: AlterPartitionReassignmentsRequest,
): ControllerResult<AlterPartitionReassignmentsResponse> {
  const { allowReplicationFactorChange } = request;
  const records: MetadataRecord[] = [];
  const responses = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => ({
      partitionIndex,
      ...reassign(view, name, partitionIndex, replicas, allowReplicationFactorChange, records),
    })),
  }));
  const respond = (error: ApiError) => ({
    throttleTimeMs: 0,
    allowReplicationFactorChange,
    ...error,
    responses: error.errorCode === 0 ? responses : [],
  });
  if (records.length <= RECORDS_PER_REQUEST_MAX) return atomic(records, respond(NO_ERROR));
  const reason = `The request makes ${records.length} records, ` +
    `at most ${RECORDS_PER_REQUEST_MAX} are allowed.`;
  return answer(respond(refusal(errorCodes.POLICY_VIOLATION, reason)));
}

function reassign(
  view: ControllerView,
  topicName: string,
  partitionId: number,
  replicas: readonly number[] | null,
  allowReplicationFactorChange: boolean,
  records: MetadataRecord[],
): ApiError {
  const found = findPartition(view, topicName, partitionId);
  if ("errorCode" in found) return found;
  const { topic, partition } = found;
  const planned = replicas === null
    ? cancel(view, topic, partition)
    : move(view, partition, replicas, allowReplicationFactorChange);
  if ("errorCode" in planned) return planned;
  const context = changeContext(view, topic, partitionId, partition);
  const record = changePartitionRecord(partition, planned, context);
  if (record !== null) records.push(record);
  return NO_ERROR;
}

function move(
  view: ControllerView,
  partition: PartitionImage,
  target: readonly number[],
  allowReplicationFactorChange: boolean,
): PartitionTarget | ApiError {
  const error = refuseManualAssignment(view, target, null);
  if (error !== null) return error;
  const settled = partition.replicas.filter((id) => !partition.removingReplicas.includes(id));
  if (!allowReplicationFactorChange && target.length !== settled.length) {
    const reason = `The replication factor would go from ${settled.length} to ${target.length}.`;
    return refusal(errorCodes.INVALID_REPLICATION_FACTOR, reason);
  }
  const { replicas, removing, adding } = planReassignment(partition.replicas, target);
  // A list that would be empty keeps what a move under way has in it, as Kafka's does.
  return {
    replicas,
    ...removing.length > 0 ? { removing } : {},
    ...adding.length > 0 ? { adding } : {},
  };
}

function cancel(
  view: ControllerView,
  topic: TopicImage,
  partition: PartitionImage,
): PartitionTarget | ApiError {
  if (!isReassigning(partition)) return refusalWithoutText(errorCodes.NO_REASSIGNMENT_IN_PROGRESS);
  const { replicas, isr, isUnclean } = revertReassignment(partition);
  const allowsUnclean = allowsUncleanElection(view, topic.name);
  if (isUnclean && !allowsUnclean) {
    const reason = "No replica from before the reassignment is in sync, " +
      "and the topic does not allow an unclean leader.";
    return refusal(errorCodes.INVALID_REPLICA_ASSIGNMENT, reason);
  }
  const election = allowsUnclean ? "unclean" : "online";
  return { replicas, isr, removing: [], adding: [], election };
}

/** ListPartitionReassignments: the moves under way, of all topics or of those named. */
export function listPartitionReassignments(
  { image, indexes }: ControllerView,
  request: ListPartitionReassignmentsRequest,
): ControllerResult<ListPartitionReassignmentsResponse> {
  const wanted: { topic: TopicImage; partitionIds: readonly number[] }[] = [];
  if (request.topics === null) {
    for (const topicId of new Set([...indexes.reassigning].map(({ topicId }) => topicId))) {
      const topic = image.topics.byId(topicId)!;
      wanted.push({ topic, partitionIds: indexes.reassigning.ofTopic(topicId) });
    }
  } else {
    for (const { name, partitionIndexes } of request.topics) {
      const topic = image.topics.byName(name);
      if (topic !== undefined) wanted.push({ topic, partitionIds: partitionIndexes });
    }
  }
  const topics = wanted.map(({ topic, partitionIds }) => ({
    name: topic.name,
    partitions: partitionIds.flatMap((partitionIndex) => {
      const partition = topic.partitions.get(partitionIndex);
      if (partition === undefined || !isReassigning(partition)) return [];
      return [{
        partitionIndex,
        replicas: [...partition.replicas],
        addingReplicas: [...partition.addingReplicas],
        removingReplicas: [...partition.removingReplicas],
      }];
    }),
  })).filter(({ partitions }) => partitions.length > 0);
  return answer({ throttleTimeMs: 0, ...NO_ERROR, topics });
}
