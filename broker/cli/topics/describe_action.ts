import {
  type Decoded,
  describeConfigs,
  describeTopicPartitions,
  errorCodes,
  make,
  type ResponseOf,
} from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import type { TopicFlags } from "./topic_flags.ts";
import { selectTopics } from "../topic_filter.ts";

interface Partition {
  readonly partition: number;
  /** Null where nobody leads. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** Null where the broker does not tell. */
  readonly elr: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
}

interface Topic {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly Partition[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
  readonly minInSyncReplicas: number;
}

const NO_LEADER = -1;
const RESOURCE_TOPIC = 2;
const SOURCE_DEFAULT = 5;
const PAGE_PARTITIONS_MAX = 2000;

/** `--describe`. */
export async function describeAction(
  admin: AdminConnection,
  flags: TopicFlags,
  io: CommandIo,
): Promise<number> {
  const all = await admin.topics(null);
  const names = flags["topic-id"] === null
    ? selectTopics(
      all.flatMap(({ name }) => name ?? []),
      flags.topic,
      flags["exclude-internal"],
    )
    : all.filter(({ topicId }) => topicId === flags["topic-id"])
      .flatMap(({ name }) => name ?? []);
  if (names.length === 0 && !flags["if-exists"]) {
    if (flags["topic-id"] !== null) {
      throw new CommandError(`There is no topic with id ${flags["topic-id"]}`);
    }
    if (flags.topic !== null) throw new CommandError(`There is no topic ${flags.topic}`);
  }
  if (names.length === 0) return 0;
  const filter = partitionFilter(flags);
  const topics = await gather(admin, names);
  const chosen = topics
    .map((topic) => ({ ...topic, partitions: topic.partitions.filter((p) => filter(p, topic)) }))
    .filter((topic) => !flags["topics-with-overrides"] || topic.configs.length > 0);
  await io.stdout.write(
    flags.json
      ? `${JSON.stringify(chosen.map(toJson))}\n`
      : chosen.map((topic) => render(topic, topics, flags)).join(""),
  );
  return 0;
}

const FILTERS = [
  "under-replicated-partitions",
  "unavailable-partitions",
  "under-min-isr-partitions",
  "at-min-isr-partitions",
] as const;

function partitionFilter(flags: TopicFlags): (partition: Partition, topic: Topic) => boolean {
  const [chosen, other] = FILTERS.filter((name) => flags[name]);
  if (other !== undefined) {
    throw new UsageError(`--${chosen} and --${other} do not go together`);
  }
  switch (chosen) {
    case "under-replicated-partitions":
      return ({ isr, replicas }) => isr.length < replicas.length;
    case "unavailable-partitions":
      return ({ leader }) => leader === null;
    case "under-min-isr-partitions":
      return ({ isr }, { minInSyncReplicas }) => isr.length < minInSyncReplicas;
    case "at-min-isr-partitions":
      return ({ isr }, { minInSyncReplicas }) => isr.length === minInSyncReplicas;
    default:
      return () => true;
  }
}

async function gather(admin: AdminConnection, names: readonly string[]): Promise<Topic[]> {
  const partitions = admin.serves(describeTopicPartitions)
    ? await partitionsByPage(admin, names)
    : await partitionsByMetadata(admin, names);
  const { results } = await admin.send(
    describeConfigs,
    make(describeConfigs.request, {
      resources: names.map((resourceName) => ({
        resourceType: RESOURCE_TOPIC,
        resourceName,
        configurationKeys: null,
      })),
    }),
  );
  const configs = new Map(results.map((result) => [result.resourceName, result.configs]));
  return names.flatMap((name) => {
    const found = partitions.get(name);
    if (found === undefined) return []; // Deleted in the meantime.
    const options = configs.get(name) ?? [];
    const minimum = options.find((option) => option.name === "min.insync.replicas")?.value;
    return [{
      name,
      ...found,
      configs: options.filter(({ configSource }) => configSource !== SOURCE_DEFAULT),
      minInSyncReplicas: Number(minimum ?? 1),
    }];
  });
}

type Found = Map<string, { topicId: string; partitions: Partition[] }>;

/** Asks page by page (KIP-966): also who else could lead. */
async function partitionsByPage(admin: AdminConnection, names: readonly string[]): Promise<Found> {
  const found: Found = new Map();
  type Answer = Decoded<ResponseOf<typeof describeTopicPartitions>>;
  let cursor: Answer["nextCursor"] = null;
  do {
    const answer: Answer = await admin.send(
      describeTopicPartitions,
      make(describeTopicPartitions.request, {
        topics: names.map((name) => ({ name })),
        responsePartitionLimit: PAGE_PARTITIONS_MAX,
        cursor,
      }),
    );
    for (const topic of answer.topics) {
      const name = topic.name ?? "";
      if (topic.errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) continue;
      if (topic.errorCode !== errorCodes.NONE) {
        throw new ApiError(`Cannot describe topic ${name}`, failed(topic.errorCode));
      }
      const entry = found.get(name) ?? { topicId: topic.topicId, partitions: [] };
      found.set(name, entry);
      entry.partitions.push(...topic.partitions.map((partition) => ({
        partition: partition.partitionIndex,
        leader: partition.leaderId === NO_LEADER ? null : partition.leaderId,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
        elr: partition.eligibleLeaderReplicas ?? [],
        lastKnownElr: partition.lastKnownElr ?? [],
      })));
    }
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return found;
}

async function partitionsByMetadata(
  admin: AdminConnection,
  names: readonly string[],
): Promise<Found> {
  const topics = await admin.topics(names);
  return new Map(
    topics.filter(({ errorCode }) => errorCode === errorCodes.NONE).map((topic) => [
      topic.name ?? "",
      {
        topicId: topic.topicId,
        partitions: topic.partitions.map((partition) => ({
          partition: partition.partitionIndex,
          leader: partition.leaderId === NO_LEADER ? null : partition.leaderId,
          replicas: partition.replicaNodes,
          isr: partition.isrNodes,
          elr: null,
          lastKnownElr: null,
        })).sort((a, b) => a.partition - b.partition),
      },
    ]),
  );
}

/** Lines as kafka-topics prints them. */
function render(topic: Topic, all: readonly Topic[], flags: TopicFlags): string {
  const { name, topicId, partitions, configs } = topic;
  const every = all.find((one) => one.name === name)?.partitions ?? [];
  const isFiltered = FILTERS.some((filter) => flags[filter]);
  const head = [
    `Topic: ${name}`,
    `TopicId: ${topicId}`,
    `PartitionCount: ${every.length}`,
    `ReplicationFactor: ${every[0]?.replicas.length ?? 0}`,
    `Configs: ${configs.map(({ name, value }) => `${name}=${value ?? "null"}`).join(",")}`,
  ].join("\t");
  const ids = (ids: readonly number[] | null) => ids === null ? "N/A" : ids.join(",");
  const lines = partitions.map((partition) =>
    [
      `\tTopic: ${name}`,
      `Partition: ${partition.partition}`,
      `Leader: ${partition.leader ?? "none"}`,
      `Replicas: ${ids(partition.replicas)}`,
      `Isr: ${ids(partition.isr)}`,
      `Elr: ${ids(partition.elr)}`,
      `LastKnownElr: ${ids(partition.lastKnownElr)}`,
    ].join("\t")
  );
  const shown = [
    ...isFiltered ? [] : [head],
    ...flags["topics-with-overrides"] ? [] : lines,
  ];
  return shown.map((line) => `${line}\n`).join("");
}

function toJson({ name, topicId, partitions, configs }: Topic) {
  return {
    name,
    topicId,
    partitions,
    configs: Object.fromEntries(configs.map(({ name, value }) => [name, value])),
  };
}
