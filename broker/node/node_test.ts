import { assertEquals, assertRejects } from "@std/assert";
import { startBroker } from "../mod.ts";
import { systemClock, systemDisk } from "../base/mod.ts";
import { ConfigError } from "../config/mod.ts";
import {
  BOOTSTRAP_SNAPSHOT_ID,
  bootstrapRecords,
  LEGACY_BOOTSTRAP_FILE,
  snapshotName,
} from "../metadata/mod.ts";
import { writeSnapshot } from "../raft/mod.ts";
import type { JsonObject } from "../../tests/wire/json_text.ts";
import { Player } from "../../tests/wire/player.ts";

/** 4.1-IV1. */
const OLDER_LEVEL = 27;
const SOFTWARE = { clientSoftwareName: "test", clientSoftwareVersion: "1" };

async function inDirectory(use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "kafkats-node-" });
  try {
    await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("a broker starts with nothing, listens on a port of its own, and stops without a trace", () =>
  inDirectory(async (path) => {
    let clusterId: string;
    {
      await using broker = await startBroker({ dataDirectory: path });
      clusterId = broker.clusterId;
      assertEquals(broker.bootstrap.endsWith(`:${broker.port}`), true);
      assertEquals(broker.listeners.map(({ name }) => name), ["PLAINTEXT", "CONTROLLER"]);
    }
    await using again = await startBroker({ dataDirectory: path });
    assertEquals(again.clusterId, clusterId);
  }));

Deno.test("a port that is taken leaves nothing behind, and lets go of what was bound", () =>
  inDirectory(async (path) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const error = await assertRejects(() =>
      startBroker({
        dataDirectory: `${path}/data`,
        overrides: { listeners: `PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:${port}` },
      })
    );
    assertEquals(
      (error as Error).message,
      `Cannot use option listeners: cannot listen on 127.0.0.1:${port}: another program listens there`,
    );
    assertEquals([...Deno.readDirSync(path)], []);
    taken.close();
    const unusable = { listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:0` };
    await Deno.writeTextFile(`${path}/file`, "");
    await assertRejects(() =>
      startBroker({ dataDirectory: `${path}/file/data`, overrides: unusable })
    );
    await using _free = await startBroker({ dataDirectory: `${path}/data`, overrides: unusable });
  }));

Deno.test("the metadata log lies where metadata.log.dir says, which must be one of log.dirs", () =>
  inDirectory(async (path) => {
    const dirs = `${path}/one,${path}/two`;
    {
      await using _broker = await startBroker({
        overrides: { "log.dirs": dirs, "metadata.log.dir": `${path}/two` },
      });
    }
    assertEquals(systemDisk.stat(`${path}/two/__cluster_metadata-0`)?.isDirectory, true);
    assertEquals(systemDisk.stat(`${path}/one/__cluster_metadata-0`), null);
    const elsewhere = { "log.dirs": dirs, "metadata.log.dir": `${path}/three` };
    await assertRejects(
      () => startBroker({ overrides: elsewhere }),
      ConfigError,
      "metadata.log.dir",
    );
  }));

Deno.test("a directory that Kafka before 4.4 formatted begins with the levels it was given", () =>
  inDirectory(async (path) => {
    {
      await using _broker = await startBroker({ dataDirectory: path });
    }
    // What is left of it is what `storage format` makes: who it belongs to, and its levels.
    for (const name of systemDisk.list(path)) {
      if (name !== "meta.properties") systemDisk.remove(`${path}/${name}`);
    }
    await writeSnapshot(systemDisk, systemClock, path, {
      id: BOOTSTRAP_SNAPSHOT_ID,
      header: { lastContainedLogTimestampMs: 0, kraftVersion: 0, voters: null },
      records: bootstrapRecords(OLDER_LEVEL),
    });
    systemDisk.rename(
      `${path}/${snapshotName(BOOTSTRAP_SNAPSHOT_ID)}`,
      `${path}/${LEGACY_BOOTSTRAP_FILE}`,
    );
    await using broker = await startBroker({ dataDirectory: path });
    const player = new Player("127.0.0.1", broker.port, "node-test");
    const { body } = await player.play({ api: "ApiVersions", version: 3, body: SOFTWARE });
    const levels = (body as { finalizedFeatures: JsonObject[] }).finalizedFeatures;
    const found = levels.find(({ name }) => name === "metadata.version")?.maxVersionLevel;
    assertEquals(found, OLDER_LEVEL);
    await player.end();
  }));
