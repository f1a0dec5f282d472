import { kafkaTool, prepareJava } from "./prepare.ts";
import { type Checks, equal, errorText, output, runChecks, type Suite } from "./suite.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"];

/** Runs one of Kafka's own command-line tools and gives what it printed. */
function tool(name: string, args: readonly string[], options: { stdin?: string } = {}) {
  return output(kafkaTool, [name, ...args], options);
}

/** The text of a tool that must fail. */
async function refusal(name: string, args: readonly string[]): Promise<string> {
  try {
    const said = await tool(name, args);
    // Some tools tell a failure with exit code 0.
    return said;
  } catch (error) {
    return errorText(error);
  }
}

async function topics(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  const create = [
    "--create",
    "--topic",
    "jt-topics",
    "--partitions",
    "3",
    "--config",
    "retention.ms=1000000",
  ];
  await tool("topics", [...server, ...create]);
  const described = await tool("topics", [...server, "--describe", "--topic", "jt-topics"]);
  equal(/PartitionCount: 3\b/.test(described), true, `three partitions in ${described}`);
  equal(/retention\.ms=1000000/.test(described), true, `the configuration in ${described}`);
  equal(
    /TopicExistsException/.test(await refusal("topics", [...server, ...create])),
    true,
    "twice",
  );
  await tool("topics", [...server, "--alter", "--topic", "jt-topics", "--partitions", "5"]);
  const altered = await tool("topics", [...server, "--describe", "--topic", "jt-topics"]);
  equal(/PartitionCount: 5\b/.test(altered), true, `five partitions in ${altered}`);
  await tool("topics", [...server, "--delete", "--topic", "jt-topics"]);
  const listed = await tool("topics", [...server, "--list"]);
  equal(listed.split("\n").includes("jt-topics"), false, "gone from the list");
}

async function consoles(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  await tool("topics", [...server, "--create", "--topic", "jt-console", "--partitions", "1"]);
  const expected: string[] = [];
  for (const codec of CODECS) {
    const lines = Array.from({ length: 20 }, (_, n) => `key-${n}\t${codec} ${n}`);
    const properties = ["--reader-property", "parse.key=true", "--compression-codec", codec];
    const text = lines.join("\n") + "\n";
    await tool("console-producer", [...server, "--topic", "jt-console", ...properties], {
      stdin: text,
    });
    expected.push(...lines);
  }
  const read = await tool("console-consumer", [
    ...server,
    "--topic",
    "jt-console",
    "--from-beginning",
    "--max-messages",
    String(expected.length),
    "--formatter-property",
    "print.key=true",
    "--timeout-ms",
    "30000",
  ]);
  const lines = read.split("\n").filter((line) => line.startsWith("key-"));
  equal(lines, expected, "records");
}

async function perf(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  await tool("topics", [...server, "--create", "--topic", "jt-perf", "--partitions", "4"]);
  const props = ["--producer-props", `bootstrap.servers=${bootstrap}`, "acks=all"];
  const produced = await tool("producer-perf", [
    "--topic",
    "jt-perf",
    "--num-records",
    "50000",
    "--record-size",
    "1024",
    "--throughput",
    "-1",
    ...props,
  ]);
  equal(/^50000 records sent/m.test(produced), true, `all records sent in ${produced.slice(-300)}`);
  const consumed = await tool("consumer-perf", [
    ...server,
    "--topic",
    "jt-perf",
    "--messages",
    "50000",
    "--group",
    "jt-perf-group",
  ]);
  const fields = consumed.trimEnd().split("\n").at(-1)!.split(",").map((field) => field.trim());
  equal(Number(fields[4]), 50000, `records read in ${consumed.slice(-300)}`);
  const offsets = await tool("get-offsets", [...server, "--topic", "jt-perf"]);
  const total = offsets.trim().split("\n").reduce(
    (sum, line) => sum + Number(line.split(":")[2]),
    0,
  );
  equal(total, 50000, "sum of the end offsets");
}

async function configs(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  await tool("topics", [...server, "--create", "--topic", "jt-configs"]);
  const topic = ["--entity-type", "topics", "--entity-name", "jt-configs"];
  await tool("configs", [
    ...server,
    ...topic,
    "--alter",
    "--add-config",
    "retention.ms=5000000,cleanup.policy=[compact,delete]",
  ]);
  const described = await tool("configs", [...server, ...topic, "--describe"]);
  equal(/retention\.ms=5000000/.test(described), true, `the altered value in ${described}`);
  equal(/cleanup\.policy=compact,delete/.test(described), true, `the list in ${described}`);
  await tool("configs", [...server, ...topic, "--alter", "--delete-config", "retention.ms"]);
  const all = await tool("configs", [...server, ...topic, "--describe", "--all"]);
  equal(/retention\.ms=604800000/.test(all), true, "the default is back");
  const bad = [...server, ...topic, "--alter", "--add-config", "retention.ms=soon"];
  equal(
    /InvalidConfiguration|Invalid value/.test(await refusal("configs", bad)),
    true,
    "a bad value",
  );
  const broker = await tool("configs", [
    ...server,
    "--entity-type",
    "brokers",
    "--entity-name",
    "1",
    "--describe",
    "--all",
  ]);
  equal(/log\.retention\.hours=168/.test(broker), true, "a broker's default");
}

