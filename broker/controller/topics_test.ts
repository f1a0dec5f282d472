import { assert, assertEquals } from "@std/assert";
import {
  createPartitions,
  createTopics,
  deleteTopics,
  errorCodes,
  type Partially,
  type RequestOf,
} from "../protocol/mod.ts";
import { RESOURCE_TOPIC } from "../metadata/mod.ts";
import { Cluster } from "./harness_test.ts";

type Creatable = Partially<RequestOf<typeof createTopics>["topics"][number]>;

const UNKNOWN_ID = "nobodyxxxxxxxxxxxxxxxA";

function cluster(): Cluster {
  return new Cluster().withBrokers(1, 2, 3);
}

function createdIn(on: Cluster, fields: Partial<Creatable> & { name: string }): number {
  return on.ask(createTopics, {
    topics: [{ numPartitions: 1, replicationFactor: 1, ...fields }],
  }).topics[0]!.errorCode;
}

Deno.test("a topic is a TopicRecord, its ConfigRecords and its PartitionRecords, in one batch", () => {
  const on = cluster();
  const { response, records } = on.decide(createTopics, {
    topics: [{
      name: "topic",
      numPartitions: 2,
      replicationFactor: 3,
      configs: [{ name: "retention.ms", value: "1000" }],
    }],
  });
  assertEquals(records.map(({ name }) => name), [
    "TopicRecord",
    "ConfigRecord",
    "PartitionRecord",
    "PartitionRecord",
  ]);
  const topic = on.image.topics.byName("topic")!;
  const [{ topicId, numPartitions, replicationFactor, configs }] = response.topics as never as [
    typeof response.topics[number],
  ];
  assertEquals([topicId, numPartitions, replicationFactor], [topic.id, 2, 3]);
  assertEquals(configs?.map(({ name, value }) => [name, value]), [["retention.ms", "1000"]]);
  assertEquals(on.image.configs.get(RESOURCE_TOPIC, "topic").get("retention.ms"), "1000");
  for (const { replicas, isr, leader, leaderEpoch, partitionEpoch } of topic.partitions.values()) {
    assertEquals([...replicas].sort(), [1, 2, 3]);
    assertEquals([isr, leader, leaderEpoch, partitionEpoch], [replicas, replicas[0], 0, 0]);
  }
});

Deno.test("topics of one request stand for themselves", () => {
  const on = cluster();
  const { topics } = on.ask(createTopics, {
    topics: [
      { name: "good", numPartitions: 1, replicationFactor: 1 },
      { name: "twice", numPartitions: 1, replicationFactor: 1 },
      { name: "far", numPartitions: 1, replicationFactor: 4 },
      { name: "twice", numPartitions: 2, replicationFactor: 1 },
    ],
  });
  assertEquals(Object.fromEntries(topics.map(({ name, errorCode }) => [name, errorCode])), {
    good: 0,
    far: errorCodes.INVALID_REPLICATION_FACTOR,
    twice: errorCodes.INVALID_REQUEST,
  });
  assertEquals([...on.image.topics].map(({ name }) => name), ["good"]);
});

Deno.test("-1 stands for the broker's defaults", () => {
  const on = new Cluster({ numPartitions: 4, defaultReplicationFactor: 2 }).withBrokers(1, 2);
  assertEquals(createdIn(on, { name: "topic", numPartitions: -1, replicationFactor: -1 }), 0);
  assertEquals(on.image.topics.byName("topic")!.partitions.size, 4);
  assertEquals(on.partition("topic").replicas.length, 2);
});

Deno.test("what only is validated changes nothing", () => {
  const on = cluster();
  const before = on.nextOffset;
  const { topics } = on.ask(createTopics, {
    topics: [{ name: "topic", numPartitions: 1, replicationFactor: 1 }],
    validateOnly: true,
  });
  assertEquals(topics[0]!.errorCode, 0);
  assertEquals(on.nextOffset, before);
});

