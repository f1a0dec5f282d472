import { preparePython, pythonPath } from "./prepare.ts";
import { type BrokerSuite, type Check, CheckError, errorText } from "./suite.ts";
import { startTestBroker } from "./test_broker.ts";
import { startTestServices } from "./test_services.ts";

const SECONDS_MAX = 180;
const EXAMPLES = "10";
/** What never ends by itself is asked elsewhere. */
const ENDLESS = "records:stream";

/** Requests drawn from the services' own documents, odd ones too: none may be answered with a 5xx. */
export const schemathesis: BrokerSuite = {
  name: "schemathesis",
  prepare: preparePython,
  async runBrokers(apache, tell) {
    await using broker = apache ? await startTestBroker({ apache }) : null;
    await using services = await startTestServices(
      broker === null ? {} : { bootstrap: broker.bootstrap },
    );
    const { registryUrl, restUrl } = services;
    const clusters = await (await fetch(`${restUrl}/v3/clusters`)).json();
    const { cluster_id: cluster } = clusters.data[0] as { cluster_id: string };
    await produce(restUrl);
    // Ids that exist, or every answer were a 404.
    const parameters = { "path.cluster_id": cluster, "path.topic_name": TOPIC };
    for (const [name, url] of [["registry", registryUrl], ["REST proxy", restUrl]] as const) {
      const check = `the ${name} answers any request of its document without a 5xx`;
      await run(check, url, parameters, tell);
    }
  },
};

const TOPIC = "asked";

async function produce(restUrl: string): Promise<void> {
  const answer = await fetch(`${restUrl}/topics/${TOPIC}`, {
    method: "POST",
    headers: { "Content-Type": "application/vnd.kafka.json.v2+json" },
    body: JSON.stringify({ records: [{ value: 1 }] }),
  });
  if (!answer.ok) throw new CheckError(`producing is answered ${answer.status}`);
  await answer.body?.cancel();
}

async function run(
  name: string,
  url: string,
  parameters: Readonly<Record<string, string>>,
  tell: (check: Check) => void,
): Promise<void> {
  const config = await Deno.makeTempFile({ prefix: "kafkats-", suffix: ".toml" });
  try {
    const lines = Object.entries(parameters).map(([key, value]) => `"${key}" = "${value}"`);
    await Deno.writeTextFile(config, `[parameters]\n${lines.join("\n")}\n`);
    const text = await program([
      "--config-file",
      config,
      "run",
      `${url}/openapi.json`,
      "--checks=not_a_server_error",
      `--max-examples=${EXAMPLES}`,
      "--seed=1",
      "--phases=coverage,fuzzing",
      `--exclude-path-regex=${ENDLESS}`,
      "--no-color",
    ]);
    tell({ name, passed: true, details: [text.trimEnd().split("\n").at(-1) ?? ""] });
  } catch (error) {
    tell({ name, passed: false, details: errorText(error).split("\n") });
  } finally {
    await Deno.remove(config);
  }
}

/** Runs it; fails with what it found, or when it does not end. */
async function program(args: readonly string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command("timeout", {
    args: [String(SECONDS_MAX), pythonPath(), "-m", "schemathesis.cli", ...args],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code === 0) return text;
  if (code === 124) throw new CheckError(`no end after ${SECONDS_MAX} s`);
  const from = text.indexOf("FAILURES");
  throw new CheckError(text.slice(Math.max(0, from), from + 3000));
}
