/** A full disk refuses what it can't keep, keeps what was acknowledged, and recovers when there is room. */
import { assert, assertEquals } from "@std/assert";
import { startTestBroker } from "../clients/test_broker.ts";
import { Asker } from "./asking.ts";

const KAFKA_STORAGE_ERROR = 56;
const DISK_SIZE = "48m";
const BALLAST_BYTES = 8 * 2 ** 20;

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false; // No such program.
  }
}

/** A small disk of its own; null where this system does not let us mount one. */
async function mountSmallDisk(): Promise<AsyncDisposable & { readonly path: string } | null> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return null;
  const path = await Deno.makeTempDir({ prefix: "kafkats-small-" });
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${DISK_SIZE}`, "tmpfs", path)) return null;
  return {
    path,
    async [Symbol.asyncDispose]() {
      await run("umount", path);
      await Deno.remove(path, { recursive: true });
    },
  };
}

const disk = await mountSmallDisk();
await disk?.[Symbol.asyncDispose]();

Deno.test({
  name: "a full disk refuses records, loses none, and takes them again when there is room",
  ignore: disk === null,
  async fn() {
    await using small = (await mountSmallDisk())!;
    const ballast = `${small.path}/ballast`;
    await Deno.writeFile(ballast, new Uint8Array(BALLAST_BYTES).fill(1));
    await using broker = await startTestBroker({ apache: false, directory: small.path });
    const asker = new Asker({ host: "127.0.0.1", port: broker.port });
    await asker.createTopic("full");
    const kept: string[] = [];
    let errorCode = 0;
    for (let n = 0; n < 200 && errorCode === 0; n++) {
      const value = { repeat: String(n % 10), times: 500_000 };
      ({ errorCode } = await asker.produce("full", { records: [{ key: `${n}`, value }] }));
      if (errorCode === 0) kept.push(String(n % 10));
    }
    assertEquals(errorCode, KAFKA_STORAGE_ERROR, "what a full disk gives");
    assert(kept.length > 10, `${kept.length} records before it was full`);
    const read = await asker.readAll("full");
    assertEquals(read.map(({ value }) => value[0]), kept, "what was acknowledged can be read");
    await Deno.remove(ballast);
    const after = await asker.produce("full", { records: [{ value: "after" }] });
    assertEquals(after, { errorCode: 0, baseOffset: kept.length }, "there is room again");
    await asker.end();
    await broker.stop();
    await broker.restart();
    const again = new Asker({ host: "127.0.0.1", port: broker.port });
    assertEquals((await again.readAll("full")).length, kept.length + 1, "after a restart");
    await again.end();
  },
});
