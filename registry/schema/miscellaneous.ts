/** `/` and `/v1/metadata/...`: that it is there, which cluster it serves, which version it is. */
import about from "../../deno.json" with { type: "json" };
import type { App } from "../http/mod.ts";
import type { KafkaClient } from "../kafka/mod.ts";

/** The level of the API that answers follow. */
const API_LEVEL = "8.1.0";

/** Puts them into the app. */
export function mountMiscellaneous(
  app: App,
  { client, groupId }: { readonly client: KafkaClient; readonly groupId: string },
): void {
  app.on(["GET", "POST"], "/", (c) => c.json({}));
  app.get("/v1/metadata/id", async (c) => {
    const { clusterId } = await client.metadata([]);
    const clusters = { "kafka-cluster": clusterId, "schema-registry-cluster": groupId };
    return c.json({ scope: { path: [], clusters } });
  });
  app.get("/v1/metadata/version", (c) => c.json({ version: API_LEVEL, commitId: about.version }));
  app.get("/v1/metadata/deployment", (c) => c.json({ attributes: [] }));
}
