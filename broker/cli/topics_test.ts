import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { memoryIo } from "./testing/memory_io.ts";
import { run } from "./mod.ts";
import { withBroker } from "./testing/with_broker.ts";

Deno.test("topics: a topic's life, in kafka-topics' words", async () => {
  await withBroker(async (run) => {
    const create = ["topics", "--create", "--topic"];
    assertEquals(
      await run([...create, "user-events", "--partitions", "2", "--config", "retention.ms=5000"]),
      {
        code: 0,
        out: "Created topic user-events.\n",
        err: "",
      },
    );
    const twice = await run([...create, "user-events"]);
    assertEquals([twice.code, twice.out], [1, ""]);
    assertStringIncludes(twice.err, "Cannot create topic user-events: TOPIC_ALREADY_EXISTS");
    assertEquals((await run([...create, "user-events", "--if-not-exists"])).code, 0);

    const json = await run([...create, "assigned", "--replica-assignment", "1,1,1", "--json"]);
    const created = JSON.parse(json.out);
    assertEquals([created.name, created.partitions, created.replicationFactor], ["assigned", 3, 1]);
    assertEquals((await run(["topics", "--list"])).out, "assigned\nuser-events\n");
    assertEquals((await run(["topics", "--list", "--topic", "user.*"])).out, "user-events\n");

    const told = await run(["topics", "--describe", "--topic", "user-events"]);
    const [head = "", first = "", second = "", end] = told.out.split("\n");
    assert(
      /^Topic: user-events\tTopicId: [\w-]{22}\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: .*retention\.ms=5000/
        .test(head),
      head,
    );
    assertEquals(
      first,
      "\tTopic: user-events\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: ",
    );
    assertStringIncludes(second, "\tPartition: 1\t");
    assertEquals(end, "");

    const alter = ["topics", "--alter", "--topic", "user-events", "--partitions"];
    assertEquals(await run([...alter, "3"]), { code: 0, out: "", err: "" });
    assertStringIncludes((await run([...alter, "3"])).err, "INVALID_PARTITIONS");
    const described = JSON.parse((await run(["topics", "--describe", "--json"])).out);
    assertEquals(described.map((topic: { name: string }) => topic.name), [
      "assigned",
      "user-events",
    ]);
    assertEquals(described[1].partitions.length, 3);
    assertEquals(described[1].configs["retention.ms"], "5000");

    assertEquals((await run(["topics", "--delete", "--topic", ".*"])).code, 0);
    assertEquals((await run(["topics", "--list"])).out, "");
    assertEquals(
      (await run(["topics", "--delete", "--topic", "gone"])).err,
      "There is no topic gone\n",
    );
    assertEquals((await run(["topics", "--delete", "--topic", "gone", "--if-exists"])).code, 0);
  });
});

Deno.test("topics: describes only what is asked for", async () => {
  await withBroker(async (run) => {
    await run(["topics", "--create", "--topic", "a", "--partitions", "2"]);
    const filters = ["under-replicated", "unavailable", "under-min-isr"];
    for (const filter of filters) {
      assertEquals((await run(["topics", "--describe", `--${filter}-partitions`])).out, "", filter);
    }
    const atMin = await run(["topics", "--describe", "--at-min-isr-partitions"]);
    assertEquals(atMin.out.split("\n").length, 3, atMin.out);
    assert(!atMin.out.includes("PartitionCount"));
    const overrides = await run([
      "topics",
      "--describe",
      "--topics-with-overrides",
      "--topic",
      "a",
    ]);
    assert(!overrides.out.includes("\tPartition: "));
    const [{ topicId }] = JSON.parse((await run(["topics", "--describe", "--json"])).out);
    const byId = await run(["topics", "--describe", "--topic-id", topicId]);
    assertStringIncludes(byId.out, `Topic: a\tTopicId: ${topicId}\t`);
  });
});

Deno.test("topics: what the broker refuses is told with Kafka's code", async () => {
  await withBroker(async (run) => {
    const cases: [string[], string][] = [
      [["--topic", "bad name"], "INVALID_TOPIC_EXCEPTION"],
      [["--topic", "x", "--replication-factor", "3"], "INVALID_REPLICATION_FACTOR"],
      [["--topic", "x", "--config", "no.such=1"], "INVALID_CONFIG"],
      [["--topic", "x", "--config", "retention.ms=soon"], "INVALID_CONFIG"],
      [["--topic", "x", "--replica-assignment", "7"], "INVALID_REPLICA_ASSIGNMENT"],
    ];
    for (const [args, code] of cases) {
      const { code: exit, err } = await run(["topics", "--create", ...args]);
      assertEquals(exit, 1, args.join(" "));
      assertStringIncludes(err, code);
    }
    assertEquals((await run(["topics", "--list"])).out, "");
  });
});

Deno.test("topics: misuse is told before anything is asked", async () => {
  const cases: [string[], string][] = [
    [["--list", "--create"], "Exactly one of --list, --describe, --create, --alter, --delete"],
    [["--topic", "x"], "Exactly one of"],
    [["--create"], "--create needs --topic"],
    [["--alter", "--topic", "x"], "--alter needs --partitions"],
    [["--list", "--partitions", "3"], "--partitions goes with --create, --alter, not with --list"],
    [
      ["--create", "--topic", "x", "--partitions", "0"],
      "--partitions 0: allowed is a whole number",
    ],
    [
      ["--create", "--topic", "x", "--partitions", "1", "--replica-assignment", "1"],
      "does not go with",
    ],
  ];
  for (const [args, message] of cases) {
    const io = memoryIo();
    // Nobody listens there: only a command that asks could notice.
    const code = await run(["topics", ...args, "--bootstrap-server", "127.0.0.1:1"], io);
    assertEquals(code, 2, args.join(" "));
    assertStringIncludes(io.printed().err, message);
    assertStringIncludes(io.printed().err, "See: kafkats topics --help");
  }
});
