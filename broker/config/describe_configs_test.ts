import { assertEquals } from "@std/assert";
import { describeBroker, describeTopic } from "./describe_configs.ts";
import { loadConfig } from "./load_config.ts";

Deno.test("a node's own defaults are told as defaults", async () => {
  const { config } = await loadConfig({});
  const options = { names: ["node.id", "listeners", "log.dirs"], includeSynonyms: true };
  assertEquals(
    describeBroker(config, options).map(({ name, value, configSource }) => [
      name,
      value,
      configSource,
    ]),
    [
      ["listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093", 5],
      ["log.dirs", "./kafkats-data", 5],
      ["node.id", "1", 5],
    ],
  );
});

Deno.test("secrets are never told, nor the values of unknown options", async () => {
  const { config } = await loadConfig({
    overrides: ["ssl.key.password=geheim", "my.own.option=geheim", "sasl.jaas.config=geheim"],
  });
  const text = JSON.stringify(describeBroker(config, { includeSynonyms: true }));
  assertEquals(text.includes("geheim"), false);
});

Deno.test("documentation is told when asked for", async () => {
  const { config } = await loadConfig({});
  const options = { names: ["retention.ms"], includeDocumentation: true };
  assertEquals(describeTopic(config, new Map(), options)[0]?.documentation?.endsWith("."), true);
  assertEquals(
    describeTopic(config, new Map(), { names: ["retention.ms"] })[0]?.documentation,
    null,
  );
});
