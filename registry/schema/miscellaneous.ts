/** `/` and `/v1/metadata/...`: that it is there, which cluster it serves, which version it is. */
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import about from "../../deno.json" with { type: "json" };
import { type App, type AppEnv, negotiate } from "../http/mod.ts";
import type { KafkaClient } from "../kafka/mod.ts";
import { ANSWER_TYPES } from "./routes/mount.ts";

/** The level of the API that answers follow. */
const API_LEVEL = "8.1.0";

/** One of them. */
interface Telling {
  readonly methods: readonly ("get" | "post")[];
  readonly path: string;
  readonly doc: string;
  tell(): unknown;
}

/** Puts them into the app. */
export function mountMiscellaneous(
  app: App,
  { client, groupId }: { readonly client: KafkaClient; readonly groupId: string },
): void {
  /** Stays what it is, so that it is told while no broker is there. */
  let clusterId: string | null = null;
  const tellings: readonly Telling[] = [
    { methods: ["get", "post"], path: "/", doc: "Tells that it is there.", tell: () => ({}) },
    {
      methods: ["get"],
      path: "/v1/metadata/id",
      doc: "Tells the cluster that holds the schemas, and the group of this registry.",
      async tell() {
        clusterId ??= (await client.metadata([])).clusterId;
        const clusters = { "kafka-cluster": clusterId, "schema-registry-cluster": groupId };
        return { scope: { path: [], clusters } };
      },
    },
    {
      methods: ["get"],
      path: "/v1/metadata/version",
      doc: "Tells the level of the API, and the version of this program.",
      tell: () => ({ version: API_LEVEL, commitId: about.version }),
    },
    {
      methods: ["get"],
      path: "/v1/metadata/deployment",
      doc: "Tells how it is deployed.",
      tell: () => ({ attributes: [] }),
    },
  ];
  for (const { methods, path, doc, tell } of tellings) {
    for (const method of methods) {
      app.on(method.toUpperCase(), path, async (c: Context<AppEnv>) => {
        const type = negotiate(c.req.header("Accept") ?? null, ANSWER_TYPES);
        return c.newResponse(JSON.stringify(await tell()), 200, { "Content-Type": type });
      });
      const content = { [ANSWER_TYPES[0]]: { schema: z.looseObject({}) } };
      app.openAPIRegistry.registerPath({
        ...{ method, path, summary: doc },
        responses: { 200: { description: doc, content } },
      });
    }
  }
}
