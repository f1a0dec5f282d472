import { assertEquals, assertThrows } from "@std/assert";
import { loadRegistrySettings } from "./settings.ts";

Deno.test("options have the names that users of registries know, old ones too", () => {
  const { settings, passedOn, warnings } = loadRegistrySettings({
    properties: "avro.compatibility.level=full\nkafkastore.security.protocol=SASL_SSL\n",
    environment: { SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: "PLAINTEXT://a:1,b:2" },
    overrides: ["schema.max.length=10"],
  });
  assertEquals(settings["schema.compatibility.level"], "full");
  assertEquals(settings["schema.max.length"], 10);
  assertEquals(settings["kafkastore.bootstrap.servers"].length, 2);
  assertEquals(passedOn.get("kafkastore.security.protocol"), "SASL_SSL");
  assertEquals(warnings.length, 1);
});

Deno.test("an option out of its range is refused by name", () => {
  const load = (option: string) => () => loadRegistrySettings({ overrides: [option] });
  assertThrows(load("schema.max.length=0"), Error, "schema.max.length");
  assertThrows(load("kafkastore.timeout.ms=soon"), Error, "kafkastore.timeout.ms");
  assertThrows(load("inter.instance.protocol=gopher"), Error, "inter.instance.protocol");
});
