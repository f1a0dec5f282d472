import { assert, assertEquals, assertRejects } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { ConfigError } from "./config_problem.ts";
import { loadConfig } from "./load_config.ts";

interface Check {
  readonly kind: string;
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly ok: boolean;
  readonly [derived: string]: unknown;
}

const checks: Check[] = gunzipSync(
  Deno.readFileSync(new URL("../../tests/vectors/behaviour_config.jsonl.gz", import.meta.url)),
).toString().trimEnd().split("\n").map((line) => JSON.parse(line))
  .filter((vector) => vector.kind === "configCheck");

/** Where kafkats starts and Kafka does not: it has defaults of its own. */
const WE_ASSUME = [
  "without process.roles",
  "without node.id",
  "without listeners",
  "without controller.listener.names",
  "without controller.quorum.voters",
  "neither voters nor bootstrap",
];

/** Where Kafka starts and kafkats does not, for a reason. */
const WE_REFUSE = [
  "listeners port -1", // Kafka fails later, when it binds
  "listeners port 70000", // the same
];

function textOf(properties: Record<string, string>): string {
  return Object.entries(properties).map(([name, value]) =>
    `${name}=${value.replaceAll("\\", "\\\\")}`
  ).join("\n");
}

Deno.test("loadConfig() starts with what Kafka starts with, and refuses what Kafka refuses", async () => {
  assert(checks.length > 240);
  for (const check of checks) {
    let failure: unknown = null;
    let config = null;
    try {
      ({ config } = await loadConfig({ properties: textOf(check.properties) }));
    } catch (error) {
      assert(error instanceof ConfigError, `${check.name}: ${error}`);
      failure = error;
    }
    if (WE_ASSUME.includes(check.name)) {
      assertEquals(check.ok, false);
      assertEquals(failure, null, check.name);
    } else if (WE_REFUSE.includes(check.name)) {
      assertEquals(check.ok, true);
      assert(failure !== null, check.name);
    } else {
      assertEquals(failure === null, check.ok, `${check.name}: ${failure ?? "accepted"}`);
    }
    if (config === null || !check.ok) continue;
    const long = (ms: number) => ms >= 2 ** 63 ? "9223372036854775807" : String(ms);
    assertEquals(long(config.logRetentionMs), check.logRetentionTimeMillis, check.name);
    assertEquals(long(config.logRollMs), check.logRollTimeMillis, check.name);
    assertEquals(long(config.logRollJitterMs), check.logRollTimeJitterMillis, check.name);
    assertEquals(long(config.logFlushIntervalMs), check.logFlushIntervalMs, check.name);
    assertEquals(config.interBrokerListenerName, check.interBrokerListenerName, check.name);
    if (check.name.startsWith("neither log.dir") || check.name === "without log.dirs") continue;
    assertEquals(`[${config.logDirs.join(", ")}]`, check.logDirs, check.name);
    assertEquals(config.metadataLogDir, check.metadataLogDir, check.name);
  }
});

Deno.test("loadConfig() with nothing is one node of its own", async () => {
  const { config, warnings } = await loadConfig({});
  assertEquals(warnings, []);
  assertEquals(config.nodeId, 1);
  assertEquals([config.isBroker, config.isController, config.isLone], [true, true, true]);
  assertEquals(
    config.listeners.map(({ name, host, port }) => [name, host, port]),
    [["PLAINTEXT", "localhost", 9092], ["CONTROLLER", "localhost", 9093]],
  );
  assertEquals(config.advertisedListeners.map(({ name }) => name), ["PLAINTEXT"]);
  assertEquals(config.advertisedControllerListeners.map(({ port }) => port), [9093]);
  assertEquals(config.quorumVoters, [{ id: 1, host: "localhost", port: 9093 }]);
  assertEquals(config.logDirs, ["./kafkats-data"]);
  assertEquals(config.get("offsets.topic.replication.factor"), 1);
  assertEquals(config.get("transaction.state.log.min.isr"), 1);
  assertEquals(config.isSet("offsets.topic.replication.factor"), false);
  assertEquals(config.get("log.retention.ms"), null);
  assertEquals(config.logRetentionMs, 604_800_000);
});

Deno.test("loadConfig() lets the environment beat the file, and overrides beat both", async () => {
  const { config, warnings } = await loadConfig({
    properties: "num.partitions=2\nlog.retention.hours=3\nbroker.rack=a\nno.such.option=1",
    environment: {
      KAFKA_NUM_PARTITIONS: "4",
      KAFKA_BROKER_RACK: "b",
      KAFKA_HEAP_OPTS: "-Xmx1G",
      KAFKA_SUCH_NOT: "x",
      HOME: "/root",
    },
    overrides: ["broker.rack=c"],
  });
  assertEquals(config.get("num.partitions"), 4);
  assertEquals(config.get("broker.rack"), "c");
  assertEquals(config.logRetentionMs, 3 * 3_600_000);
  assertEquals(warnings, [
    "no.such.option is no option that this broker knows; it is ignored",
    "such.not is no option that this broker knows; it is ignored",
  ]);
});

Deno.test("loadConfig() adds a controller listener to listeners that are set alone", async () => {
  const { config } = await loadConfig({ overrides: ["listeners=PLAINTEXT://127.0.0.1:19092"] });
  assertEquals(config.listeners.map(({ name, port }) => [name, port]), [
    ["PLAINTEXT", 19092],
    ["CONTROLLER", 19093],
  ]);
  assertEquals(config.quorumVoters, [{ id: 1, host: "localhost", port: 19093 }]);
  const { config: any } = await loadConfig({ overrides: ["listeners=PLAINTEXT://127.0.0.1:0"] });
  assertEquals(any.listeners.map(({ port }) => port), [0, 0]);
});

