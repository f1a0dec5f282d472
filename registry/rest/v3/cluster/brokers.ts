/** The brokers of the cluster, and what lies on them. */
import { HttpError } from "../../../http/mod.ts";
import type { Broker } from "../../../kafka/mod.ts";
import { replicaResource } from "./partitions.ts";
import type { V3Request, V3Route } from "./route.ts";

function brokerResource({ links }: V3Request, { id, host, port, rack }: Broker) {
  return links.resource("KafkaBroker", ["brokers", id], {
    broker_id: id,
    host,
    port,
    rack,
    configs: links.related("brokers", id, "configs"),
    partition_replicas: links.related("brokers", id, "partition-replicas"),
  });
}

async function brokersOf({ context: { client } }: V3Request): Promise<readonly Broker[]> {
  const { brokers } = await client.metadata([], { maxAgeMs: 0 });
  return brokers.toSorted((a, b) => a.id - b.id);
}

/** The broker of the path. Throws 404. */
export async function brokerOf(request: V3Request): Promise<Broker> {
  const id = request.number("broker");
  const broker = (await brokersOf(request)).find((one) => one.id === id);
  if (broker !== undefined) return broker;
  throw new HttpError(404, 404, `There is no broker ${id}`);
}

/** The calls. */
export const brokerRoutes: readonly V3Route[] = [
  {
    name: "brokers.list",
    method: "get",
    path: "/brokers",
    doc: "Lists the brokers.",
    async serve(request) {
      const brokers = await brokersOf(request);
      const data = brokers.map((broker) => brokerResource(request, broker));
      return request.links.list("KafkaBroker", ["brokers"], data);
    },
  },
  {
    name: "brokers.get",
    method: "get",
    path: "/brokers/{broker}",
    doc: "Tells of one broker.",
    serve: async (request) => brokerResource(request, await brokerOf(request)),
  },
  {
    name: "brokers.replicas",
    method: "get",
    path: "/brokers/{broker}/partition-replicas",
    doc: "Lists the replicas that a broker holds.",
    async serve(request) {
      const { id } = await brokerOf(request);
      const { topics } = await request.context.client.metadata(null, { maxAgeMs: 0 });
      const data = [...topics.values()].flatMap(({ name, partitions }) =>
        partitions.filter(({ replicas }) => replicas.includes(id))
          .map((partition) => replicaResource(request.links, name, partition, id))
      );
      return request.links.list("KafkaReplica", ["brokers", id, "partition-replicas"], data);
    },
  },
];
