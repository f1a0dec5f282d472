import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
  type Message,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { type Checks, equal, refused, runChecks, type Suite } from "./suite.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

async function withAdmin<T>(bootstrap: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ clientId: "checks", bootstrapBrokers: [bootstrap] });
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

function create(
  bootstrap: string,
  topic: string,
  partitions = 1,
  configs: Record<string, string> = {},
): Promise<unknown> {
  return withAdmin(bootstrap, (admin) =>
    admin.createTopics({
      topics: [topic],
      partitions,
      replicas: 1,
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }));
}

interface Sent {
  readonly key?: string;
  readonly value?: string;
  readonly headers?: Record<string, string>;
  readonly partition?: number;
}

async function produce(
  bootstrap: string,
  topic: string,
  messages: readonly Sent[],
  options: { readonly idempotent?: boolean; readonly compression?: (typeof CODECS)[number] } = {},
): Promise<void> {
  const producer = new Producer({
    clientId: "checks",
    bootstrapBrokers: [bootstrap],
    serializers: stringSerializers,
    idempotent: options.idempotent ?? false,
  });
  try {
    for (let start = 0; start < messages.length; start += 100) {
      await producer.send({
        messages: messages.slice(start, start + 100).map((sent) => ({ topic, ...sent })),
        acks: -1,
        ...(options.compression ? { compression: options.compression } : {}),
      });
    }
  } finally {
    await producer.close();
  }
}

type Read = Message<string, string, string, string>;

/** Reads `count` records as a member of a group, committing each. */
async function consume(
  bootstrap: string,
  topic: string,
  count: number,
  groupId: string,
): Promise<Read[]> {
  const consumer = new Consumer({
    groupId,
    clientId: "checks",
    bootstrapBrokers: [bootstrap],
    deserializers: stringDeserializers,
  });
  const read: Read[] = [];
  const stream = await consumer.consume({
    topics: [topic],
    mode: "committed",
    fallbackMode: "earliest",
    maxWaitTime: 200,
    autocommit: false,
  });
  for await (const message of stream) {
    read.push(message);
    await message.commit();
    if (read.length === count) break;
  }
  await consumer.close(true);
  return read;
}

async function topics(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-topics", 3);
  await withAdmin(bootstrap, async (admin) => {
    equal((await admin.listTopics()).includes("pk-topics"), true, "listed");
    await admin.createPartitions({ topics: [{ name: "pk-topics", count: 4, assignments: null }] });
    const { topics } = await admin.metadata({ topics: ["pk-topics"], forceUpdate: true });
    equal(topics.get("pk-topics")?.partitionsCount, 4, "partitions");
  });
  await refused(create(bootstrap, "pk-topics"), /already exists/i);
  await withAdmin(bootstrap, async (admin) => {
    await admin.deleteTopics({ topics: ["pk-topics"] });
    equal((await admin.listTopics()).includes("pk-topics"), false, "gone");
  });
}

async function codecs(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-codecs");
  const expected: Sent[] = [];
  for (const compression of CODECS) {
    const messages = Array.from({ length: 150 }, (_, n) => ({
      key: `key-${n}`,
      value: `${compression} ${n} `.repeat(20),
      headers: { n: String(n) },
    }));
    await produce(bootstrap, "pk-codecs", messages, { compression });
    expected.push(...messages);
  }
  const read = await consume(bootstrap, "pk-codecs", expected.length, "pk-codecs-group");
  equal(
    read.map(({ offset, key, value, headers }) => [
      Number(offset),
      { key, value, headers: Object.fromEntries(headers) },
    ]),
    expected.map((sent, n) => [n, sent]),
    "records",
  );
}

async function idempotent(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-idempotent");
  const messages = Array.from({ length: 1000 }, (_, n) => ({ key: "k", value: String(n) }));
  await produce(bootstrap, "pk-idempotent", messages, { idempotent: true });
  const read = await consume(bootstrap, "pk-idempotent", 1000, "pk-idempotent-group");
  equal(read.map(({ value }) => value), messages.map(({ value }) => value), "values in order");
}

