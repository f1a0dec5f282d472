import {
  createPartitions,
  createTopics,
  deleteTopics,
  errorCodes,
  hasCollisionCharacters,
  make,
} from "../protocol/mod.ts";
import { type ClusterClient, describeError } from "./client/cluster_client.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { connect, connectionFlags } from "./connection_flags.ts";
import { describeTopics } from "./describe_topics.ts";
import { type FlagSet, type FlagValues, integer, onOff, text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { selectTopics } from "./topic_filter.ts";

const flags = {
  ...connectionFlags,
  alter: onOff("Give a topic more partitions."),
  "at-min-isr-partitions": onOff("Describe only partitions with just min.insync.replicas in sync."),
  config: texts("name=value", "An option of the new topic. With --create."),
  create: onOff("Create a topic."),
  delete: onOff("Delete topics."),
  describe: onOff("Tell partitions, leaders, replicas and options of topics."),
  "exclude-internal": onOff("Leave out the topics that brokers keep for themselves."),
  "if-exists": onOff("Do nothing where the topic does not exist."),
  "if-not-exists": onOff("Do nothing where the topic exists already."),
  list: onOff("List the names of topics."),
  partitions: integer("count", "Number of partitions; the broker's num.partitions by default.", {
    min: 1,
    max: 0x7fffffff,
  }),
  "replica-assignment": text(
    "0:1,1:2",
    "Brokers for the replicas of each partition: a comma between partitions, a colon between brokers.",
  ),
  "replication-factor": integer(
    "count",
    "Replicas of each partition; the broker decides by default.",
    {
      min: 1,
      max: 32767,
    },
  ),
  topic: text("topic", "The topic; except with --create, a regular expression for several."),
  "topic-id": text("id", "The topic to describe, by its id."),
  "topics-with-overrides": onOff("Describe only topics that have options of their own."),
  "unavailable-partitions": onOff("Describe only partitions without a leader."),
  "under-min-isr-partitions": onOff("Describe only partitions with too few replicas in sync."),
  "under-replicated-partitions": onOff("Describe only partitions with replicas out of sync."),
} as const satisfies FlagSet;

type Flags = FlagValues<typeof flags>;

const ACTIONS = ["list", "describe", "create", "alter", "delete"] as const;

/** `kafkats topics`: what kafka-topics does. */
export const topicsCommand = command({
  name: "topics",
  summary: "Create, list, describe, alter and delete topics.",
  usage: "(--create | --list | --describe | --alter | --delete) [--topic <topic>] [flags]",
  examples: [
    "kafkats topics --create --topic user-events --partitions 6",
    "kafkats topics --create --topic state --config cleanup.policy=compact --config segment.ms=3600000",
    "kafkats topics --describe --topic user-events --bootstrap-server broker1:9092",
    "kafkats topics --list --exclude-internal",
    "kafkats topics --alter --topic user-events --partitions 12",
    "kafkats topics --delete --topic 'test-.*'",
  ],
  flags,
  async run(flags, io) {
    const actions = ACTIONS.filter((action) => flags[action]);
    const [action] = actions;
    if (action === undefined || actions.length > 1) {
      throw new UsageError(
        `Exactly one of ${ACTIONS.map((name) => `--${name}`).join(", ")} must be given`,
      );
    }
    checkFlags(action, flags);
    using client = await connect(flags, io);
    switch (action) {
      case "list":
        return await listTopics(client, flags, io);
      case "describe":
        return await describeTopics(client, flags, io);
      case "create":
        return await createTopic(client, flags, io);
      case "alter":
        return await alterTopics(client, flags, io);
      case "delete":
        return await removeTopics(client, flags, io);
    }
  },
});

/** Flags that only some actions take. */
const TAKEN_BY: Partial<Record<keyof Flags, readonly (typeof ACTIONS)[number][]>> = {
  config: ["create"],
  partitions: ["create", "alter"],
  "replication-factor": ["create"],
  "replica-assignment": ["create", "alter"],
  "if-not-exists": ["create"],
  "if-exists": ["alter", "delete", "describe"],
  "exclude-internal": ["list", "describe"],
  "topic-id": ["describe"],
};

function checkFlags(action: (typeof ACTIONS)[number], flags: Flags): void {
  for (const [name, actions] of Object.entries(TAKEN_BY)) {
    const value = flags[name as keyof Flags];
    const isGiven = value !== null && value !== false && !(Array.isArray(value) && !value.length);
    if (isGiven && !actions.includes(action)) {
      throw new UsageError(
        `--${name} goes with ${actions.map((one) => `--${one}`).join(", ")}, not with --${action}`,
      );
    }
  }
  if (["create", "alter", "delete"].includes(action) && flags.topic === null) {
    throw new UsageError(`--${action} needs --topic`);
  }
  const assigned = flags["replica-assignment"] !== null;
  if (action === "create" && assigned) {
    for (const name of ["partitions", "replication-factor"] as const) {
      if (flags[name] !== null) {
        throw new UsageError(`--${name} does not go with --replica-assignment`);
      }
    }
  }
  if (action === "alter" && flags.partitions === null) {
    throw new UsageError(
      "--alter needs --partitions; options of topics change with kafkats configs",
    );
  }
}

async function listTopics(client: ClusterClient, flags: Flags, io: CommandIo): Promise<number> {
  const names = selectTopics(await topicNames(client), flags.topic, flags["exclude-internal"]);
  await io.stdout.write(
    flags.json ? `${JSON.stringify(names)}\n` : names.map((name) => `${name}\n`).join(""),
  );
  return 0;
}

async function createTopic(client: ClusterClient, flags: Flags, io: CommandIo): Promise<number> {
  const name = flags.topic ?? "";
  const assignment = flags["replica-assignment"];
  if (hasCollisionCharacters(name)) {
    await io.stderr.write(
      `Note: in the names of metrics "." and "_" are the same, so topics should use only one of them\n`,
    );
  }
  const answer = await client.retry(async () => {
    const { topics } = await client.request(
      createTopics,
      make(createTopics.request, {
        topics: [{
          name,
          numPartitions: flags.partitions ?? -1,
          replicationFactor: flags["replication-factor"] ?? -1,
          assignments: assignment === null
            ? []
            : parseAssignment(assignment).map((brokerIds, partitionIndex) => ({
              partitionIndex,
              brokerIds,
            })),
          configs: flags.config.map(parseConfig),
        }],
      }),
    );
    return firstOf(topics, "CreateTopics");
  });
  if (answer.errorCode === errorCodes.TOPIC_ALREADY_EXISTS && flags["if-not-exists"]) return 0;
  if (answer.errorCode !== errorCodes.NONE) {
    throw new CommandError(`Cannot create topic ${name}: ${describeError(answer)}`);
  }
  const { topicId, numPartitions, replicationFactor } = answer;
  const created = { name, topicId, partitions: numPartitions, replicationFactor };
  await io.stdout.write(flags.json ? `${JSON.stringify(created)}\n` : `Created topic ${name}.\n`);
  return 0;
}

async function alterTopics(client: ClusterClient, flags: Flags, io: CommandIo): Promise<number> {
  const names = await existingTopics(client, flags);
  const { topics } = await client.metadata(names);
  const count = flags.partitions ?? 0;
  const assignment = flags["replica-assignment"];
  const assigned = assignment === null ? null : parseAssignment(assignment);
  for (const topic of topics) {
    const name = topic.name ?? "";
    // What is assigned for partitions that exist already is not asked for again, as in Kafka's tool.
    const added = assigned?.slice(topic.partitions.length).map((brokerIds) => ({ brokerIds }));
    const answer = await client.retry(async () => {
      const { results } = await client.request(
        createPartitions,
        make(createPartitions.request, {
          topics: [{ name, count, assignments: added ?? null }],
          timeoutMs: 60_000,
        }),
      );
      return firstOf(results, "CreatePartitions");
    });
    if (answer.errorCode !== errorCodes.NONE) {
      throw new CommandError(
        `Cannot give topic ${name} ${count} partitions: ${describeError(answer)}`,
      );
    }
  }
  if (flags.json) await io.stdout.write(`${JSON.stringify(names)}\n`);
  return 0;
}

async function removeTopics(client: ClusterClient, flags: Flags, io: CommandIo): Promise<number> {
  const names = await existingTopics(client, flags);
  for (const name of names) {
    const answer = await client.retry(async () => {
      const { responses } = await client.request(
        deleteTopics,
        make(deleteTopics.request, {
          topics: [{ name }],
          topicNames: [name],
          timeoutMs: 60_000,
        }),
      );
      return firstOf(responses, "DeleteTopics");
    });
    if (answer.errorCode !== errorCodes.NONE) {
      throw new CommandError(`Cannot delete topic ${name}: ${describeError(answer)}`);
    }
  }
  if (flags.json) await io.stdout.write(`${JSON.stringify(names)}\n`);
  return 0;
}

/** The topics that `--topic` means; a CommandError where there is none, unless that is allowed. */
async function existingTopics(client: ClusterClient, flags: Flags): Promise<string[]> {
  const names = selectTopics(await topicNames(client), flags.topic, false);
  if (names.length === 0 && !flags["if-exists"]) {
    throw new CommandError(`There is no topic ${flags.topic}`);
  }
  return names;
}

async function topicNames(client: ClusterClient): Promise<string[]> {
  const { topics } = await client.metadata(null);
  return topics.flatMap(({ name }) => name ?? []);
}

function parseConfig(text: string): { name: string; value: string } {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  if (name === "") throw new UsageError(`--config ${text}: allowed is name=value`);
  return { name, value: text.slice(equals + 1).trim() };
}

/** `1:2,2:3`: brokers of the first partition, of the second, and so on. */
function parseAssignment(text: string): number[][] {
  const partitions = text.split(",").map((part) => part.split(":").map((id) => id.trim()));
  const refuse = (why: string) => new UsageError(`--replica-assignment ${text}: ${why}`);
  for (const brokers of partitions) {
    if (!brokers.every((id) => /^\d{1,10}$/.test(id))) {
      throw refuse("allowed are broker ids, a colon between brokers, a comma between partitions");
    }
    if (new Set(brokers).size < brokers.length) throw refuse("a partition names a broker twice");
    if (brokers.length !== partitions[0]?.length) {
      throw refuse("all partitions must have the same number of replicas");
    }
  }
  return partitions.map((brokers) => brokers.map(Number));
}

/** The one answer to a request about one thing. */
function firstOf<T>(answers: readonly T[], api: string): T {
  const [first] = answers;
  if (first === undefined) throw new CommandError(`The broker gave no answer to ${api}`);
  return first;
}
