import { serviceCommand } from "./service_command.ts";

/** `kafkats registry`: the schema registry alone, beside a broker that runs elsewhere. */
export const registryCommand = serviceCommand({
  name: "registry",
  summary: "Run a schema registry on a broker; Ctrl-C stops it cleanly.",
  examples: [
    "kafkats registry",
    "kafkats registry registry.properties",
    "kafkats registry --override kafkastore.bootstrap.servers=broker1:9092,broker2:9092",
    "SCHEMA_REGISTRY_LISTENERS=http://0.0.0.0:8081 kafkats registry",
  ],
  async start(inputs) {
    const { startRegistry } = await import("../../registry/mod.ts");
    return await startRegistry(inputs);
  },
});
