import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DiskError, replaceFile, systemDisk } from "./disk.ts";

async function inDirectory(use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "kafkats-disk-" });
  try {
    await use(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

function kindOf(operation: () => unknown): string {
  return assertThrows(operation, DiskError).kind;
}

Deno.test("a file is written and read at any position, and grows with zeros", () =>
  inDirectory(async (path) => {
    const file = systemDisk.open(`${path}/a`, { write: true, create: true });
    file.write(new Uint8Array([1, 2, 3]), 2);
    assertEquals(file.sizeBytes(), 5);
    const read = new Uint8Array(8);
    assertEquals(file.read(read, 0), 5);
    assertEquals([...read], [0, 0, 1, 2, 3, 0, 0, 0]);
    file.truncate(3);
    assertEquals(file.read(read, 2), 1);
    await file.sync();
    file.close();
  }));

Deno.test("failures tell what they are: missing, taken, not a directory, no permission to write", () =>
  inDirectory((path) => {
    assertEquals(kindOf(() => systemDisk.open(`${path}/none`)), "not-found");
    assertEquals(kindOf(() => systemDisk.readFile(`${path}/none`)), "not-found");
    systemDisk.writeFile(`${path}/file`, new Uint8Array(1));
    assertEquals(kindOf(() => systemDisk.makeDirectory(`${path}/file`)), "exists");
    assertEquals(kindOf(() => systemDisk.open(`${path}/file/below`)), "not-directory");
    const reading = systemDisk.open(`${path}/file`);
    assertThrows(() => reading.write(new Uint8Array(1), 0), DiskError);
    reading.close();
    return Promise.resolve();
  }));

Deno.test("stat() and list() tell what is there, and null of what is not", () =>
  inDirectory((path) => {
    systemDisk.makeDirectory(`${path}/b/c`);
    systemDisk.writeFile(`${path}/a`, new Uint8Array(7));
    assertEquals(systemDisk.list(path), ["a", "b"]);
    assertEquals(systemDisk.stat(`${path}/a`)?.sizeBytes, 7);
    assertEquals(systemDisk.stat(`${path}/b`)?.isDirectory, true);
    assertEquals(systemDisk.stat(`${path}/none`), null);
    assertEquals(systemDisk.stat(`${path}/a/below`), null);
    systemDisk.remove(`${path}/b`);
    systemDisk.remove(`${path}/none`);
    assertEquals(systemDisk.list(path), ["a"]);
    return Promise.resolve();
  }));

Deno.test("a lock is held once, and again when it is released", () =>
  inDirectory(async (path) => {
    const lock = await systemDisk.lock(`${path}/.lock`);
    assertEquals(await systemDisk.lock(`${path}/.lock`), null);
    lock?.release();
    (await systemDisk.lock(`${path}/.lock`))!.release();
  }));

Deno.test("replaceFile() puts new content in place and leaves the old one when it can't", () =>
  inDirectory(async (path) => {
    await replaceFile(systemDisk, `${path}/a`, new Uint8Array([1]));
    await replaceFile(systemDisk, `${path}/a`, new Uint8Array([2]));
    assertEquals([...systemDisk.readFile(`${path}/a`)], [2]);
    assertEquals(systemDisk.list(path), ["a"]);
    systemDisk.makeDirectory(`${path}/a.tmp`);
    await assertRejects(
      () => replaceFile(systemDisk, `${path}/a`, new Uint8Array([3])),
      DiskError,
    );
    assertEquals([...systemDisk.readFile(`${path}/a`)], [2]);
  }));

Deno.test("space() tells the room of a file system, and -1 where there is none", () => {
  assertEquals(systemDisk.space("/").totalBytes > 0, true);
  assertEquals(systemDisk.space("/no/such/path").totalBytes, -1);
});
