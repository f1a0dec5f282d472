import zlib from "node:zlib";
import { Buffer } from "node:buffer";
// A client for tests alone, so it stays out of the import map that the executable is built from.
import kafkajs, { type EachMessagePayload, type IHeaders } from "npm:kafkajs@2.2.4";
import { type Checks, equal, refused, runChecks, type Suite } from "./suite.ts";

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = kafkajs;

/** kafkajs brings gzip alone and takes further codecs from outside; zstd is at hand. */
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: (encoder: { buffer: Buffer }) => Promise.resolve(zlib.zstdCompressSync(encoder.buffer)),
  decompress: (buffer: Buffer) => Promise.resolve(zlib.zstdDecompressSync(buffer)),
});
const CODECS = [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.ZSTD];

function client(bootstrap: string) {
  return new Kafka({
    clientId: "checks",
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 8, initialRetryTime: 50 },
  });
}

type KafkaClient = ReturnType<typeof client>;
type AdminClient = ReturnType<KafkaClient["admin"]>;

async function withAdmin<T>(
  bootstrap: string,
  use: (admin: AdminClient) => Promise<T>,
): Promise<T> {
  const admin = client(bootstrap).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

function create(
  bootstrap: string,
  topic: string,
  numPartitions = 1,
  configs: Record<string, string> = {},
) {
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  return withAdmin(bootstrap, (admin) =>
    admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }],
      waitForLeaders: true,
    }));
}

interface Sent {
  readonly key?: string;
  readonly value: string;
  readonly headers?: IHeaders;
  readonly partition?: number;
}

async function produce(
  bootstrap: string,
  topic: string,
  messages: readonly Sent[],
  options: { readonly compression?: number; readonly idempotent?: boolean } = {},
): Promise<void> {
  const producer = client(bootstrap).producer({ idempotent: options.idempotent ?? false });
  await producer.connect();
  try {
    for (let start = 0; start < messages.length; start += 100) {
      await producer.send({
        topic,
        messages: messages.slice(start, start + 100),
        compression: options.compression ?? CompressionTypes.None,
      });
    }
  } finally {
    await producer.disconnect();
  }
}

/** Reads `count` records with as many members of one group as asked. */
async function consume(
  bootstrap: string,
  topic: string,
  count: number,
  groupId: string,
  members = 1,
): Promise<{ read: EachMessagePayload[]; assignments: number[][] }> {
  const read: EachMessagePayload[] = [];
  const assignments: number[][] = Array.from({ length: members }, () => []);
  const consumers = assignments.map(() =>
    client(bootstrap).consumer({ groupId, maxWaitTimeInMs: 200 })
  );
  let done = () => {};
  const finished = new Promise<void>((resolve) => done = resolve);
  const judge = () => {
    const shared = assignments.every((partitions) => partitions.length > 0);
    if (read.length >= count && shared) done();
  };
  await Promise.all(consumers.map(async (consumer, index) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assignments[index] = [...payload.memberAssignment[topic] ?? []].sort();
      judge();
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: (payload) => {
        read.push(payload);
        judge();
        return Promise.resolve();
      },
    });
  }));
  await finished;
  await Promise.all(consumers.map((consumer) => consumer.disconnect()));
  return { read, assignments };
}

async function topics(bootstrap: string): Promise<void> {
  equal(await create(bootstrap, "kj-topics", 3), true, "created");
  equal(await create(bootstrap, "kj-topics", 3), false, "a second of the same name is not");
  await withAdmin(bootstrap, async (admin) => {
    await admin.createPartitions({ topicPartitions: [{ topic: "kj-topics", count: 4 }] });
    const { topics } = await admin.fetchTopicMetadata({ topics: ["kj-topics"] });
    equal(topics[0]?.partitions.length, 4, "partitions");
    await admin.deleteTopics({ topics: ["kj-topics"] });
    equal((await admin.listTopics()).includes("kj-topics"), false, "gone");
  });
  await refused(create(bootstrap, "no/good"), /invalid|illegal|topic/i);
}

async function codecs(bootstrap: string): Promise<void> {
  await create(bootstrap, "kj-codecs");
  const expected: Sent[] = [];
  for (const compression of CODECS) {
    const messages = Array.from({ length: 150 }, (_, n) => ({
      key: `key-${n}`,
      value: `${compression} ${n} `.repeat(20),
      headers: { n: String(n) },
    }));
    await produce(bootstrap, "kj-codecs", messages, { compression });
    expected.push(...messages);
  }
  const { read } = await consume(bootstrap, "kj-codecs", expected.length, "kj-codecs-group");
  equal(
    read.map(({ message }) => ({
      key: message.key?.toString(),
      value: message.value?.toString(),
      headers: { n: message.headers?.n?.toString() },
    })),
    expected,
    "records",
  );
}

