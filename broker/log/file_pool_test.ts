import { assert, assertEquals, assertThrows } from "@std/assert";
import { DiskError } from "../base/mod.ts";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { FilePool } from "./file_pool.ts";

function pool(capacity: number): { disk: SimulatedDisk; pool: FilePool } {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  return { disk, pool: new FilePool(disk, capacity) };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a pool never holds more files open than its capacity, and all stay usable", () => {
  const { disk, pool: files } = pool(4);
  const many = Array.from({ length: 50 }, (_, index) => files.file(`/d/${index}`));
  for (const [index, file] of many.entries()) file.write(bytes(`file ${index}`), 0);
  for (let round = 0; round < 3; round++) {
    for (const [index, file] of many.entries()) {
      const buffer = new Uint8Array(20);
      const count = file.read(buffer, 0);
      assertEquals(new TextDecoder().decode(buffer.subarray(0, count)), `file ${index}`);
    }
  }
  assertEquals(disk.openCountMax, 4);
  files.closeAll();
  assertEquals(disk.openCount, 0);
  assertEquals(files.openCount, 0);
});

Deno.test("a file that is used again and again is not the one that is closed", () => {
  const { disk, pool: files } = pool(3);
  const busy = files.file("/d/busy");
  for (let index = 0; index < 20; index++) {
    busy.write(bytes("x"), index);
    files.file(`/d/${index}`).write(bytes("y"), 0);
  }
  // One open for each of the twenty others, and two for the busy one at most: a round of the clock
  // in which all files are new spares none.
  assert(disk.counts.get("open")! <= 22);
});

Deno.test("a file whose sync is under way is not closed, and closes when it ends", async () => {
  const { disk, pool: files } = pool(1);
  const first = files.file("/d/first");
  first.write(bytes("a"), 0);
  const synced = first.sync();
  files.file("/d/second").write(bytes("b"), 0);
  assertEquals(disk.openCount, 2);
  first.close();
  assertEquals(disk.openCount, 2);
  await synced;
  assertEquals(disk.openCount, 1);
});

Deno.test("a file that was read can be written, and is found under its new name", () => {
  const { disk, pool: files } = pool(2);
  disk.writeFile("/d/one", bytes("abc"));
  const file = files.file("/d/one");
  assertEquals(file.read(new Uint8Array(3), 0), 3);
  file.write(bytes("d"), 3);
  assertEquals(file.sizeBytes(), 4);
  file.close();
  disk.rename("/d/one", "/d/two");
  file.moved("/d/two");
  assertEquals(file.read(new Uint8Array(10), 0), 4);
});

Deno.test("reading a file that is missing fails, syncing it does not", async () => {
  const { pool: files } = pool(2);
  const file = files.file("/d/none");
  assertThrows(() => file.read(new Uint8Array(1), 0), DiskError, "/d/none");
  assertEquals(file.sizeBytes(), -1);
  await file.sync();
});

Deno.test("when the process runs out of descriptors the pool makes room and tries again", () => {
  const { disk, pool: files } = pool(100);
  disk.openLimit = 5;
  const many = Array.from({ length: 12 }, (_, index) => files.file(`/d/${index}`));
  for (const file of many) file.write(bytes("x"), 0);
  assertEquals(disk.openCountMax <= 5, true);
});