Deno.test("a topic's faults are named by their codes", () => {
  const on = cluster();
  createdIn(on, { name: "taken.one" });
  const codes: [Partial<Creatable>, number][] = [
    [{ name: "taken.one" }, errorCodes.TOPIC_ALREADY_EXISTS],
    [{ name: "taken_one" }, errorCodes.INVALID_TOPIC_EXCEPTION],
    [{ name: "" }, errorCodes.INVALID_TOPIC_EXCEPTION],
    [{ name: ".." }, errorCodes.INVALID_TOPIC_EXCEPTION],
    [{ name: "a b" }, errorCodes.INVALID_TOPIC_EXCEPTION],
    [{ name: "x".repeat(250) }, errorCodes.INVALID_TOPIC_EXCEPTION],
    [{ name: "__cluster_metadata" }, errorCodes.INVALID_REQUEST],
    [{ numPartitions: 0 }, errorCodes.INVALID_PARTITIONS],
    [{ numPartitions: -2 }, errorCodes.INVALID_PARTITIONS],
    [{ replicationFactor: 0 }, errorCodes.INVALID_REPLICATION_FACTOR],
    [{ replicationFactor: -2 }, errorCodes.INVALID_REPLICATION_FACTOR],
    [{ replicationFactor: 4 }, errorCodes.INVALID_REPLICATION_FACTOR],
    [{ configs: [{ name: "nonsense", value: "1" }] }, errorCodes.INVALID_CONFIG],
    [{ configs: [{ name: "retention.ms", value: "x" }] }, errorCodes.INVALID_CONFIG],
    [{ configs: [{ name: "retention.ms", value: null }] }, errorCodes.INVALID_CONFIG],
    [{ assignments: [{ partitionIndex: 0, brokerIds: [1] }] }, errorCodes.INVALID_REQUEST],
  ];
  for (const [fields, code] of codes) {
    const name = fields.name ?? "topic";
    assertEquals(createdIn(on, { ...fields, name }), code, JSON.stringify(fields));
  }
});

Deno.test("replicas that are named must be registered, distinct, alike in number and numbered from 0", () => {
  const on = cluster();
  const code = (...assignments: [number, number[]][]) =>
    createdIn(on, {
      name: "topic",
      numPartitions: -1,
      replicationFactor: -1,
      assignments: assignments.map(([partitionIndex, brokerIds]) => ({
        partitionIndex,
        brokerIds,
      })),
    });
  const invalid = errorCodes.INVALID_REPLICA_ASSIGNMENT;
  assertEquals(code([0, []]), invalid);
  assertEquals(code([0, [9]]), invalid);
  assertEquals(code([0, [1, 1]]), invalid);
  assertEquals(code([0, [1]], [1, [1, 2]]), invalid);
  assertEquals(code([1, [1]]), invalid);
  assertEquals(code([0, [1]], [0, [2]]), invalid);
  assertEquals(code([1, [2, 1]], [0, [1, 3]]), 0);
  assertEquals(on.partition("topic", 1).replicas, [2, 1]);
});

Deno.test("a fenced broker is not in the ISR of a new partition, and can't be its only replica", () => {
  const on = cluster();
  on.register(4);
  on.place("topic", [4, 1]);
  assertEquals(on.partition("topic").isr, [1]);
  assertEquals(on.partition("topic").leader, 1);
  const alone = createdIn(on, {
    name: "alone",
    numPartitions: -1,
    replicationFactor: -1,
    assignments: [{ partitionIndex: 0, brokerIds: [4] }],
  });
  assertEquals(alone, errorCodes.INVALID_REPLICA_ASSIGNMENT);
});

Deno.test("one request makes ten thousand partitions at most", () => {
  const on = cluster();
  const code = (numPartitions: number) => createdIn(on, { name: "topic", numPartitions });
  assertEquals(code(10_001), errorCodes.POLICY_VIOLATION);
  assertEquals(code(2 ** 31 - 1), errorCodes.POLICY_VIOLATION);
  // With its TopicRecord that is one record more than a batch takes.
  assertEquals(code(10_000), errorCodes.POLICY_VIOLATION);
  assertEquals(code(9_999), 0);
  const grown = on.ask(createPartitions, { topics: [{ name: "topic", count: 20_000 }] });
  assertEquals(grown.results[0]!.errorCode, errorCodes.POLICY_VIOLATION);
});

