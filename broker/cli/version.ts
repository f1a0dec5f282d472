import about from "../../deno.json" with { type: "json" };
import { command } from "./command.ts";
import { onOff } from "./flags.ts";

/** The Kafka release whose wire and disk formats this program has. */
export const KAFKA_RELEASE = "4.4";

/** This program's version. */
export const VERSION: string = about.version;

/** The commit that the executable was made of; null when it runs from source. */
function commitOfExecutable(): string | null {
  if (!Deno.build.standalone) return null;
  // Written and embedded by scripts/compile.ts.
  const stamp = Deno.readTextFileSync(new URL("../../dist/build/stamp.json", import.meta.url));
  return (JSON.parse(stamp) as { commit: string }).commit;
}

/** `kafkats version`. */
export const versionCommand = command({
  name: "version",
  summary: "Print which version of kafkats this is.",
  usage: "",
  examples: ["kafkats version", "kafkats version --json"],
  flags: { json: onOff("Print JSON.") },
  async run({ json }, io) {
    const deno = Deno.version.deno;
    const versions = { kafkats: VERSION, commit: commitOfExecutable(), kafka: KAFKA_RELEASE, deno };
    const commit = versions.commit === null ? "from source" : `commit ${versions.commit}`;
    await io.stdout.write(
      json
        ? `${JSON.stringify(versions)}\n`
        : `kafkats ${VERSION} (${commit}, Apache Kafka ${KAFKA_RELEASE}, Deno ${deno})\n`,
    );
    return 0;
  },
});
