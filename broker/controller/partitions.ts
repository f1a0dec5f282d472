import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  errorCodes,
} from "../protocol/mod.ts";
import { type MetadataRecord, metadataVersionOf, partitionToRecord } from "../metadata/mod.ts";
import { type ApiError, NO_ERROR, refusal, refusalWithoutText } from "./api_error.ts";
import { assignAutomatically, assignManually } from "./assignment.ts";
import { answer, atomic, type ControllerResult, RECORDS_PER_REQUEST_MAX } from "./result.ts";
import { PARTITIONS_PER_REQUEST_MAX, tooManyRecords } from "./topics.ts";
import type { ControllerView } from "./view.ts";

type GrowingTopic = CreatePartitionsRequest["topics"][number];

/** CreatePartitions: a topic grows to `count` partitions; what it has stays as it is. */
export function createPartitions(
  view: ControllerView,
  request: CreatePartitionsRequest,
): ControllerResult<CreatePartitionsResponse> {
  const topics = new Map<string, GrowingTopic>();
  const twice = new Set<string>();
  for (const topic of request.topics) {
    if (topics.has(topic.name)) twice.add(topic.name);
    topics.set(topic.name, topic);
  }
  const refuseAll = (reason: string) => {
    const error = refusal(errorCodes.POLICY_VIOLATION, reason);
    const results = request.topics.map(({ name }) => ({ name, ...error }));
    return answer({ throttleTimeMs: 0, results });
  };
  const added = [...topics.values()].reduce((sum, { name, count }) => {
    const present = view.image.topics.byName(name)?.partitions.size ?? count;
    return sum + Math.max(0, count - present);
  }, 0);
  if (added > PARTITIONS_PER_REQUEST_MAX) {
    return refuseAll(
      `The request asks for ${added} partitions, ` +
        `at most ${PARTITIONS_PER_REQUEST_MAX} are allowed.`,
    );
  }
  const records: MetadataRecord[] = [];
  const results = Array.from(topics.values(), (topic) => {
    const error = twice.has(topic.name)
      ? refusal(errorCodes.INVALID_REQUEST, `${topic.name} is named twice.`)
      : growTopic(view, topic, records);
    return { name: topic.name, ...error };
  });
  if (records.length > RECORDS_PER_REQUEST_MAX) return refuseAll(tooManyRecords(records.length));
  const response = { throttleTimeMs: 0, results };
  return request.validateOnly ? answer(response) : atomic(records, response);
}

function growTopic(
  view: ControllerView,
  { name, count, assignments }: GrowingTopic,
  records: MetadataRecord[],
): ApiError {
  const topic = view.image.topics.byName(name);
  if (topic === undefined) return refusalWithoutText(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  const present = topic.partitions.size;
  if (count <= present) {
    const reason = `Topic ${name} has ${present} partition(s) and can't be given ${count}.`;
    return refusal(errorCodes.INVALID_PARTITIONS, reason);
  }
  if (assignments !== null && assignments.length !== count - present) {
    const reason = `Replicas are named for ${assignments.length} new partition(s), ` +
      `${count - present} are to be added.`;
    return refusal(errorCodes.INVALID_REPLICA_ASSIGNMENT, reason);
  }
  const replicationFactor = topic.partitions.get(0)!.replicas.length;
  const assigned = assignments === null
    ? assignAutomatically(view, count - present, replicationFactor)
    : assignManually(
      view,
      assignments.map(({ brokerIds }) => brokerIds),
      present,
      replicationFactor,
    );
  if (!assigned.ok) return assigned.error;
  const metadataVersion = metadataVersionOf(view.image);
  assigned.partitions.forEach((partition, index) =>
    records.push(partitionToRecord(topic.id, present + index, partition, metadataVersion))
  );
  return NO_ERROR;
}