Deno.test("topics are deleted by name or by id, with their configurations", () => {
  const on = cluster();
  createdIn(on, { name: "a", configs: [{ name: "retention.ms", value: "1" }] });
  createdIn(on, { name: "b" });
  const idOf = (name: string) => on.image.topics.byName(name)!.id;
  const [a, b] = [idOf("a"), idOf("b")];
  const { responses } = on.ask(deleteTopics, { topics: [{ name: "a" }, { topicId: b }] });
  assert(responses.every(({ errorCode }) => errorCode === 0));
  assertEquals(
    responses.map(({ name, topicId }) => [name, topicId]).sort(),
    [["a", a], ["b", b]],
  );
  assertEquals([...on.image.topics], []);
  assertEquals(on.image.configs.get(RESOURCE_TOPIC, "a").size, 0);
  createdIn(on, { name: "a" });
  assert(idOf("a") !== a);
});

Deno.test("what can't be deleted is told apart", () => {
  const on = cluster();
  createdIn(on, { name: "a" });
  createdIn(on, { name: "b" });
  const id = on.image.topics.byName("a")!.id;
  const ask = (...topics: { name?: string | null; topicId?: string }[]) =>
    on.ask(deleteTopics, { topics }).responses.map(({ name, errorCode }) => [name, errorCode]);
  assertEquals(ask({ name: "none" }), [["none", errorCodes.UNKNOWN_TOPIC_OR_PARTITION]]);
  assertEquals(ask({ topicId: UNKNOWN_ID }), [[null, errorCodes.UNKNOWN_TOPIC_ID]]);
  assertEquals(ask({ name: "a", topicId: id }), [["a", errorCodes.INVALID_REQUEST]]);
  assertEquals(ask({ name: null }), [[null, errorCodes.INVALID_REQUEST]]);
  assertEquals(ask({ name: "a" }, { topicId: id }), [["a", errorCodes.INVALID_REQUEST]]);
  assertEquals(ask({ name: "a" }, { name: "a" }, { name: "b" }), [
    ["a", errorCodes.INVALID_REQUEST],
    ["b", 0],
  ]);
  assert(on.image.topics.byName("a") !== undefined);
});

Deno.test("where topics can't be deleted, old clients are told so in their way", () => {
  const on = new Cluster({ deleteTopicEnable: false }).withBrokers(1);
  createdIn(on, { name: "a" });
  const code = (version: number) =>
    on.ask(deleteTopics, version < 6 ? { topicNames: ["a"] } : { topics: [{ name: "a" }] }, version)
      .responses[0]!.errorCode;
  assertEquals(code(2), errorCodes.INVALID_REQUEST);
  assertEquals(code(3), errorCodes.TOPIC_DELETION_DISABLED);
  assertEquals(code(6), errorCodes.TOPIC_DELETION_DISABLED);
});

Deno.test("a topic grows, and never shrinks", () => {
  const on = cluster();
  createdIn(on, { name: "topic", replicationFactor: 2 });
  const code = (count: number, assignments: number[][] | null = null) =>
    on.ask(createPartitions, {
      topics: [{
        name: "topic",
        count,
        assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
      }],
    }).results[0]!.errorCode;
  assertEquals(code(1), errorCodes.INVALID_PARTITIONS);
  assertEquals(code(0), errorCodes.INVALID_PARTITIONS);
  assertEquals(code(3), 0);
  assertEquals(code(4, []), errorCodes.INVALID_REPLICA_ASSIGNMENT);
  assertEquals(code(4, [[1]]), errorCodes.INVALID_REPLICA_ASSIGNMENT);
  assertEquals(code(4, [[3, 1]]), 0);
  assertEquals(on.partition("topic", 3).replicas, [3, 1]);
  assertEquals(on.image.topics.byName("topic")!.partitions.size, 4);
  const unknown = on.ask(createPartitions, { topics: [{ name: "none", count: 2 }] });
  assertEquals(unknown.results[0]!.errorCode, errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
});
