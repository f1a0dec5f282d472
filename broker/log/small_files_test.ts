import { assert, assertEquals, assertThrows } from "@std/assert";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { formatOffsets, OffsetCheckpoint, parseOffsets, PartitionOffsets } from "./checkpoints.ts";
import { readShutdownMark, removeShutdownMark, writeShutdownMark } from "./clean_shutdown.ts";
import { EpochCache } from "./epoch_cache.ts";
import { readMetaProperties, writeMetaProperties } from "./meta_properties.ts";
import { PartitionMetadata } from "./partition_metadata.ts";
import { FileFormatError, SmallFile } from "./small_file.ts";

function disk(): SimulatedDisk {
  const made = new SimulatedDisk();
  made.makeDirectory("/d");
  return made;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (from: SimulatedDisk, path: string) => new TextDecoder().decode(from.readFile(path));

Deno.test("a checkpoint has Kafka's text and reads as it was written", async () => {
  const d = disk();
  const offsets = new PartitionOffsets();
  offsets.set("with.dots_and-dashes", 3, 17);
  offsets.set("t", 0, 2 ** 40);
  offsets.set("t", 0, 2 ** 41);
  assertEquals(offsets.count, 2);
  const checkpoint = new OffsetCheckpoint(d, "/d/c");
  await checkpoint.write(offsets);
  assertEquals(text(d, "/d/c"), `0\n2\nwith.dots_and-dashes 3 17\nt 0 ${2 ** 41}\n`);
  const read = checkpoint.read();
  assertEquals([read.get("t", 0), read.get("t", 1), read.get("u", 0)], [
    2 ** 41,
    undefined,
    undefined,
  ]);
  assertEquals(formatOffsets(read), formatOffsets(offsets));
});

Deno.test("a missing or empty checkpoint holds nothing; a damaged one is named", () => {
  assertEquals(new OffsetCheckpoint(disk(), "/d/none").read().count, 0);
  assertEquals(parseOffsets("", "/p").count, 0);
  for (
    const damaged of [
      "1\n0\n",
      "0\n2\nt 0 1\n",
      "0\nx\n",
      "0\n1\nt 0\n",
      "0\n1\nt 0 -1\n",
      "0\n1\nt zero 1\n",
      "0\n1\nt 0 1 2\n",
      "garbage",
    ]
  ) {
    assertThrows(() => parseOffsets(damaged, "/p"), FileFormatError, "/p");
  }
});

Deno.test("of the writes that wait only the newest is carried out, and all callers hear of it", async () => {
  const d = disk();
  const file = new SmallFile(d, "/d/f");
  await Promise.all(["one", "two", "three"].map((content) => file.write(bytes(content))));
  assertEquals(text(d, "/d/f"), "three");
  assertEquals(d.counts.get("sync"), 2);
  assertEquals(d.list("/d"), ["f"]);
});

Deno.test("a write at once is not undone by an older one under way", async () => {
  const d = disk();
  const file = new SmallFile(d, "/d/f");
  const older = file.write(bytes("older"));
  file.writeNow(bytes("newer"));
  await older;
  assertEquals(text(d, "/d/f"), "newer");
  assertEquals(d.list("/d"), ["f"]);
});

Deno.test("a crash at any moment of a write leaves the old or the new content", async () => {
  for (let after = 0; after < 6; after++) {
    const d = disk();
    await new SmallFile(d, "/d/f").write(bytes("old"));
    d.failLater({
      after,
      operations: ["writeFile", "open", "sync", "rename", "create", "syncDirectory"],
    });
    await new SmallFile(d, "/d/f").write(bytes("new")).catch(() => "expected");
    assert(["old", "new"].includes(text(d, "/d/f")), `after ${after} operations`);
  }
});

Deno.test("partition.metadata has Kafka's text, and a damaged one is refused", () => {
  const d = disk();
  const metadata = new PartitionMetadata(d, "/d");
  assertEquals(metadata.read(), null);
  metadata.write("z5x5yZbvSU-4ATM0zlXnsA");
  assertEquals(text(d, "/d/partition.metadata"), "version: 0\ntopic_id: z5x5yZbvSU-4ATM0zlXnsA");
  assertEquals(metadata.read(), "z5x5yZbvSU-4ATM0zlXnsA");
  d.writeFile("/d/partition.metadata", bytes("version: 1\ntopic_id: z5x5yZbvSU-4ATM0zlXnsA"));
  assertThrows(() => metadata.read(), FileFormatError, "partition.metadata");
});

Deno.test("the mark of a clean stop carries the broker epoch; an empty one of old brokers none", async () => {
  const d = disk();
  assertEquals(readShutdownMark(d, "/d"), { clean: false, brokerEpoch: -1 });
  await writeShutdownMark(d, "/d", 20);
  assertEquals(text(d, "/d/.kafka_cleanshutdown"), '{"version":0,"brokerEpoch":20}');
  assertEquals(readShutdownMark(d, "/d"), { clean: true, brokerEpoch: 20 });
  removeShutdownMark(d, "/d");
  assertEquals(readShutdownMark(d, "/d").clean, false);
  d.writeFile("/d/.kafka_cleanshutdown", new Uint8Array(0));
  assertEquals(readShutdownMark(d, "/d"), { clean: true, brokerEpoch: -1 });
});

Deno.test("meta.properties has Kafka's text, version 1 alone is known", async () => {
  const d = disk();
  assertEquals(readMetaProperties(d, "/d"), null);
  const properties = {
    clusterId: "AAAAAAAAAAAAAAAAAAAAAA",
    nodeId: 1,
    directoryId: "KmtxFbahQe3_2dsbJXjZNg",
  };
  await writeMetaProperties(d, "/d", properties, Date.UTC(2026, 10, 24, 1, 0, 39));
  assertEquals(
    text(d, "/d/meta.properties"),
    "#\n#Tue Nov 24 01:00:39 UTC 2026\nnode.id=1\ndirectory.id=KmtxFbahQe3_2dsbJXjZNg\n" +
      "version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\n",
  );
  assertEquals(readMetaProperties(d, "/d"), properties);
  const strange = { ...properties, clusterId: " a=b:c#d!e\\f", directoryId: null };
  await writeMetaProperties(d, "/d", strange, 0);
  assertEquals(readMetaProperties(d, "/d"), strange);
  for (
    const damaged of [
      "version=0\nbroker.id=1\n",
      "version=2\nnode.id=1\ncluster.id=x\n",
      "version=1\nnode.id=1\n",
      "version=1\nnode.id=one\ncluster.id=x\n",
      "version=1\ncluster.id=x\n",
      "version=1\nnode.id=1\ncluster.id=x\ndirectory.id=short\n",
    ]
  ) {
    d.writeFile("/d/meta.properties", bytes(damaged));
    assertThrows(() => readMetaProperties(d, "/d"), FileFormatError, "meta.properties");
  }
});

Deno.test("leader epochs are saved in Kafka's text and loaded again", async () => {
  const d = disk();
  const cache = EpochCache.load(d, "/d");
  cache.assign(1, 0);
  cache.assign(2, 131);
  await cache.save();
  assertEquals(text(d, "/d/leader-epoch-checkpoint"), "0\n2\n1 0\n2 131\n");
  assertEquals(EpochCache.load(d, "/d").entries, cache.entries);
  const saves = d.counts.get("sync");
  await cache.save();
  assertEquals(d.counts.get("sync"), saves);
});
