/** A broker that is killed again and again keeps every record that it has acknowledged, once. */
import { assertEquals } from "@std/assert";
import { startTestBroker } from "../clients/test_broker.ts";
import { Asker, first } from "./asking.ts";

const APACHE = Deno.env.has("SCENARIO_APACHE");
const CRASHES = 3;
const REQUESTS_PER_LIFE = 150;
const RECORDS_PER_REQUEST = 5;
const TOPIC = "crash";

/** One idempotent request: values count up from `from`, as do sequence numbers. */
function batch(from: number, producerId: number) {
  const records = Array.from({ length: RECORDS_PER_REQUEST }, (_, n) => ({ value: `${from + n}` }));
  return { records, producerId, producerEpoch: 0, baseSequence: from, compression: "gzip" };
}

Deno.test("kill -9 loses nothing acknowledged and repeats nothing", async () => {
  await using broker = await startTestBroker({ apache: APACHE });
  const at = { host: "127.0.0.1", port: broker.port };
  let asker = new Asker(at);
  await asker.createTopic(TOPIC);
  const { producerId } = await asker.ask({
    api: "InitProducerId",
    version: 5,
    retryOn: [14, 15, 16],
    body: { transactionalId: null, transactionTimeoutMs: 60000 },
  });
  let next = 0;
  for (let life = 0; life <= CRASHES; life++) {
    const until = next + REQUESTS_PER_LIFE * RECORDS_PER_REQUEST;
    // In the last life nobody dies; in the others the kill comes in the middle of a request.
    let dying: Promise<void> | null = null;
    while (next < until) {
      const isLast = next + RECORDS_PER_REQUEST >= until;
      const sending = asker.produce(TOPIC, batch(next, producerId as number));
      if (life < CRASHES && isLast) dying = broker.kill();
      try {
        const { errorCode } = await sending;
        assertEquals(errorCode, 0, `the request from value ${next} on`);
        next += RECORDS_PER_REQUEST;
      } catch (error) {
        if (dying === null) throw error;
        break; // It died with the request: whether it took the records is what comes next.
      }
    }
    if (dying === null) continue;
    await dying;
    await asker.end();
    await broker.restart();
    asker = new Asker(at);
  }
  const read = await asker.readAll(TOPIC);
  assertEquals(read.map(({ value }) => Number(value)), [...Array(next).keys()], "values in order");
  assertEquals(read.map(({ offset }) => offset), [...Array(next).keys()], "offsets");
  await asker.end();
});

Deno.test("a clean stop and start keep topics, settings, records and committed offsets", async () => {
  await using broker = await startTestBroker({ apache: APACHE });
  const at = { host: "127.0.0.1", port: broker.port };
  const before = new Asker(at);
  await before.createTopic("kept", 3, { "retention.ms": "123456789" });
  for (const partition of [0, 1, 2]) {
    const records = { records: [{ key: "k", value: `in ${partition}` }], compression: "lz4" };
    assertEquals((await before.produce("kept", records, { partition })).errorCode, 0);
  }
  await before.ask({
    api: "FindCoordinator",
    version: 4,
    retryOn: [15],
    body: { keyType: 0, coordinatorKeys: ["kept-group"] },
  });
  const commit = {
    api: "OffsetCommit",
    version: 8,
    retryOn: [14, 15, 16],
    body: {
      groupId: "kept-group",
      generationIdOrMemberEpoch: -1,
      memberId: "",
      topics: [{ name: "kept", partitions: [{ partitionIndex: 1, committedOffset: 1 }] }],
    },
  };
  assertEquals(first(first((await before.ask(commit)).topics).partitions).errorCode, 0);
  await before.end();
  await broker.stop();
  const data = `${broker.directory}/data`;
  assertEquals(
    (await Deno.stat(`${data}/.kafka_cleanshutdown`)).isFile,
    true,
    "it stopped cleanly",
  );
  await broker.restart();
  const after = new Asker(at);
  for (const partition of [0, 1, 2]) {
    const read = await after.readAll("kept", partition);
    assertEquals(read, [{ offset: 0, value: `in ${partition}` }]);
  }
  const described = await after.ask({
    api: "DescribeConfigs",
    version: 4,
    body: {
      resources: [{ resourceType: 2, resourceName: "kept", configurationKeys: ["retention.ms"] }],
    },
  });
  assertEquals(first(first(described.results).configs).value, "123456789");
  const fetched = await after.ask({
    api: "OffsetFetch",
    version: 8,
    retryOn: [14, 15, 16],
    body: {
      groups: [{ groupId: "kept-group", topics: [{ name: "kept", partitionIndexes: [1] }] }],
    },
  });
  const partition = first(first(first(fetched.groups).topics).partitions);
  assertEquals(partition.committedOffset, 1, "committed offset");
  await after.end();
});
