/**
 * Data directories that Apache Kafka wrote: copies of them to start brokers on, and what clients are
 * to see there.
 */
import { assert } from "@std/assert";
import { jsonText } from "../wire/json_text.ts";
import type { Json } from "./cluster_view.ts";

/** Nothing expires and nothing is cleaned, however long ago the directories were written. */
const STILL = {
  "log.cleaner.enable": "false",
  "log.initial.task.delay.ms": "86400000",
  "offsets.retention.minutes": "50000000",
  "producer.id.expiration.ms": "2000000000",
};
/** As the directories were made; the ports of static voters are not looked at. */
const MADE_WITH = {
  "process.roles": "broker,controller",
  "node.id": "1",
  "controller.quorum.voters": "1@127.0.0.1:1",
  "offsets.topic.num.partitions": "3",
  "offsets.topic.replication.factor": "1",
  "group.initial.rebalance.delay.ms": "0",
};
const DYNAMIC_QUORUM = {
  "controller.quorum.voters": "",
  "controller.quorum.bootstrap.servers": "127.0.0.1:1",
};
/** So small that the first stop already leaves a snapshot of ours. */
const SNAPSHOT_OFTEN = { "metadata.log.max.record.bytes.between.snapshots": "1000" };

/** A directory, or several of one node. */
export interface Fixture {
  readonly name: string;
  readonly directories: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** All that one node can open. */
export const FIXTURES: readonly Fixture[] = [
  { name: "clean", directories: ["data"], properties: {} },
  { name: "crashed", directories: ["data"], properties: { "log.index.size.max.bytes": "131072" } },
  { name: "dynamic", directories: ["data", "data2"], properties: DYNAMIC_QUORUM },
];

/** A copy of a fixture on which brokers start. */
export interface Copy extends AsyncDisposable {
  readonly path: string;
  /** What Kafka's own tools and clients say about it. */
  readonly expected: Json;
  /** Properties of a broker that is to open it, `log.dirs` among them. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Unpacks a fixture into a temporary directory. */
export async function unpack({ name, directories, properties }: Fixture): Promise<Copy> {
  const path = await Deno.makeTempDir({ prefix: "kafkats-fixture-" });
  const archive = new URL(`../fixtures/${name}.tar.gz`, import.meta.url).pathname;
  const tar = await new Deno.Command("tar", { args: ["xzf", archive, "-C", path] }).output();
  assert(tar.success, `tar unpacks ${archive}`);
  const expected = await Deno.open(
    new URL(`../fixtures/${name}_expected.json.gz`, import.meta.url),
  );
  const text = expected.readable.pipeThrough(new DecompressionStream("gzip"));
  return {
    path,
    expected: await new Response(text).json(),
    properties: {
      ...MADE_WITH,
      ...STILL,
      ...SNAPSHOT_OFTEN,
      ...properties,
      "log.dirs": directories.map((directory) => `${path}/${directory}`).join(","),
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** What is served of what the fixture tells; `leaderEpochsLater` is by how much epochs went on. */
export function served({ online }: Json, leaderEpochsLater: number): Json {
  const { topics, groups, features, brokerConfigs, clientMetrics, groupConfigs } = online;
  return {
    topics: mapValues(topics, (topic) => ({
      ...topic,
      partitions: topic.partitions.map(({ activeProducers: _, ...partition }: Json) => ({
        ...partition,
        leaderEpochAtEnd: partition.leaderEpochAtEnd + leaderEpochsLater,
      })),
    })),
    groups: mapValues(groups, ({ type, state, protocolType, offsets, description }) => ({
      type: type.toLowerCase(),
      state,
      protocolType,
      offsets: offsets ?? {},
      ...type !== "Classic" ? {} : {
        assignor: description.assignor,
        members: description.members.map(({ assignment: _, ...member }: Json) => member),
      },
    })),
    features,
    brokerConfigs,
    clientMetrics,
    groupConfigs,
    clusterId: online.clusterId,
    quorum: online.quorum,
  };
}

function mapValues(object: Json, change: (value: Json) => Json): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

/** Where two views differ, a line each: the views themselves are too large to be printed. */
export function differences(expected: Json, seen: Json, path = ""): string[] {
  if (jsonText(expected) === jsonText(seen)) return [];
  const isTree = (value: Json) => typeof value === "object" && value !== null;
  if (!isTree(expected) || !isTree(seen)) {
    return [`${path}: ${jsonText(expected)} expected, ${jsonText(seen)} seen`];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(seen)]);
  return Array.from(names).flatMap((name) =>
    differences(expected[name], seen[name], `${path}/${name}`)
  );
}
