import { randomUuid } from "../base/mod.ts";
import {
  createTopics as createTopicsApi,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  errorCodes,
  make,
  topicNameProblem,
  ZERO_UUID,
} from "../protocol/mod.ts";
import {
  type MetadataRecord,
  metadataRecord,
  metadataVersionOf,
  type PartitionImage,
  partitionToRecord,
  RESOURCE_BROKER,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";
import { type ApiError, refusal, refusalWithoutText } from "./api_error.ts";
import { assignAutomatically, type Assigned, assignManually } from "./assignment.ts";
import { alterResource } from "./configs.ts";
import { answer, atomic, type ControllerResult, RECORDS_PER_REQUEST_MAX } from "./result.ts";
import type { ControllerRequestContext, ControllerView } from "./view.ts";

/** The metadata log is no topic for clients. */
const CLUSTER_METADATA_TOPIC = "__cluster_metadata";
/** The most partitions that one request may create (Kafka's limit). */
export const PARTITIONS_PER_REQUEST_MAX = 10_000;

type CreatableTopic = CreateTopicsRequest["topics"][number];
type TopicResult = CreateTopicsResponse["topics"][number];

/**
 * CreateTopics: each topic stands for itself, and all that succeed take effect together. Records of a
 * topic: TopicRecord, ConfigRecords, PartitionRecords.
 */
export function createTopics(
  view: ControllerView,
  request: CreateTopicsRequest,
): ControllerResult<CreateTopicsResponse> {
  const duplicates = repeated(request.topics.map(({ name }) => name));
  const topics = request.topics.filter(({ name }) =>
    !duplicates.has(name) && name !== CLUSTER_METADATA_TOPIC
  );
  const defaultCount = view.settings.numPartitions;
  const partitionCount = topics.reduce((sum, topic) => sum + partitionsOf(topic, defaultCount), 0);
  if (partitionCount > PARTITIONS_PER_REQUEST_MAX) {
    return refuseAll(
      request,
      `The request asks for ${partitionCount} partitions, ` +
        `at most ${PARTITIONS_PER_REQUEST_MAX} are allowed.`,
    );
  }
  const records: MetadataRecord[] = [];
  const results = topics.map((topic) => createTopic(view, topic, records));
  for (const name of duplicates) {
    results.push(refused(name, refusal(errorCodes.INVALID_REQUEST, `${name} is named twice.`)));
  }
  if (request.topics.some(({ name }) => name === CLUSTER_METADATA_TOPIC)) {
    const reason = `${CLUSTER_METADATA_TOPIC} is the cluster's own.`;
    results.push(refused(CLUSTER_METADATA_TOPIC, refusal(errorCodes.INVALID_REQUEST, reason)));
  }
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    return refuseAll(request, tooManyRecords(records.length));
  }
  const response = { throttleTimeMs: 0, topics: results };
  return request.validateOnly ? answer(response) : atomic(records, response);
}

function createTopic(
  view: ControllerView,
  topic: CreatableTopic,
  records: MetadataRecord[],
): TopicResult {
  const { name } = topic;
  const overrides = new Map<string, string>();
  const nullValues: string[] = [];
  for (const { name, value } of topic.configs) {
    value === null ? nullValues.push(name) : overrides.set(name, value);
  }
  const unfit = refuseName(view, name) ?? (nullValues.length === 0 ? null : refusal(
    errorCodes.INVALID_CONFIG,
    `A topic configuration can't be null: ${nullValues.join(", ")}.`,
  ));
  if (unfit !== null) return refused(name, unfit);
  const configured = alterResource(
    view,
    { resourceType: RESOURCE_TOPIC, resourceName: name },
    [...overrides].map(([name, value]) => ({ name, value })),
    { isNew: true },
  );
  if (!configured.ok) return refused(name, configured.error);
  const assigned = assignPartitions(view, topic);
  if (!assigned.ok) return refused(name, assigned.error);

  const { partitions } = assigned;
  const topicId = randomTopicId(view);
  records.push(metadataRecord("TopicRecord", 0, { name, topicId }), ...configured.records);
  partitions.forEach((partition, partitionId) =>
    records.push(partitionToRecord(topicId, partitionId, partition, metadataVersionOf(view.image)))
  );
  return created(view, name, topicId, partitions, overrides);
}