async function idempotent(bootstrap: string): Promise<void> {
  await create(bootstrap, "kj-idempotent");
  const messages = Array.from({ length: 500 }, (_, n) => ({ key: "k", value: String(n) }));
  await produce(bootstrap, "kj-idempotent", messages, { idempotent: true });
  const { read } = await consume(bootstrap, "kj-idempotent", 500, "kj-idempotent-group");
  equal(
    read.map(({ message }) => message.value?.toString()),
    messages.map((m) => m.value),
    "values",
  );
}

async function groups(bootstrap: string): Promise<void> {
  await create(bootstrap, "kj-groups", 4);
  const messages = Array.from({ length: 100 }, (_, n) => ({ value: String(n), partition: n % 4 }));
  await produce(bootstrap, "kj-groups", messages);
  const { read, assignments } = await consume(bootstrap, "kj-groups", 100, "kj-group", 2);
  const values = new Set(read.map(({ message }) => Number(message.value?.toString())));
  equal(values.size, 100, "values read");
  equal(assignments.flat().sort(), [0, 1, 2, 3], "partitions of both members");
  await produce(bootstrap, "kj-groups", [{ value: "next", partition: 2 }]);
  const after = await consume(bootstrap, "kj-groups", 1, "kj-group");
  equal(after.read.at(-1)?.message.value?.toString(), "next", "what the next member reads last");
  await withAdmin(bootstrap, async (admin) => {
    const { groups } = await admin.listGroups();
    equal(groups.some(({ groupId }) => groupId === "kj-group"), true, "listed");
    const described = await admin.describeGroups(["kj-group"]);
    equal(described.groups[0]?.state, "Empty", "state");
    // kafkajs commits -2, "the earliest there is", and the broker must keep it as it is.
    await admin.resetOffsets({ groupId: "kj-group", topic: "kj-groups", earliest: true });
    const where = { groupId: "kj-group", topics: ["kj-groups"] };
    const [asIs] = await admin.fetchOffsets(where);
    equal(asIs?.partitions.map(({ offset }) => offset), ["-2", "-2", "-2", "-2"], "reset offsets");
    const [offsets] = await admin.fetchOffsets({ ...where, resolveOffsets: true });
    equal(
      offsets?.partitions.map(({ offset }) => offset),
      ["0", "0", "0", "0"],
      "what they stand for",
    );
    await admin.deleteGroups(["kj-group"]);
    const left = await admin.listGroups();
    equal(left.groups.some(({ groupId }) => groupId === "kj-group"), false, "gone");
  });
}

async function configs(bootstrap: string): Promise<void> {
  await create(bootstrap, "kj-configs", 1, { "cleanup.policy": "compact" });
  await withAdmin(bootstrap, async (admin) => {
    const resource = { type: ConfigResourceTypes.TOPIC, name: "kj-configs" };
    const value = async (name: string) => {
      const described = await admin.describeConfigs({
        resources: [resource],
        includeSynonyms: false,
      });
      return described.resources[0]?.configEntries.find((e) => e.configName === name)?.configValue;
    };
    equal(await value("cleanup.policy"), "compact", "as created");
    const configEntries = [{ name: "retention.ms", value: "1234567" }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
    equal(await value("retention.ms"), "1234567", "altered");
    equal(await value("cleanup.policy"), "delete", "what a whole replacement leaves out");
  });
}

async function offsets(bootstrap: string): Promise<void> {
  await create(bootstrap, "kj-delete");
  await produce(bootstrap, "kj-delete", [{ value: "a" }, { value: "b" }, { value: "c" }]);
  await withAdmin(bootstrap, async (admin) => {
    const [before] = await admin.fetchTopicOffsets("kj-delete");
    equal([before?.low, before?.high], ["0", "3"], "offsets at first");
    const partitions = [{ partition: 0, offset: "2" }];
    await admin.deleteTopicRecords({ topic: "kj-delete", partitions });
    const [found] = await admin.fetchTopicOffsets("kj-delete");
    equal([found?.low, found?.high], ["2", "3"], "offsets");
    const cluster = await admin.describeCluster();
    equal(cluster.brokers.length, 1, "brokers");
  });
}

const checks: Checks = {
  "creates, grows, refuses and deletes topics": topics,
  "produces and consumes with gzip, zstd and none": codecs,
  "an idempotent producer keeps order and count": idempotent,
  "two members share a group; lists, describes, resets, deletes it": groups,
  "describes and replaces configurations": configs,
  "deletes records, lists offsets, describes the cluster": offsets,
};

/** kafkajs, unmaintained since 2023 and much used: it speaks old versions of every API. */
export const kafkaJs: Suite = {
  name: "kafkajs",
  prepare: () => Promise.resolve(null),
  run: (bootstrap, tell) => runChecks(checks, bootstrap, tell),
};
