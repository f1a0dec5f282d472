import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { memoryIo } from "./testing/memory_io.ts";
import { run } from "./mod.ts";
import { withBroker } from "./testing/with_broker.ts";

Deno.test("configs: options of a topic, in kafka-configs' words", async () => {
  await withBroker(async (run) => {
    await run(["topics", "--create", "--topic", "t"]);
    const alter = ["configs", "--alter", "--topic", "t"];
    assertEquals(
      await run([...alter, "--add-config", "retention.ms=5000,cleanup.policy=[compact,delete]"]),
      { code: 0, out: "Completed updating config for topic t.\n", err: "" },
    );
    assertEquals(
      (await run(["configs", "--describe", "--entity-type", "topics", "--entity-name", "t"])).out,
      "Dynamic configs for topic t are:\n" +
        "  cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:" +
        "cleanup.policy=compact,delete, DEFAULT_CONFIG:log.cleanup.policy=delete}\n" +
        "  retention.ms=5000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:retention.ms=5000}\n",
    );
    await run([...alter, "--delete-config", "retention.ms,cleanup.policy"]);
    assertEquals(
      (await run(["configs", "--describe", "--topic", "t"])).out,
      "Dynamic configs for topic t are:\n",
    );
    const all = await run(["configs", "--describe", "--topic", "t", "--all"]);
    assertEquals(all.out.split("\n").length, 1 + 37 + 1, "37 options, as a 4.4 broker tells");
    assertStringIncludes(
      (await run([...alter, "--add-config", "retention.ms=x"])).err,
      "Cannot change options of topic t: INVALID_CONFIG",
    );
    assertStringIncludes(
      (await run(["configs", "--describe", "--topic", "none"])).err,
      "Cannot describe topic none: UNKNOWN_TOPIC_OR_PARTITION",
    );
  });
});

Deno.test("configs: options of brokers, for one and for all", async () => {
  await withBroker(async (run) => {
    const set = ["--add-config", "log.retention.ms=777777"];
    assertEquals(
      (await run(["configs", "--alter", "--broker-defaults", ...set])).out,
      "Completed updating default config for brokers in the cluster.\n",
    );
    const all = ["configs", "--describe", "--entity-type", "brokers"];
    assertStringIncludes(
      (await run(all)).out,
      "Default configs for brokers in the cluster are:\n  log.retention.ms=777777 sensitive=false " +
        "synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:log.retention.ms=777777}\n",
    );
    assertEquals(
      (await run(["configs", "--alter", "--broker", "1", "--add-config", "log.retention.ms=5000"]))
        .code,
      0,
    );
    const [broker] = JSON.parse(
      (await run(["configs", "--describe", "--broker", "1", "--json"])).out,
    );
    assertEquals(
      broker.configs.map((
        { name, value, source }: Record<string, string>,
      ) => [name, value, source]),
      [["log.retention.ms", "5000", "DYNAMIC_BROKER_CONFIG"]],
    );
    const refused = await run(["configs", "--alter", "--broker", "1", "--add-config", "node.id=3"]);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.err, "INVALID_REQUEST");
    const elsewhere = await run(["configs", "--describe", "--broker", "9"]);
    assertEquals([elsewhere.code, elsewhere.out], [1, ""]);
  });
});

Deno.test("configs: options of groups and client metrics", async () => {
  await withBroker(async (run) => {
    const file = { files: { "add.properties": "consumer.session.timeout.ms=46000\n" } };
    const alter = ["configs", "--alter", "--group", "g", "--add-config-file", "add.properties"];
    assertEquals((await run(alter, file)).out, "Completed updating config for group g.\n");
    assertStringIncludes(
      (await run(["configs", "--describe", "--entity-type", "groups"])).out,
      "Dynamic configs for group g are:\n  consumer.session.timeout.ms=46000",
    );
    await run([
      "configs",
      "--alter",
      "--client-metrics",
      "m",
      "--add-config",
      "interval.ms=1000,match=[client_id=a]",
    ]);
    const metrics = await run(["configs", "--describe", "--entity-type", "client-metrics"]);
    assertStringIncludes(
      metrics.out,
      "Dynamic configs for client-metric m are:\n  interval.ms=1000 ",
    );
    assertStringIncludes(metrics.out, "  match=client_id=a ");
  });
});

Deno.test("configs: quotas are said not to be served", async () => {
  await withBroker(async (run, broker) => {
    const told = `the broker at ${broker.bootstrap} serves no quotas; kafkats does not yet\n`;
    const cases: [string[], string][] = [
      [["--describe", "--client", "c"], "Cannot describe quotas"],
      [["--describe", "--entity-type", "users"], "Cannot describe quotas"],
      [
        ["--alter", "--ip", "1.2.3.4", "--add-config", "connection_creation_rate=5"],
        "Cannot change quotas",
      ],
    ];
    for (const [args, what] of cases) {
      const { code, out, err } = await run(["configs", ...args]);
      assertEquals([code, out, err], [1, "", `${what}: ${told}`]);
    }
    const help = await run(["configs", "--help"]);
    for (const name of ["--client <id>", "--ip <address>", "--user <name>"]) {
      const line = help.out.split("\n").find((each) => each.includes(name));
      assertStringIncludes(line ?? "", "which kafkats does not serve yet");
    }
  });
});

Deno.test("configs: misuse is told before anything is asked", async () => {
  const cases: [string[], string][] = [
    [["--describe"], "Say what has the options"],
    [["--topic", "t"], "Exactly one of --describe and --alter"],
    [["--alter", "--topic", "t"], "--alter needs --add-config"],
    [["--alter", "--entity-type", "topics", "--add-config", "a=1"], "needs --entity-name"],
    [["--alter", "--topic", "t", "--add-config", "a"], "allowed is name=value"],
    [["--describe", "--broker", "one"], "--entity-name one: allowed is the id of a broker"],
  ];
  for (const [args, message] of cases) {
    const io = memoryIo();
    const code = await run(["configs", ...args, "--bootstrap-server", "127.0.0.1:1"], io);
    const { err } = io.printed();
    if (message.includes("id of a broker")) assert(code > 0, err);
    else assertEquals(code, 2, err);
    if (code === 2) assertStringIncludes(err, message);
  }
});