function refuseName(view: ControllerView, name: string): ApiError | null {
  if (view.image.topics.byName(name) !== undefined) {
    return refusal(errorCodes.TOPIC_ALREADY_EXISTS, `Topic ${name} exists.`);
  }
  const problem = topicNameProblem(name);
  if (problem !== null) {
    return refusal(errorCodes.INVALID_TOPIC_EXCEPTION, `"${name}" is no topic name: ${problem}.`);
  }
  const colliding = view.indexes.collidingTopic(name);
  if (colliding === undefined) return null;
  return refusal(
    errorCodes.INVALID_TOPIC_EXCEPTION,
    `Topic ${name} collides with topic ${colliding}: metrics can't tell them apart.`,
  );
}

function assignPartitions(view: ControllerView, topic: CreatableTopic): Assigned {
  const { assignments, numPartitions, replicationFactor } = topic;
  const refuse = (errorCode: number, reason: string): Assigned => ({
    ok: false,
    error: refusal(errorCode, reason),
  });
  if (assignments.length > 0) {
    if (replicationFactor !== -1 || numPartitions !== -1) {
      return refuse(
        errorCodes.INVALID_REQUEST,
        "With replicas named, the number of partitions and the replication factor must be -1.",
      );
    }
    const byIndex = new Map(
      assignments.map(({ partitionIndex, brokerIds }) => [partitionIndex, brokerIds]),
    );
    const replicaLists = assignments.map((_, partitionId) => byIndex.get(partitionId) ?? null);
    if (!replicaLists.every((replicas) => replicas !== null)) {
      return refuse(
        errorCodes.INVALID_REPLICA_ASSIGNMENT,
        `Partitions must be numbered from 0 to ${assignments.length - 1}, each once.`,
      );
    }
    return assignManually(view, replicaLists, 0, null);
  }
  if (replicationFactor < -1 || replicationFactor === 0) {
    return refuse(
      errorCodes.INVALID_REPLICATION_FACTOR,
      `The replication factor is ${replicationFactor}, allowed are 1 and more, or -1.`,
    );
  }
  if (numPartitions < -1 || numPartitions === 0) {
    return refuse(
      errorCodes.INVALID_PARTITIONS,
      `The number of partitions is ${numPartitions}, allowed are 1 and more, or -1.`,
    );
  }
  const { settings } = view;
  return assignAutomatically(
    view,
    numPartitions === -1 ? settings.numPartitions : numPartitions,
    replicationFactor === -1 ? settings.defaultReplicationFactor : replicationFactor,
  );
}

function created(
  view: ControllerView,
  name: string,
  topicId: string,
  partitions: readonly PartitionImage[],
  overrides: ReadonlyMap<string, string>,
): TopicResult {
  const { configs } = view.image;
  const entries = view.rules.topicConfigs(
    overrides,
    configs.get(RESOURCE_BROKER, `${view.settings.nodeId}`),
    configs.get(RESOURCE_BROKER, ""),
  );
  return topicResult({
    name,
    topicId,
    numPartitions: partitions.length,
    replicationFactor: partitions[0]!.replicas.length,
    configs: entries.map((entry) => ({ ...entry })),
  });
}

function refused(name: string, error: ApiError): TopicResult {
  return topicResult({ name, ...error });
}

function topicResult(fields: Partial<TopicResult>): TopicResult {
  const response = make(createTopicsApi.response, {
    topics: [{ errorMessage: null, ...fields }],
  });
  return response.topics[0]!;
}

function refuseAll(
  request: CreateTopicsRequest,
  reason: string,
): ControllerResult<CreateTopicsResponse> {
  const error = refusal(errorCodes.POLICY_VIOLATION, reason);
  const topics = request.topics.map(({ name }) => refused(name, error));
  return answer({ throttleTimeMs: 0, topics });
}

