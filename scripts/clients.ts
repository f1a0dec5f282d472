/**
 * `deno task clients`: foreign clients against a fresh broker each.
 *
 *     deno task clients [NAME ...]             only these suites
 *     deno task clients --apache               against Apache Kafka instead of ours
 *     deno task clients --bootstrap HOST:PORT  against a broker that runs already (not: flights, disk,
 *                                              directories, which start their own)
 *     deno task clients --list                 their names
 *
 * Installs what a client needs into a cache folder (see tests/clients/prepare.ts); a client that
 * can't be had here is skipped, with the reason. The last line counts the checks.
 */
import { parseArgs } from "@std/cli/parse-args";
import { confluentKafka, kafkaPython } from "../tests/clients/python.ts";
import { disk } from "../tests/clients/disk.ts";
import { restV2, schemaSerdes } from "../tests/clients/http_services.ts";
import { executable } from "../tests/clients/executable.ts";
import { curlGolden } from "../tests/clients/golden.ts";
import { flights } from "../tests/clients/flights.ts";
import { javaTools } from "../tests/clients/java_tools.ts";
import { kafkaDirectories } from "../tests/clients/kafka_directories.ts";
import { kafkaJs } from "../tests/clients/kafkajs.ts";
import { kcat } from "../tests/clients/kcat.ts";
import { platformatic } from "../tests/clients/platformatic.ts";
import { type BrokerSuite, type Check, errorText, type Suite } from "../tests/clients/suite.ts";
import { schemaRegistryJs } from "../tests/clients/schemaregistry_js.ts";
import { schemathesis } from "../tests/clients/schemathesis.ts";
import { startTestBroker } from "../tests/clients/test_broker.ts";
import { Tally } from "./steps.ts";

const SUITES: readonly (Suite | BrokerSuite)[] = [
  platformatic,
  kafkaJs,
  kafkaPython,
  confluentKafka,
  kcat,
  javaTools,
  flights,
  disk,
  kafkaDirectories,
  schemaSerdes,
  restV2,
  curlGolden,
  schemaRegistryJs,
  schemathesis,
  executable,
];

async function runSuite(
  suite: Suite | BrokerSuite,
  options: { readonly apache: boolean; readonly bootstrap: string | null },
  tell: (check: Check) => void,
): Promise<void> {
  if ("runBrokers" in suite) return await suite.runBrokers(options.apache, tell);
  if (options.bootstrap !== null) return await suite.run(options.bootstrap, tell);
  await using broker = await startTestBroker({
    apache: options.apache,
    properties: { "offsets.topic.num.partitions": "5" },
  });
  await suite.run(broker.bootstrap, tell);
}

const flags = parseArgs(Deno.args, {
  boolean: ["apache", "list"],
  string: ["bootstrap"],
  unknown: (arg) => {
    if (!arg.startsWith("-")) return true;
    console.error(`Unknown flag ${arg}; known: --apache, --bootstrap HOST:PORT, --list`);
    Deno.exit(2);
  },
});
if (flags.list) {
  for (const { name } of SUITES) console.log(name);
  Deno.exit(0);
}
const wanted = flags._.map(String);
for (const name of wanted) {
  if (SUITES.some((suite) => suite.name === name)) continue;
  console.error(`Unknown suite ${name}; known: ${SUITES.map((suite) => suite.name).join(", ")}`);
  Deno.exit(2);
}
const tally = new Tally();
const options = {
  apache: flags.apache === true,
  bootstrap: typeof flags.bootstrap === "string" ? flags.bootstrap : null,
};
for (const suite of SUITES) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
  const started = performance.now();
  const why = await suite.prepare();
  if (why !== null) {
    tally.skip(suite.name, why);
    continue;
  }
  const tell = (check: Check) => tally.check(`${suite.name}: ${check.name}`, check);
  try {
    await runSuite(suite, options, tell);
  } catch (error) {
    tell({ name: "runs", passed: false, details: [errorText(error)] });
  }
  console.log(`${suite.name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
tally.finish();
