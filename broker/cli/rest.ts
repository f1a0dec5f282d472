import { serviceCommand } from "./service_command.ts";

/** `kafkats rest`: the REST proxy alone, beside a broker that runs elsewhere. */
export const restCommand = serviceCommand({
  name: "rest",
  summary: "Run a REST proxy (v2 and v3) on a broker; Ctrl-C stops it cleanly.",
  examples: [
    "kafkats rest",
    "kafkats rest rest.properties",
    "kafkats rest --override bootstrap.servers=broker1:9092 --override schema.registry.url=http://registry:8081",
    "KAFKA_REST_LISTENERS=http://0.0.0.0:8082 kafkats rest",
  ],
  async start(inputs) {
    const { startRest } = await import("../../registry/mod.ts");
    return await startRest(inputs);
  },
});
