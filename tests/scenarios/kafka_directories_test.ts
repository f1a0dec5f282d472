/**
 * Data directories that Apache Kafka wrote, opened by a whole broker: clients see what they saw when
 * Kafka opened them, again after a restart on what we wrote, and nothing is lost that is not served.
 */
import { assertEquals } from "@std/assert";
import { type RunningBroker, startBroker } from "../../broker/mod.ts";
import {
  decodeSnapshot,
  type MetadataRecord,
  parseSnapshotName,
} from "../../broker/metadata/mod.ts";
import { ClusterView, type Json } from "./cluster_view.ts";
import { type Copy, differences, FIXTURES, served, unpack } from "./kafka_fixture.ts";

function start({ properties }: Copy): Promise<RunningBroker> {
  return startBroker({ overrides: properties });
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
      const broker = await start(copy);
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
  await (await start(copy)).stop();
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
