/**
 * The npm package @confluentinc/schemaregistry by the tests that it publishes: its end-to-end tests, and its
 * serializers' tests, which it runs against a registry of its own make in memory, against ours.
 */
import { npmFolder, prepareNpm } from "./prepare.ts";
import { type BrokerSuite, type Check, CheckError, equal } from "./suite.ts";
import { startTestBroker } from "./test_broker.ts";
import { startTestServices, type TestServices } from "./test_services.ts";

const FOLDER = "schemaregistry-js";
const PACKAGES = ["@confluentinc/schemaregistry@1.10.1", "jest@29.7.0", "kafkajs@2.2.4"];
const SPECS = [
  "test/serde/avro.spec.js",
  "test/serde/json.spec.js",
  "test/serde/protobuf.spec.js",
  "e2e/schemaregistry-client.spec.js",
  "e2e/schemaregistry-avro.spec.js",
  "e2e/schemaregistry-json.spec.js",
];
const SECONDS_MAX = 150;

/** Tests that ask for what isn't so here, by expressions for their names, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "encryption": "the DEK registry is not served",
  "AvroSerializer serialize bytes": "wants to register the first schema of all",
  "ProtobufSerdeWithAssociatedNameStrategy (?:serializes|uses)":
    "associates a subject that has no schemas yet, which is refused here",
  "Should register, retrieve, and delete": "wants a schema by id as told before level 8",
  "Should get schema metadata": "wants a version as told before level 8",
};

/** The package's own tests, as far as they ask for what is served. */
export const schemaRegistryJs: BrokerSuite = {
  name: "schemaregistry-js",
  prepare: () => prepareNpm(FOLDER, PACKAGES),
  async runBrokers(apache, tell) {
    await using broker = apache ? await startTestBroker({ apache }) : null;
    await using services = await startTestServices(
      broker === null ? {} : { bootstrap: broker.bootstrap },
    );
    // The registry that the serializers' tests know takes any schema.
    const answer = await fetch(`${services.registryUrl}/config`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: '{"compatibility":"NONE"}',
    });
    equal(await answer.json(), { compatibility: "NONE" }, "the level");
    const directory = await copyPackage(services);
    for (const check of await runJest(directory)) tell(check);
  },
};

/** Puts a copy of the package beside its dependencies, with the addresses that its tests are to use. */
async function copyPackage({ bootstrap, registryUrl }: TestServices): Promise<string> {
  const folder = npmFolder(FOLDER), copy = `${folder}/under-test`;
  await Deno.remove(copy, { recursive: true }).catch(() => {});
  await copyTree(`${folder}/node_modules/@confluentinc/schemaregistry/dist`, copy);
  const shim = new URL("schemaregistry_js/kafka_javascript.cjs", import.meta.url);
  await Deno.copyFile(shim, `${copy}/kafka_javascript.cjs`);
  for (const file of [...SPECS, "test/test-constants.js"]) {
    const text = await Deno.readTextFile(`${copy}/${file}`);
    const changed = text
      .replaceAll("http://localhost:8081", registryUrl)
      .replaceAll("localhost:9092", bootstrap)
      .replaceAll("baseURL = 'mock://'", `baseURL = '${registryUrl}'`)
      // Its registry in memory is another one for each file, and deletes a subject that isn't there.
      .replaceAll(
        /await client\.deleteSubject\(subject, (true|false)\);/g,
        "for (const name of [subject, 'demo-value']) await client.deleteSubject(name, $1).catch(() => {});",
      )
      // kafkajs shares a group's topics among members that subscribe to the same ones only.
      .replaceAll("groupId: 'test-group'", "groupId: require('node:crypto').randomUUID()");
    await Deno.writeTextFile(`${copy}/${file}`, changed);
  }
  return copy;
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** What Jest writes of a test and of a file of tests. */
interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: "passed" | "failed" | "pending";
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

async function runJest(directory: string): Promise<Check[]> {
  const config = {
    rootDir: directory,
    testMatch: SPECS.map((file) => `<rootDir>/${file}`),
    transform: {},
    moduleNameMapper: {
      "^@confluentinc/kafka-javascript$": "<rootDir>/kafka_javascript.cjs",
      "^@confluentinc/schemaregistry/(.*)$": "<rootDir>/$1",
    },
  };
  const report = `${directory}/report.json`;
  const { code, stderr } = await new Deno.Command("timeout", {
    args: [
      String(SECONDS_MAX),
      "node",
      `${npmFolder(FOLDER)}/node_modules/jest/bin/jest.js`,
      `--config=${JSON.stringify(config)}`,
      `--testNamePattern=^(?!.*(${Object.keys(LEFT_OUT).join("|")}))`,
      "--runInBand",
      "--forceExit",
      "--json",
      `--outputFile=${report}`,
    ],
    cwd: directory,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 124) throw new CheckError(`no end after ${SECONDS_MAX} s`);
  const text = await Deno.readTextFile(report).catch(() => null);
  if (text === null) throw new CheckError(new TextDecoder().decode(stderr).slice(-3000));
  return [...checksOf(JSON.parse(text) as JestReport)];
}

function* checksOf({ testResults }: JestReport): Generator<Check> {
  for (const { name, message, assertionResults } of testResults) {
    const file = name.split("/").at(-1)!.replace(".spec.js", "");
    if (assertionResults.length === 0) {
      yield { name: `${file}: runs`, passed: false, details: message.split("\n") };
    }
    for (const { fullName, status, failureMessages } of assertionResults) {
      if (status === "pending") continue;
      const details = failureMessages.join("\n").split("\n");
      yield { name: `${file}: ${fullName}`, passed: status === "passed", details };
    }
  }
}
