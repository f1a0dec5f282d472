/** Topics that nobody made come into being as Kafka would make them. */
import { assertEquals } from "@std/assert";
import { startBroker } from "../../broker/mod.ts";
import type { JsonObject } from "../wire/json_text.ts";
import { Asker, first } from "./asking.ts";

const UNKNOWN_TOPIC = 3;
/** Of a value that was set on the topic itself. */
const TOPIC_SOURCE = 1;

Deno.test("internal topics are made with the settings that their coordinators need", async () => {
  const dataDirectory = await Deno.makeTempDir({ prefix: "kafkats-auto-" });
  {
    await using broker = await startBroker({ dataDirectory, overrides: { "num.partitions": "3" } });
    const asker = new Asker({ host: "127.0.0.1", port: broker.port });
    const ask = async (name: string) => {
      const described = await asker.ask({
        api: "Metadata",
        version: 12,
        retryOn: [UNKNOWN_TOPIC, 5],
        body: { topics: [{ name }], allowAutoTopicCreation: true },
      });
      const configs = await asker.ask({
        api: "DescribeConfigs",
        version: 4,
        body: {
          resources: [{ resourceType: 2, resourceName: name, configurationKeys: null }],
        },
      });
      const own = (first(configs.results).configs as JsonObject[])
        .filter(({ configSource }) => configSource === TOPIC_SOURCE)
        .map(({ name, value }) => `${name}=${value}`).sort();
      return [(first(described.topics).partitions as JsonObject[]).length, ...own];
    };
    assertEquals(await ask("plain"), [3]);
    assertEquals(await ask("__transaction_state"), [
      50,
      "cleanup.policy=compact",
      "compression.type=uncompressed",
      "min.insync.replicas=1",
      "segment.bytes=104857600",
      "unclean.leader.election.enable=false",
    ]);
    assertEquals(await ask("__share_group_state"), [
      50,
      "cleanup.policy=delete",
      "compression.type=producer",
      "min.insync.replicas=1",
      "retention.ms=-1",
      "segment.bytes=104857600",
    ]);
    await asker.end();
  }
  await Deno.remove(dataDirectory, { recursive: true });
});
