import { type BrokerSuite, CheckError, equal, output, runCheck } from "./suite.ts";
import { preparePython, pythonPath } from "./prepare.ts";
import { startTestServices, type TestServices } from "./test_services.ts";

const ROOT = new URL("../../", import.meta.url);
const BYTES_MAX = 130_000_000;
const JSON_V2 = "application/vnd.kafka.json.v2+json";
/** A program alone: no Deno, no Node, nothing but the tools that every system has. */
const BARE_PATH = "/usr/bin:/bin";

const consumeProgram = `
import sys
from kafka import KafkaConsumer
consumer = KafkaConsumer(sys.argv[2], bootstrap_servers=sys.argv[1], auto_offset_reset="earliest", consumer_timeout_ms=20000)
print(next(consumer).value.decode())
`;

/** The compiled executable: made, started in an empty folder, used by curl and kafka-python, stopped. */
export const executable: BrokerSuite = {
  name: "executable",
  async prepare() {
    if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
      return "the runtime for tests is for Linux on x86_64";
    }
    return await preparePython();
  },
  async runBrokers(_apache, tell) {
    const path = new URL("dist/kafkats", ROOT).pathname;
    await runCheck(tell, "compiles, within its size", async () => {
      const script = new URL("scripts/compile.ts", ROOT).pathname;
      await output(Deno.execPath(), ["run", "-A", script, "--test-runtime"]);
      const { size } = await Deno.stat(path);
      if (size > BYTES_MAX) throw new CheckError(`it has ${size} bytes, more than ${BYTES_MAX}`);
    });
    await runCheck(tell, "tells version and commit", async () => {
      const told = JSON.parse(await output(path, ["version", "--json"], { env: bare() }));
      equal(/^[0-9a-f]{12}(-changed)?$/.test(told.commit), true, `commit ${told.commit}`);
    });
    const services = await startTestServices({ program: ["env", "-i", `PATH=${BARE_PATH}`, path] });
    try {
      await runCheck(
        tell,
        "curl produces what kafka-python consumes",
        () => produceAndConsume(services),
      );
      await runCheck(tell, "curl registers a schema and reads it", () => registerAndRead(services));
      await runCheck(tell, "the documentation pages come with it", () => readDocs(services));
    } finally {
      await runCheck(
        tell,
        "ends cleanly",
        async () => equal(await services.stop(), 0, "exit code"),
      );
    }
  },
};

function bare(): Record<string, string> {
  return { PATH: BARE_PATH };
}

async function produceAndConsume({ bootstrap, restUrl }: TestServices): Promise<void> {
  const body = '{"records":[{"value":{"user":"ana"}}]}';
  const header = `Content-Type: ${JSON_V2}`;
  const answer = await output("curl", [
    "-sS",
    "-H",
    header,
    "--data",
    body,
    `${restUrl}/topics/user-events`,
  ]);
  const offsets = [{ partition: 0, offset: 0, error_code: null, error: null }];
  equal(JSON.parse(answer), { offsets, key_schema_id: null, value_schema_id: null }, "answer");
  const read = await output(pythonPath(), ["-c", consumeProgram, bootstrap, "user-events"]);
  equal(read.trim(), '{"user":"ana"}', "record");
}

async function registerAndRead({ registryUrl }: TestServices): Promise<void> {
  const schema = '{"type":"record","name":"User","fields":[{"name":"user","type":"string"}]}';
  const { id } = JSON.parse(
    await output("curl", [
      "-sS",
      "-H",
      "Content-Type: application/vnd.schemaregistry.v1+json",
      "--data",
      JSON.stringify({ schema }),
      `${registryUrl}/subjects/user-events-value/versions`,
    ]),
  );
  const text = await output("curl", ["-sS", `${registryUrl}/schemas/ids/${id}/schema`]);
  equal(JSON.parse(text), JSON.parse(schema), "schema");
}

async function readDocs({ registryUrl, restUrl }: TestServices): Promise<void> {
  for (const url of [registryUrl, restUrl]) {
    for (
      const path of ["/openapi.json", "/docs", "/docs/swagger-ui-bundle.js", "/metrics", "/health"]
    ) {
      await output("curl", ["-sSf", "-o", "/dev/null", `${url}${path}`]);
    }
  }
}
