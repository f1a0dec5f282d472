import { z } from "@hono/zod-openapi";
import { describeConfigs, errorCodes, make } from "../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../http/mod.ts";
import {
  KafkaError,
  listOffsets,
  type PartitionInfo,
  throwOnCode,
  type TopicInfo,
} from "../../kafka/mod.ts";
import type { RestContext } from "../context.ts";
import { restCodes } from "../errors.ts";
import { answer, pathInteger, pathText, type V2Request, type V2Route } from "./route.ts";
import { partitionShape, topicShape } from "./shapes.ts";

/** The kind of resource that a topic is in DescribeConfigs. */
const TOPIC_RESOURCE = 2;

/** What the cluster has: brokers, topics, partitions and their offsets. */
export function clusterRoutes(context: RestContext): V2Route[] {
  const { client } = context;
  return [
    {
      name: "api.v2.root.get",
      method: "get",
      path: "/",
      doc: "Nothing, from whoever is there.",
      answer: z.object({}),
      serve: (c) => answer(c, {}),
    },
    {
      name: "api.v2.root.post",
      method: "post",
      path: "/",
      doc: "Nothing, from whoever is there.",
      answer: z.object({}),
      serve: (c) => answer(c, {}),
    },
    {
      name: "api.v2.brokers.list",
      method: "get",
      path: "/brokers",
      doc: "The ids of the brokers.",
      answer: z.object({ brokers: z.array(z.int32()) }),
      async serve(c) {
        const { brokers } = await client.metadata([], { maxAgeMs: 0 });
        return answer(c, { brokers: brokers.map(({ id }) => id).sort((a, b) => a - b) });
      },
    },
    {
      name: "api.v2.topics.list",
      method: "get",
      path: "/topics",
      doc: "The names of the topics.",
      answer: z.array(z.string()),
      async serve(c) {
        const { topics } = await client.metadata(null, { maxAgeMs: 0 });
        return answer(c, [...topics.keys()].sort());
      },
    },
    {
      name: "api.v2.topics.get",
      method: "get",
      path: "/topics/{topic}",
      doc: "A topic with its configuration and its partitions.",
      answer: topicShape,
      errors: [40401, 40404],
      async serve(c) {
        const topic = await topicOf(context, c);
        const configs = await configsOf(context, topic.name);
        return answer(c, {
          name: topic.name,
          configs,
          partitions: topic.partitions.map(told),
        });
      },
    },
    {
      name: "api.v2.partitions.list",
      method: "get",
      path: "/topics/{topic}/partitions",
      doc: "The partitions of a topic.",
      answer: z.array(partitionShape),
      errors: [40401, 40404],
      async serve(c) {
        return answer(c, (await topicOf(context, c)).partitions.map(told));
      },
    },
    {
      name: "api.v2.partitions.get",
      method: "get",
      path: "/topics/{topic}/partitions/{partition}",
      doc: "One partition.",
      answer: partitionShape,
      errors: [40401, 40402, 40404],
      async serve(c) {
        return answer(c, told(await partitionOf(context, c)));
      },
    },
    {
      name: "api.v2.partitions.offsets",
      method: "get",
      path: "/topics/{topic}/partitions/{partition}/offsets",
      doc: "The first offset of a partition, and the next one.",
      answer: z.object({ beginning_offset: z.int(), end_offset: z.int() }),
      errors: [40401, 40402, 40404],
      async serve(c) {
        const { partition } = await partitionOf(context, c);
        const topic = pathText(c, "topic");
        const [beginning, end] = await listOffsets(client, [
          { topic, partition, at: "earliest" },
          { topic, partition, at: "latest" },
        ]);
        if (beginning!.error !== null) throw beginning!.error;
        if (end!.error !== null) throw end!.error;
        return answer(c, { beginning_offset: beginning!.offset, end_offset: end!.offset });
      },
    },
  ];
}

async function topicOf({ client }: RestContext, c: V2Request): Promise<TopicInfo> {
  const name = pathText(c, "topic");
  try {
    const { topics } = await client.metadata([name], { maxAgeMs: 0 });
    const topic = topics.get(name);
    throwOnCode(topic?.errorCode ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION, `Topic ${shown(name)}`);
    return topic!;
  } catch (error) {
    if (!(error instanceof KafkaError) || !NO_TOPIC.has(error.code)) throw error;
    throw new HttpError(404, restCodes.TOPIC_NOT_FOUND, `There is no topic ${shown(name)}`);
  }
}

const NO_TOPIC: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorCodes.INVALID_TOPIC_EXCEPTION,
]);

async function partitionOf(context: RestContext, c: V2Request): Promise<PartitionInfo> {
  const number = pathInteger(c, "partition");
  const { name, partitions } = await topicOf(context, c);
  const found = partitions.find(({ partition }) => partition === number);
  if (found !== undefined) return found;
  throw new HttpError(
    404,
    restCodes.PARTITION_NOT_FOUND,
    `Topic ${shown(name)} has no partition ${number}; it has ${partitions.length}`,
  );
}

function told({ partition, leader, replicas, isr }: PartitionInfo) {
  return {
    partition,
    leader,
    replicas: replicas.map((broker) => ({
      broker,
      leader: broker === leader,
      in_sync: isr.includes(broker),
    })),
  };
}

async function configsOf(
  { client }: RestContext,
  topic: string,
): Promise<Readonly<Record<string, string | null>>> {
  const { results } = await client.call(
    describeConfigs,
    make(describeConfigs.request, {
      resources: [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null }],
    }),
  );
  const [result] = results;
  throwOnCode(
    result?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR,
    `Cannot read the configuration of topic ${shown(topic)}`,
    result?.errorMessage ?? null,
  );
  return Object.fromEntries(result!.configs.map(({ name, value }) => [name, value]));
}
