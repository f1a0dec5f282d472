/** Calls of v3 that tell of a cluster and change it: brokers, topics, partitions, options, groups, ACLs. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type App, type AppEnv, negotiate } from "../../../http/mod.ts";
import { requestBaseUrl } from "../../base_url.ts";
import type { RestContext } from "../../context.ts";
import { checkedClusterId } from "../../streams/cluster_id.ts";
import { aclRoutes } from "./acls.ts";
import { brokerRoutes } from "./brokers.ts";
import { configRoutes } from "./configs.ts";
import { groupRoutes } from "./groups.ts";
import { Links, type Resource } from "./links.ts";
import { partitionRoutes } from "./partitions.ts";
import { mountV3Routes } from "./route.ts";
import { topicRoutes } from "./topics.ts";

/** Puts all of them into an app, under `/v3` and `/kafka/v3`. */
export function mountCluster(app: App, context: RestContext): void {
  mountClusters(app, context);
  // Paths with `-` for all stand before those with a name there.
  mountV3Routes(app, context, [
    ...configRoutes,
    ...partitionRoutes,
    ...brokerRoutes,
    ...topicRoutes,
    ...groupRoutes,
    ...aclRoutes,
  ]);
}

function mountClusters(app: App, context: RestContext): void {
  const { client } = context;
  function base(c: Context<AppEnv>): string {
    const prefix = c.req.path.startsWith("/kafka/") ? "/kafka/v3" : "/v3";
    return `${requestBaseUrl(c, context.settings)}${prefix}`;
  }
  async function resource(c: Context<AppEnv>): Promise<Resource> {
    negotiate(c.req.header("Accept") ?? null, ["application/json"]);
    const { clusterId, controllerId } = await client.metadata([], { maxAgeMs: 0 });
    const links = new Links(base(c), clusterId ?? "");
    return links.resource("KafkaCluster", [], {
      ...(controllerId < 0 ? {} : { controller: links.related("brokers", controllerId) }),
      acls: links.related("acls"),
      brokers: links.related("brokers"),
      broker_configs: links.related("broker-configs"),
      consumer_groups: links.related("consumer-groups"),
      topics: links.related("topics"),
      partition_reassignments: links.related("topics", "-", "partitions", "-", "reassignment"),
    });
  }
  if (context.isServed("api.v3.clusters.list")) {
    app.on("GET", ["/v3/clusters", "/kafka/v3/clusters"], async (c) => {
      const metadata = { self: `${base(c)}/clusters`, next: null };
      return c.json({ kind: "KafkaClusterList", metadata, data: [await resource(c)] });
    });
    describe(app, "api.v3.clusters.list", "/v3/clusters", "Lists the cluster.");
  }
  if (context.isServed("api.v3.clusters.get")) {
    const paths = ["/v3/clusters/:cluster_id", "/kafka/v3/clusters/:cluster_id"];
    app.on("GET", paths, async (c) => {
      await checkedClusterId(context, c.req.param("cluster_id") ?? "");
      return c.json(await resource(c));
    });
    describe(app, "api.v3.clusters.get", "/v3/clusters/{cluster_id}", "Tells of the cluster.");
  }
}

function describe(app: App, operationId: string, path: string, summary: string): void {
  const params = path.includes("{") ? z.object({ cluster_id: z.string() }) : z.object({});
  app.openAPIRegistry.registerPath({
    method: "get",
    path,
    operationId,
    tags: ["v3"],
    summary,
    request: { params },
    responses: {
      200: { description: summary, content: { "application/json": { schema: z.looseObject({}) } } },
      404: { description: "There is no such cluster here." },
      500: { description: "It failed." },
      503: { description: "No broker can be reached." },
    },
  });
}
