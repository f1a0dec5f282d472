/** Topics: listed, made, grown, deleted. */
import { z } from "@hono/zod-openapi";
import {
  createPartitions,
  createTopics,
  deleteTopics,
  errorCodes,
  make,
  metadata as metadataApi,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { throwOnCode, type TopicInfo } from "../../../kafka/mod.ts";
import type { Resource } from "./links.ts";
import {
  countOrNull,
  flagOf,
  integerOf,
  integersOf,
  listOrEmpty,
  objectOf,
  textOf,
  textOrNull,
} from "./request_body.ts";
import { Answer, type V3Request, type V3Route } from "./route.ts";

/** Operations of topics by Kafka's numbers, in the order of the numbers. */
const OPERATIONS: readonly (readonly [number, string])[] = [
  [3, "READ"],
  [4, "WRITE"],
  [5, "CREATE"],
  [6, "DELETE"],
  [7, "ALTER"],
  [8, "DESCRIBE"],
  [10, "DESCRIBE_CONFIGS"],
  [11, "ALTER_CONFIGS"],
];
const NOT_TOLD = -(2 ** 31);
const NUM_PARTITIONS_MAX = 2 ** 31 - 1, REPLICATION_MAX = 32767;

function topicResource(
  { links }: V3Request,
  { name, isInternal, partitions }: Pick<TopicInfo, "name" | "isInternal" | "partitions">,
  operations: readonly string[],
): Resource {
  return links.resource("KafkaTopic", ["topics", name], {
    topic_name: name,
    is_internal: isInternal,
    replication_factor: partitions[0]?.replicas.length ?? 0,
    partitions_count: partitions.length,
    partitions: links.related("topics", name, "partitions"),
    configs: links.related("topics", name, "configs"),
    partition_reassignments: links.related("topics", name, "partitions", "-", "reassignment"),
    authorized_operations: operations,
  });
}

/** What may be done with topics, by name; asked for only when somebody wants to know. */
async function operationsOf(
  { context: { client } }: V3Request,
  topics: readonly string[] | null,
): Promise<Map<string, string[]>> {
  const answer = await client.call(
    metadataApi,
    make(metadataApi.request, {
      topics: topics?.map((name) => ({ name })) ?? null,
      allowAutoTopicCreation: false,
      includeTopicAuthorizedOperations: true,
    }),
    { versionMin: 8 },
  );
  return new Map(answer.topics.map(({ name, topicAuthorizedOperations: bits }) => [
    name ?? "",
    bits === NOT_TOLD
      ? []
      : OPERATIONS.filter(([bit]) => bits & (1 << bit)).map(([, word]) => word),
  ]));
}

async function topicOf(request: V3Request): Promise<TopicInfo> {
  return await request.context.client.topic(request.param("topic"), { maxAgeMs: 0 });
}

const createBody = z.object({
  topic_name: z.string(),
  partitions_count: z.int32().optional(),
  replication_factor: z.int32().optional(),
  replicas_assignments: z.array(
    z.object({ partition_id: z.int32(), broker_ids: z.array(z.int32()) }),
  ).optional(),
  configs: z.array(z.object({ name: z.string(), value: z.string().nullish() })).optional(),
  validate_only: z.boolean().optional(),
}).openapi("CreateTopic");

async function create(request: V3Request): Promise<Answer> {
  const fields = objectOf(await request.body(), "The body", Object.keys(createBody.shape));
  const name = textOf(fields, "topic_name");
  const assignments = listOrEmpty(fields, "replicas_assignments").map((item) => {
    const one = objectOf(item, "an item of replicas_assignments", ["partition_id", "broker_ids"]);
    const partitionIndex = integerOf(one["partition_id"], "partition_id");
    return { partitionIndex, brokerIds: integersOf(one, "broker_ids") };
  });
  const partitions = countOrNull(fields, "partitions_count", NUM_PARTITIONS_MAX);
  const replicas = countOrNull(fields, "replication_factor", REPLICATION_MAX);
  if (assignments.length > 0 && (partitions !== null || replicas !== null)) {
    const why = "replicas_assignments says both partitions_count and replication_factor";
    throw new HttpError(400, 400, `${why}: leave these out`);
  }
  const validateOnly = flagOf(fields, "validate_only");
  const { client } = request.context;
  const answer = await client.call(
    createTopics,
    make(createTopics.request, {
      topics: [{
        name,
        numPartitions: partitions ?? -1,
        replicationFactor: replicas ?? -1,
        assignments,
        configs: listOrEmpty(fields, "configs").map((item) => {
          const one = objectOf(item, "an item of configs", ["name", "value"]);
          return { name: textOf(one, "name"), value: textOrNull(one, "value") };
        }),
      }],
      timeoutMs: client.requestTimeoutMs,
      validateOnly,
    }),
  );
  const [made] = answer.topics;
  throwOnCode(made!.errorCode, `Cannot make topic ${shown(name)}`, made!.errorMessage);
  client.forgetTopic(name);
  const count = assignments.length > 0 ? assignments.length : made!.numPartitions;
  const factor = assignments[0]?.brokerIds.length ?? made!.replicationFactor;
  const told = topicResource(request, { name, isInternal: false, partitions: [] }, []);
  const value = { ...told, partitions_count: count, replication_factor: factor };
  if (validateOnly) return new Answer(200, value);
  return new Answer(201, value, { Location: request.links.url("topics", name) });
}

async function grow(request: V3Request): Promise<Resource> {
  const name = request.param("topic");
  const fields = objectOf(await request.body(), "The body", ["partitions_count"]);
  const count = countOrNull(fields, "partitions_count", NUM_PARTITIONS_MAX);
  if (count === null) {
    throw new HttpError(422, 422, "partitions_count is missing; allowed: a number");
  }
  const { client } = request.context;
  const topic = await topicOf(request);
  if (count !== topic.partitions.length) {
    const answer = await client.call(
      createPartitions,
      make(createPartitions.request, {
        topics: [{ name, count, assignments: null }],
        timeoutMs: client.requestTimeoutMs,
      }),
    );
    const [result] = answer.results;
    throwOnCode(result!.errorCode, `Cannot grow topic ${shown(name)}`, result!.errorMessage);
    client.forgetTopic(name);
  }
  return { ...topicResource(request, topic, []), partitions_count: count };
}

/** The calls. */
export const topicRoutes: readonly V3Route[] = [
  {
    name: "topics.list",
    method: "get",
    path: "/topics",
    doc: "Lists the topics.",
    query: { includeAuthorizedOperations: "Whether to tell what may be done with each." },
    async serve(request) {
      const { topics } = await request.context.client.metadata(null, { maxAgeMs: 0 });
      const operations = request.flag("includeAuthorizedOperations")
        ? await operationsOf(request, null)
        : new Map<string, string[]>();
      const data = [...topics.keys()].sort().map((name) =>
        topicResource(request, topics.get(name)!, operations.get(name) ?? [])
      );
      return request.links.list("KafkaTopic", ["topics"], data);
    },
  },
  {
    name: "topics.create",
    method: "post",
    path: "/topics",
    doc: "Makes a topic, or tells whether it could be made.",
    body: createBody,
    status: 201,
    serve: create,
  },
  {
    name: "topics.get",
    method: "get",
    path: "/topics/{topic}",
    doc: "Tells of one topic.",
    query: { include_authorized_operations: "Whether to tell what may be done with it." },
    async serve(request) {
      const topic = await topicOf(request);
      const operations = request.flag("include_authorized_operations")
        ? (await operationsOf(request, [topic.name])).get(topic.name) ?? []
        : [];
      return topicResource(request, topic, operations);
    },
  },
  {
    name: "topics.update",
    method: "patch",
    path: "/topics/{topic}",
    doc: "Adds partitions to a topic.",
    body: z.object({ partitions_count: z.int32() }).openapi("GrowTopic"),
    serve: grow,
  },
  {
    name: "topics.delete",
    method: "delete",
    path: "/topics/{topic}",
    doc: "Deletes a topic.",
    status: 204,
    async serve(request) {
      const name = request.param("topic");
      const { client } = request.context;
      const answer = await client.call(
        deleteTopics,
        make(deleteTopics.request, {
          topics: [{ name }],
          topicNames: [name],
          timeoutMs: client.requestTimeoutMs,
        }),
      );
      const [result] = answer.responses;
      throwOnCode(
        result?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
        `Cannot delete topic ${shown(name)}`,
        result?.errorMessage ?? null,
      );
      client.forgetTopic(name);
    },
  },
];