/** Says that a request would bring about more than one batch can hold. */
export function tooManyRecords(count: number): string {
  return `The request makes ${count} records, at most ${RECORDS_PER_REQUEST_MAX} are allowed.`;
}

function partitionsOf({ assignments, numPartitions }: CreatableTopic, defaultCount: number) {
  if (assignments.length > 0) return assignments.length;
  return numPartitions === -1 ? defaultCount : Math.max(0, numPartitions);
}

/** Ids are drawn until one is free. */
function randomTopicId(view: ControllerView): string {
  for (;;) {
    const id = randomUuid(view.prng);
    if (view.image.topics.byId(id) === undefined) return id;
  }
}

/** What stands more than once among `items`. */
function repeated<T>(items: readonly T[]): Set<T> {
  const seen = new Set<T>();
  return new Set(items.filter((item) => seen.has(item) || !seen.add(item)));
}

/** DeleteTopics, by name or by id; a topic's partitions and configurations go with it. */
export function deleteTopics(
  view: ControllerView,
  request: DeleteTopicsRequest,
  { version }: ControllerRequestContext,
): ControllerResult<DeleteTopicsResponse> {
  const names = [
    ...request.topicNames,
    ...request.topics.filter(({ topicId }) => topicId === ZERO_UUID).map(({ name }) => name)
      .filter((name) => name !== null),
  ];
  const ids = request.topics.filter(({ name, topicId }) => name === null && topicId !== ZERO_UUID)
    .map(({ topicId }) => topicId);
  const responses: DeleteTopicsResponse["responses"] = [];
  const respond = (name: string | null, topicId: string, error: ApiError) =>
    responses.push({ name, topicId, ...error });

  if (!view.settings.deleteTopicEnable) {
    const error = version < 3
      ? refusal(errorCodes.INVALID_REQUEST, "Topics can't be deleted here.")
      : refusalWithoutText(errorCodes.TOPIC_DELETION_DISABLED);
    for (const name of request.topicNames) respond(name, ZERO_UUID, error);
    for (const { name, topicId } of request.topics) respond(name, topicId, error);
    return answer({ throttleTimeMs: 0, responses });
  }
  for (const { name, topicId } of request.topics) {
    if ((name === null) !== (topicId === ZERO_UUID)) continue;
    const reason = name === null
      ? "Neither the name nor the id of the topic is given."
      : "Both the name and the id of the topic are given.";
    respond(name, topicId, refusal(errorCodes.INVALID_REQUEST, reason));
  }
  const repeatedNames = repeated(names);
  const repeatedIds = repeated(ids);
  const twice = refusal(errorCodes.INVALID_REQUEST, "The topic is named twice.");
  for (const name of repeatedNames) respond(name, ZERO_UUID, twice);
  for (const id of repeatedIds) respond(null, id, twice);

  const deleted = new Map<string, string>();
  for (const id of ids) {
    if (repeatedIds.has(id)) continue;
    const topic = view.image.topics.byId(id);
    if (topic === undefined) respond(null, id, refusal(errorCodes.UNKNOWN_TOPIC_ID));
    else deleted.set(id, topic.name);
  }
  for (const name of names) {
    if (repeatedNames.has(name)) continue;
    const topic = view.image.topics.byName(name);
    if (topic === undefined) {
      respond(name, ZERO_UUID, refusal(errorCodes.UNKNOWN_TOPIC_OR_PARTITION));
    } else if (deleted.has(topic.id) || repeatedIds.has(topic.id)) {
      deleted.delete(topic.id);
      respond(name, topic.id, twice);
    } else {
      deleted.set(topic.id, name);
    }
  }
  for (const [id, name] of deleted) respond(name, id, { errorCode: 0, errorMessage: null });
  const records = [...deleted.keys()].map((topicId) =>
    metadataRecord("RemoveTopicRecord", 0, { topicId })
  );
  return atomic(records, { throttleTimeMs: 0, responses });
}