async function groups(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-groups", 4);
  const messages = Array.from({ length: 100 }, (_, n) => ({ value: String(n), partition: n % 4 }));
  // Idempotent, since a try that some partitions refused is repeated for all of them.
  await produce(bootstrap, "pk-groups", messages, { idempotent: true });
  const read = await consume(bootstrap, "pk-groups", 100, "pk-group");
  equal(
    read.map(({ value }) => Number(value)).sort((a, b) => a - b),
    [...messages.keys()],
    "values",
  );
  await produce(bootstrap, "pk-groups", [{ value: "next", partition: 2 }]);
  const after = await consume(bootstrap, "pk-groups", 1, "pk-group");
  equal(after.map(({ value }) => value), ["next"], "what the next member reads");
  await withAdmin(bootstrap, async (admin) => {
    equal((await admin.listGroups()).has("pk-group"), true, "listed");
    const described = await admin.describeGroups({ groups: ["pk-group"] });
    equal(described.get("pk-group")?.state, "Empty", "state");
    const topics = [{ name: "pk-groups", partitionOffsets: [{ partition: 2, offset: 20n }] }];
    await admin.alterConsumerGroupOffsets({ groupId: "pk-group", topics });
    const [offsets] = await admin.listConsumerGroupOffsets({ groups: ["pk-group"] });
    const partition = offsets?.topics[0]?.partitions.find((found) => found.partitionIndex === 2);
    equal(Number(partition?.committedOffset), 20, "offset after the reset");
    await admin.deleteGroups({ groups: ["pk-group"] });
    equal((await admin.listGroups()).has("pk-group"), false, "gone");
  });
}

async function configs(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-configs", 1, { "cleanup.policy": "compact" });
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: "pk-configs" };
  await withAdmin(bootstrap, async (admin) => {
    const value = async (name: string) => {
      const resources = [{ ...resource, configurationKeys: null }];
      const [described] = await admin.describeConfigs({ resources });
      return described?.configs.find((config) => config.name === name)?.value;
    };
    equal(await value("cleanup.policy"), "compact", "as created");
    const config = {
      name: "retention.ms",
      configOperation: IncrementalAlterConfigOperationTypes.SET,
      value: "1234567",
    };
    await admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: [config] }] });
    equal(await value("retention.ms"), "1234567", "altered");
    const bad = { ...config, value: "soon" };
    await refused(
      admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: [bad] }] }),
      /config/i,
    );
  });
}

async function deleteRecords(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-delete");
  await produce(bootstrap, "pk-delete", [{ value: "a" }, { value: "b" }, { value: "c" }]);
  await withAdmin(bootstrap, async (admin) => {
    const name = "pk-delete";
    const deleted = await admin.deleteRecords({
      topics: [{ name, partitions: [{ partition: 0, offset: 2n }] }],
    });
    equal(Number(deleted[0]?.partitions[0]?.lowWatermark), 2, "low watermark");
    const listed = await admin.listOffsets({
      topics: [{ name, partitions: [{ partitionIndex: 0, timestamp: -2n }] }],
    });
    equal(Number(listed[0]?.partitions[0]?.offset), 2, "earliest offset");
  });
}

async function large(bootstrap: string): Promise<void> {
  await create(bootstrap, "pk-large", 1, { "max.message.bytes": "6000000" });
  await create(bootstrap, "pk-small");
  const value = "large ".repeat(700_000);
  await refused(produce(bootstrap, "pk-small", [{ value }]), /too large|larger|max message/i);
  await produce(bootstrap, "pk-large", [{ value }]);
  const read = await consume(bootstrap, "pk-large", 1, "pk-large-group");
  equal(read[0]?.value === value, true, "value is whole");
}

const checks: Checks = {
  "creates, lists, grows, refuses and deletes topics": topics,
  "produces and consumes with every codec, keys and headers": codecs,
  "an idempotent producer keeps order and count": idempotent,
  "a group reads on where it committed; lists, describes, resets, deletes it": groups,
  "describes and alters configurations": configs,
  "deletes records and lists offsets": deleteRecords,
  "large records: refused at the default, taken where the topic allows them": large,
};

/** @platformatic/kafka, the client that our own tools use. */
export const platformatic: Suite = {
  name: "platformatic",
  prepare: () => Promise.resolve(null),
  run: (bootstrap, tell) => runChecks(checks, bootstrap, tell),
};
