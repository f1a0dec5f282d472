import about from "../../deno.json" with { type: "json" };
import { command } from "./command.ts";
import { onOff } from "./flags.ts";

/** The Kafka release whose wire and disk formats this program has. */
export const KAFKA_RELEASE = "4.4";

/** This program's version. */
export const VERSION: string = about.version;

/** `kafkats version`. */
export const versionCommand = command({
  name: "version",
  summary: "Print which version of kafkats this is.",
  usage: "",
  examples: ["kafkats version", "kafkats version --json"],
  flags: { json: onOff("Print JSON.") },
  async run({ json }, io) {
    const versions = { kafkats: VERSION, kafka: KAFKA_RELEASE, deno: Deno.version.deno };
    await io.stdout.write(
      json
        ? `${JSON.stringify(versions)}\n`
        : `kafkats ${VERSION} (Apache Kafka ${KAFKA_RELEASE}, Deno ${Deno.version.deno})\n`,
    );
    return 0;
  },
});