Deno.test("loadConfig() finds the controller a port that is free", async () => {
  const cases: [string, number][] = [
    ["PLAINTEXT://localhost:65535", 65534],
    ["PLAINTEXT://localhost:65535,INTERNAL://localhost:65534", 65533],
    ["PLAINTEXT://localhost:9092,INTERNAL://localhost:9093", 9094],
    ["PLAINTEXT://localhost:0,INTERNAL://localhost:9093", 0],
  ];
  for (const [listeners, port] of cases) {
    const { config } = await loadConfig({
      overrides: [
        `listeners=${listeners}`,
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
      ],
    });
    assertEquals(config.listeners.at(-1), {
      name: "CONTROLLER",
      securityProtocol: "PLAINTEXT",
      host: "localhost",
      port,
    });
  }
});

Deno.test("loadConfig() speaks of listeners as they were given", async () => {
  const form = "allowed is a list of NAME://host:port with ports from 0 to 65535";
  const secured = "TLS and SASL are not served yet, allowed is PLAINTEXT listeners";
  const cases: [string, string][] = [
    ["foo", `${form}, which foo is not`],
    ["PLAINTEXT://localhost:99999", `${form}, which PLAINTEXT://localhost:99999 is not`],
    [
      "PLAINTEXT://localhost:9092,FRONT://localhost:9093",
      "allowed is names that listener.security.protocol.map knows " +
      "(SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT, CONTROLLER), which FRONT is not",
    ],
    [
      "PLAINTEXT://localhost:9092,PLAINTEXT://localhost:9094",
      "allowed is one address for each name, and PLAINTEXT has two",
    ],
    ["SSL://localhost:9093", secured],
    ["PLAINTEXT://localhost:9092,SASL_PLAINTEXT://localhost:9094", secured],
  ];
  for (const [listeners, told] of cases) {
    const error = await assertRejects(
      () => loadConfig({ overrides: [`listeners=${listeners}`] }),
      ConfigError,
    );
    assertEquals(error.message, `Cannot use listeners=${listeners}: ${told}`);
  }
});

Deno.test("loadConfig() names option, value and what is allowed", async () => {
  const refuse = async (override: string, message: string) => {
    const error = await assertRejects(() => loadConfig({ overrides: [override] }), ConfigError);
    assertEquals(error.message, message);
  };
  await refuse(
    "log.segment.bytes=1k",
    "Cannot use log.segment.bytes=1k: allowed is a whole number from 1048576 to 2147483647",
  );
  await refuse(
    "compression.type=none",
    "Cannot use compression.type=none: allowed is uncompressed, zstd, lz4, snappy, gzip, producer",
  );
  await refuse("nothing", "Cannot use --override=nothing: allowed is name=value");
  await refuse(
    "inter.broker.listener.name=X",
    "Cannot use inter.broker.listener.name=X: allowed is a name in listener.security.protocol.map",
  );
});

Deno.test("loadConfig() gives a controller alone its own listener", async () => {
  const { config } = await loadConfig({ overrides: ["process.roles=controller"] });
  assertEquals([config.isBroker, config.isController, config.isLone], [false, true, false]);
  assertEquals(config.listeners.map(({ name, port }) => [name, port]), [["CONTROLLER", 9093]]);
});

Deno.test("a node that finds the quorum through itself is alone", async () => {
  const stock = [
    "process.roles=broker,controller",
    "node.id=1",
    "controller.quorum.bootstrap.servers=localhost:9093",
    "listeners=PLAINTEXT://:9092,CONTROLLER://:9093",
    "controller.listener.names=CONTROLLER",
  ];
  const { config } = await loadConfig({ properties: stock.join("\n") });
  assertEquals(config.isLone, true);
  assertEquals(config.quorumVoters, [{ id: 1, host: "localhost", port: 9093 }]);
  assertEquals(config.isSet("controller.quorum.voters"), false);
  assertEquals(config.get("offsets.topic.replication.factor"), 1);
  const { config: other } = await loadConfig({
    properties: stock.join("\n"),
    overrides: ["controller.quorum.bootstrap.servers=c1:9093,c2:9093"],
  });
  assertEquals([other.isLone, other.get("offsets.topic.replication.factor")], [false, 3]);
});

Deno.test("loadConfig() reads properties as Java does", async () => {
  const { config } = await loadConfig({
    properties: [
      "# comment",
      "! another",
      "log.dirs = /a,\\",
      "           /b",
      "broker.rack: \\u0041 b ",
      "num.partitions 7",
      "node.id=3",
      "node.id=4",
    ].join("\n"),
  });
  assertEquals(config.logDirs, ["/a", "/b"]);
  assertEquals(config.get("broker.rack"), "A b");
  assertEquals(config.get("num.partitions"), 7);
  assertEquals(config.nodeId, 4);
});

Deno.test("withDynamic() puts other units out of force", async () => {
  const { config } = await loadConfig({ overrides: ["log.retention.minutes=5"] });
  assertEquals(config.logRetentionMs, 300_000);
  const changed = config.withDynamic(
    new Map([["log.retention.ms", "7"]]),
    new Map([["message.max.bytes", "9"]]),
  );
  assert(changed.ok);
  assertEquals(changed.config.logRetentionMs, 7);
  assertEquals(changed.config.get("log.retention.minutes"), null);
  assertEquals(changed.config.get("message.max.bytes"), 9);
  assertEquals(config.get("message.max.bytes"), 1_048_588);
});
