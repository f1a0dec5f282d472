import { adminFlags } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";
import { type FlagSet, type FlagValues, integer, onOff, text, texts } from "../flags.ts";

/** What `kafkats topics` takes. */
export const topicFlags = {
  ...adminFlags,
  alter: onOff("Give a topic more partitions."),
  "at-min-isr-partitions": onOff("Describe only partitions with just min.insync.replicas in sync."),
  config: texts("name=value", "An option of the new topic. With --create."),
  create: onOff("Create a topic."),
  delete: onOff("Delete topics."),
  describe: onOff("Tell partitions, leaders, replicas and options of topics."),
  "exclude-internal": onOff("Leave out the topics that brokers keep for themselves."),
  "if-exists": onOff("Do nothing where the topic does not exist."),
  "if-not-exists": onOff("Do nothing where the topic exists already."),
  json: onOff("Print JSON."),
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

/** Values of {@linkcode topicFlags}. */
export type TopicFlags = FlagValues<typeof topicFlags>;

const ACTIONS = ["list", "describe", "create", "alter", "delete"] as const;

/** What the command is to do. */
export type TopicAction = (typeof ACTIONS)[number];

/** The one action that the flags name. Throws UsageError, also where flags do not fit together. */
export function actionOf(flags: TopicFlags): TopicAction {
  const actions = ACTIONS.filter((action) => flags[action]);
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw new UsageError(
      `Exactly one of ${ACTIONS.map((name) => `--${name}`).join(", ")} must be given`,
    );
  }
  checkFlags(action, flags);
  return action;
}

/** Flags that only some actions take. */
const TAKEN_BY: Partial<Record<keyof TopicFlags, readonly TopicAction[]>> = {
  config: ["create"],
  partitions: ["create", "alter"],
  "replication-factor": ["create"],
  "replica-assignment": ["create", "alter"],
  "if-not-exists": ["create"],
  "if-exists": ["alter", "delete", "describe"],
  "exclude-internal": ["list", "describe"],
  "topic-id": ["describe"],
};

function checkFlags(action: TopicAction, flags: TopicFlags): void {
  for (const [name, actions] of Object.entries(TAKEN_BY)) {
    const value = flags[name as keyof TopicFlags];
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
