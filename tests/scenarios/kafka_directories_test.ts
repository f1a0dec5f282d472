/**
 * Data directories that Apache Kafka wrote, opened by a whole broker: clients see what they saw when
 * Kafka opened them, again after a restart on what we wrote, and nothing is lost that is not served.
 */
import { assert, assertEquals } from "@std/assert";
import { type RunningBroker, startBroker } from "../../broker/mod.ts";
import {
  decodeSnapshot,
  type MetadataRecord,
  parseSnapshotName,
} from "../../broker/metadata/mod.ts";
import { jsonText } from "../wire/json_text.ts";
import { ClusterView, type Json } from "./cluster_view.ts";

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

interface Fixture {
  readonly name: string;
  readonly directories: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

const FIXTURES: readonly Fixture[] = [
  { name: "clean", directories: ["data"], properties: {} },
  { name: "crashed", directories: ["data"], properties: { "log.index.size.max.bytes": "131072" } },
  { name: "dynamic", directories: ["data", "data2"], properties: DYNAMIC_QUORUM },
];

/** A copy of a fixture on which brokers start. */
interface Copy extends AsyncDisposable {
  readonly path: string;
  readonly expected: Json;
  start(): Promise<RunningBroker>;
}

async function unpack({ name, directories, properties }: Fixture): Promise<Copy> {
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
    start: () =>
      startBroker({
        dataDirectory: directories.map((directory) => `${path}/${directory}`).join(","),
        overrides: { ...MADE_WITH, ...STILL, ...SNAPSHOT_OFTEN, ...properties },
      }),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** What is served of what the fixture tells; `leaderEpochsLater` is by how much epochs went on. */
function served({ online }: Json, leaderEpochsLater: number): Json {
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
function differences(expected: Json, seen: Json, path = ""): string[] {
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

async function viewOf(broker: RunningBroker): Promise<Json> {
  const view = new ClusterView({ host: "127.0.0.1", port: broker.port });
  try {
    return await view.take();
  } finally {
    await view.end();
  }
}

for (const fixture of FIXTURES) {
  Deno.test(`clients see in Kafka's ${fixture.name} directory what Kafka shows them`, async () => {
    await using copy = await unpack(fixture);
    // Each stop and each start of the only replica moves the leader epoch on by one.
    for (const leaderEpochsLater of [0, 2]) {
      const broker = await copy.start();
      const seen = await viewOf(broker);
      await broker.stop();
      assertEquals(differences(served(copy.expected, leaderEpochsLater), seen), []);
    }
  });
}

/** The newest snapshot in the metadata log. */
async function newestSnapshot(data: string): Promise<readonly MetadataRecord[]> {
  const directory = `${data}/__cluster_metadata-0`;
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (parseSnapshotName(name)?.isWhole) names.push(name);
  }
  const newest = names.sort().at(-1)!;
  return decodeSnapshot(newest, await Deno.readFile(`${directory}/${newest}`)).records;
}

Deno.test("our snapshots keep the metadata that we don't serve", async () => {
  await using copy = await unpack(FIXTURES[0]!);
  await (await copy.start()).stop();
  const records = await newestSnapshot(`${copy.path}/data`);
  const counts = Object.fromEntries(
    Map.groupBy(records, ({ name }) => name).entries().map(([name, kind]) => [name, kind.length]),
  );
  const { acls, scramUsers, quotas } = copy.expected.online;
  assertEquals(counts.AccessControlEntryRecord, acls.length);
  assertEquals(
    counts.UserScramCredentialRecord,
    Object.values(scramUsers as Record<string, string[]>).flat().length,
  );
  assertEquals(
    counts.ClientQuotaRecord,
    quotas.flatMap(({ values }: Json) => Object.keys(values)).length,
  );
  assertEquals(counts.DelegationTokenRecord, 1);
  assertEquals(counts.FeatureLevelRecord, Object.keys(copy.expected.online.features).length);
});
