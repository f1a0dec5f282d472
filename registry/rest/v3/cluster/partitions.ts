/** Partitions, their replicas, their offsets, and what is being reassigned. */
import { listPartitionReassignments, make } from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { listOffsets, type PartitionInfo, throwOnCode } from "../../../kafka/mod.ts";
import type { Links, Resource } from "./links.ts";
import type { V3Request, V3Route } from "./route.ts";

const NOT_FOUND = 40403;

async function partitionsOf(request: V3Request): Promise<readonly PartitionInfo[]> {
  return (await request.context.client.topic(request.param("topic"), { maxAgeMs: 0 })).partitions;
}

async function partitionOf(request: V3Request): Promise<PartitionInfo> {
  const number = request.number("partition");
  const found = (await partitionsOf(request)).find(({ partition }) => partition === number);
  if (found !== undefined) return found;
  const topic = request.param("topic");
  throw new HttpError(404, NOT_FOUND, `Topic ${shown(topic)} has no partition ${number}`);
}

function partitionResource(links: Links, topic: string, info: PartitionInfo): Resource {
  const { partition, leader } = info;
  const path = ["topics", topic, "partitions", partition];
  return links.resource("KafkaPartition", path, {
    topic_name: topic,
    partition_id: partition,
    ...(leader < 0 ? {} : { leader: links.related(...path, "replicas", leader) }),
    replicas: links.related(...path, "replicas"),
    reassignment: links.related(...path, "reassignment"),
  });
}

/** A replica of a partition on a broker. */
export function replicaResource(
  links: Links,
  topic: string,
  { partition, leader, isr }: PartitionInfo,
  broker: number,
): Resource {
  const path = ["topics", topic, "partitions", partition, "replicas", broker];
  return links.resource("KafkaReplica", path, {
    topic_name: topic,
    partition_id: partition,
    broker_id: broker,
    is_leader: broker === leader,
    is_in_sync: isr.includes(broker),
    broker: links.related("brokers", broker),
  });
}

/** What is being reassigned: of one topic or of all. */
async function reassignmentsOf(
  { context: { client }, links }: V3Request,
  topics: { name: string; partitionIndexes: number[] }[] | null,
): Promise<Resource[]> {
  const answer = await client.call(
    listPartitionReassignments,
    make(listPartitionReassignments.request, { topics }),
  );
  throwOnCode(answer.errorCode, "Cannot list what is being reassigned", answer.errorMessage);
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map((one) => {
      const path = ["topics", name, "partitions", one.partitionIndex];
      return links.resource("KafkaReassignment", [...path, "reassignment"], {
        topic_name: name,
        partition_id: one.partitionIndex,
        adding_replicas: one.addingReplicas,
        removing_replicas: one.removingReplicas,
        replicas: links.related(...path, "replicas"),
      });
    })
  );
}

const PARTITION = "/topics/{topic}/partitions/{partition}";

/** The calls; those with `-` stand before those with names. */
export const partitionRoutes: readonly V3Route[] = [
  {
    name: "reassignments.list-all",
    method: "get",
    path: "/topics/-/partitions/-/reassignment",
    doc: "Lists what is being reassigned in the cluster.",
    async serve(request) {
      const path = ["topics", "-", "partitions", "-", "reassignment"];
      return request.links.list("KafkaReassignment", path, await reassignmentsOf(request, null));
    },
  },
  {
    name: "reassignments.list",
    method: "get",
    path: "/topics/{topic}/partitions/-/reassignment",
    doc: "Lists what is being reassigned in a topic.",
    async serve(request) {
      const name = request.param("topic");
      const partitionIndexes = (await partitionsOf(request)).map(({ partition }) => partition);
      const data = await reassignmentsOf(request, [{ name, partitionIndexes }]);
      const path = ["topics", name, "partitions", "-", "reassignment"];
      return request.links.list("KafkaReassignment", path, data);
    },
  },
  {
    name: "partitions.list",
    method: "get",
    path: "/topics/{topic}/partitions",
    doc: "Lists the partitions of a topic.",
    async serve(request) {
      const name = request.param("topic");
      const data = (await partitionsOf(request)).map((info) =>
        partitionResource(request.links, name, info)
      );
      return request.links.list("KafkaPartition", ["topics", name, "partitions"], data);
    },
  },
  {
    name: "partitions.get",
    method: "get",
    path: PARTITION,
    doc: "Tells of one partition.",
    serve: async (request) =>
      partitionResource(request.links, request.param("topic"), await partitionOf(request)),
  },
  {
    name: "partitions.offset",
    method: "get",
    path: `${PARTITION}/offset`,
    doc: "Tells the first offset of a partition and the next one.",
    query: { offset_type: "earliest_and_latest, which is all there is." },
    async serve(request) {
      const type = request.query("offset_type") ?? "earliest_and_latest";
      if (type !== "earliest_and_latest") {
        throw new HttpError(
          400,
          400,
          `offset_type is ${shown(type)}; allowed: earliest_and_latest`,
        );
      }
      const topic = request.param("topic");
      const info = await partitionOf(request);
      const { partition } = info;
      const [first, next] = await listOffsets(request.context.client, [
        { topic, partition, at: "earliest" },
        { topic, partition, at: "latest" },
      ]);
      if (first!.error !== null) throw first!.error;
      if (next!.error !== null) throw next!.error;
      return {
        ...partitionResource(request.links, topic, info),
        kind: "KafkaPartitionWithOffsets",
        earliest_offset: first!.offset,
        latest_offset: next!.offset,
      };
    },
  },
  {
    name: "replicas.list",
    method: "get",
    path: `${PARTITION}/replicas`,
    doc: "Lists the replicas of a partition.",
    async serve(request) {
      const name = request.param("topic");
      const info = await partitionOf(request);
      const data = info.replicas.map((id) => replicaResource(request.links, name, info, id));
      const path = ["topics", name, "partitions", info.partition, "replicas"];
      return request.links.list("KafkaReplica", path, data);
    },
  },
  {
    name: "replicas.get",
    method: "get",
    path: `${PARTITION}/replicas/{broker}`,
    doc: "Tells of one replica.",
    async serve(request) {
      const info = await partitionOf(request);
      const broker = request.number("broker");
      if (!info.replicas.includes(broker)) {
        throw new HttpError(404, 404, `The partition has no replica on broker ${broker}`);
      }
      return replicaResource(request.links, request.param("topic"), info, broker);
    },
  },
  {
    name: "reassignments.get",
    method: "get",
    path: `${PARTITION}/reassignment`,
    doc: "Tells how a partition is being reassigned.",
    async serve(request) {
      const { partition } = await partitionOf(request);
      const name = request.param("topic");
      const [found] = await reassignmentsOf(request, [{ name, partitionIndexes: [partition] }]);
      if (found !== undefined) return found;
      throw new HttpError(
        404,
        404,
        `Partition ${partition} of ${shown(name)} is not being reassigned`,
      );
    },
  },
];