async function groups(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  await tool("topics", [...server, "--create", "--topic", "jt-groups"]);
  await tool("console-producer", [...server, "--topic", "jt-groups"], { stdin: "a\nb\nc\n" });
  await tool("console-consumer", [
    ...server,
    "--topic",
    "jt-groups",
    "--group",
    "jt-group",
    "--from-beginning",
    "--max-messages",
    "3",
    "--timeout-ms",
    "30000",
  ]);
  const group = ["--group", "jt-group"];
  equal(/\bjt-group\b/.test(await tool("consumer-groups", [...server, "--list"])), true, "listed");
  const described = await tool("consumer-groups", [...server, "--describe", ...group]);
  equal(/jt-groups\s+0\s+3\s+3\s+0/.test(described), true, `offsets and lag in ${described}`);
  const reset = ["--reset-offsets", "--to-offset", "1", "--topic", "jt-groups", "--execute"];
  await tool("consumer-groups", [...server, ...group, ...reset]);
  const after = await tool("consumer-groups", [...server, "--describe", ...group]);
  equal(/jt-groups\s+0\s+1\s+3\s+2/.test(after), true, `offset 1 in ${after}`);
  await tool("consumer-groups", [...server, ...group, "--delete-offsets", "--topic", "jt-groups"]);
  await tool("consumer-groups", [...server, ...group, "--delete"]);
  equal(/\bjt-group\b/.test(await tool("consumer-groups", [...server, "--list"])), false, "gone");
}

async function deleteRecords(bootstrap: string): Promise<void> {
  const server = ["--bootstrap-server", bootstrap];
  await tool("topics", [...server, "--create", "--topic", "jt-delete"]);
  await tool("console-producer", [...server, "--topic", "jt-delete"], { stdin: "a\nb\nc\n" });
  const file = await Deno.makeTempFile({ suffix: ".json" });
  const partitions = [{ topic: "jt-delete", partition: 0, offset: 2 }];
  await Deno.writeTextFile(file, JSON.stringify({ partitions, version: 1 }));
  await tool("delete-records", [...server, "--offset-json-file", file]);
  await Deno.remove(file);
  const earliest = await tool("get-offsets", [
    ...server,
    "--topic",
    "jt-delete",
    "--time",
    "earliest",
  ]);
  equal(earliest.trim(), "jt-delete:0:2", "first offset left");
}

async function describing(bootstrap: string): Promise<void> {
  const versions = await tool("broker-api-versions", ["--bootstrap-server", bootstrap]);
  equal(/Produce\(0\): .*\[usable: \d+\]/.test(versions), true, "produce is usable");
  equal(/ERROR/.test(versions), false, "no error");
  const directories = await tool("log-dirs", ["--bootstrap-server", bootstrap, "--describe"]);
  equal(/"logDir":/.test(directories), true, "the log directory");
  const quorum = await tool("metadata-quorum", [
    "--bootstrap-server",
    bootstrap,
    "describe",
    "--status",
  ]);
  equal(/LeaderId:\s+1\b/.test(quorum), true, `node 1 leads in ${quorum}`);
}

async function latency(bootstrap: string): Promise<void> {
  await tool("topics", ["--bootstrap-server", bootstrap, "--create", "--topic", "jt-latency"]);
  const said = await tool("e2e-latency", [
    "--bootstrap-server",
    bootstrap,
    "--topic",
    "jt-latency",
    "--num-records",
    "200",
    "--producer-acks",
    "1",
    "--record-size",
    "100",
  ]);
  equal(/Percentiles: 50th = \d+/.test(said), true, `percentiles in ${said.slice(-300)}`);
}

const checks: Checks = {
  "kafka-topics creates, describes, alters, deletes": topics,
  "the console producer and consumer, with every codec": consoles,
  "producer-perf and consumer-perf: every record is counted": perf,
  "kafka-configs alters and describes": configs,
  "kafka-consumer-groups lists, describes, resets, deletes": groups,
  "kafka-delete-records moves the first offset": deleteRecords,
  "api versions, log directories, quorum": describing,
  "end-to-end latency tool": latency,
};

/** Apache Kafka's own Java clients, through its command-line tools. */
export const javaTools: Suite = {
  name: "java",
  prepare: prepareJava,
  run: (bootstrap, tell) => runChecks(checks, bootstrap, tell),
};
