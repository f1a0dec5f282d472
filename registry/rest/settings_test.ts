import { assertEquals, assertThrows } from "@std/assert";
import { SettingsError } from "../settings/mod.ts";
import { servedEndpoints } from "./served_endpoints.ts";
import { loadRestSettings, passedOnUnder } from "./settings.ts";
import { consumerDefaults } from "./v2/mod.ts";

Deno.test("options come from properties, then the environment, then overrides", () => {
  const loaded = loadRestSettings({
    properties: "bootstrap.servers=a:1,b:2\nid=one\nclient.security.protocol=SSL\nnonsense=1",
    environment: { KAFKA_REST_ID: "two", KAFKA_REST_CONSUMER_REQUEST_TIMEOUT_MS: "7" },
    overrides: ["id=three"],
  });
  assertEquals(loaded.settings["bootstrap.servers"], ["a:1", "b:2"]);
  assertEquals(loaded.settings.id, "three");
  assertEquals(loaded.settings["consumer.request.timeout.ms"], 7);
  assertEquals(loaded.settings["consumer.instance.timeout.ms"], 300_000);
  assertEquals(passedOnUnder(loaded, "client."), { "security.protocol": "SSL" });
  assertEquals(loaded.warnings.length, 1);
});

Deno.test("a bad option is named with its value and what is allowed", () => {
  const overrides = ["fetch.min.bytes=many"];
  assertThrows(
    () => loadRestSettings({ overrides }),
    SettingsError,
    "fetch.min.bytes=many: allowed is a whole number, -1 to 10000000",
  );
});

Deno.test("consumers take Kafka's own option names", () => {
  assertEquals(
    consumerDefaults({
      "auto.offset.reset": "earliest",
      "enable.auto.commit": "false",
      "session.timeout.ms": "6000",
      "unknown": "x",
    }),
    { autoOffsetReset: "earliest", autoCommit: false, sessionTimeoutMs: 6000 },
  );
  assertThrows(
    () => consumerDefaults({ "isolation.level": "x" }),
    SettingsError,
    "consumer.isolation.level=x",
  );
});

Deno.test("servedEndpoints() lets blocked ones out of the allowed", () => {
  const isServed = servedEndpoints(["api.v2.*", "api.v3.topics.list"], ["api.v2.root.*"]);
  assertEquals(
    ["api.v2.topics.list", "api.v2.root.get", "api.v3.topics.list", "api.v3.topics.get"]
      .map(isServed),
    [true, false, true, false],
  );
  assertEquals(servedEndpoints([], [])("api.v2.root.get"), true);
});
