import { assert, assertEquals, assertRejects } from "@std/assert";
import type { RecordsSource } from "../protocol/mod.ts";
import { OutputChunks, ResponseQueue } from "./response_queue.ts";

type Part = Uint8Array | RecordsSource;

function bytes(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (seed + index * 7) % 256);
}

/** Bytes on disk. */
function source(content: Uint8Array, largestRead?: { bytes: number }): RecordsSource {
  return {
    sizeBytes: content.length,
    read(buffer, from) {
      if (largestRead !== undefined) {
        largestRead.bytes = Math.max(largestRead.bytes, buffer.length);
      }
      buffer.set(content.subarray(from, from + buffer.length));
    },
  };
}

function message(...parts: Part[]) {
  const sizeBytes = parts.reduce(
    (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.sizeBytes),
    0,
  );
  return { sizeBytes, parts };
}

/** Collects what is written, as it is at that moment. */
class Written {
  readonly writes: Uint8Array[] = [];
  readonly write = (chunk: Uint8Array) => {
    this.writes.push(chunk.slice());
    return Promise.resolve();
  };
  get all(): number[] {
    return this.writes.flatMap((chunk) => [...chunk]);
  }
}

Deno.test("small answers go out in one write, in their order", async () => {
  const queue = new ResponseQueue(new OutputChunks());
  const written = new Written();
  const parts = [bytes(10, 1), bytes(20, 2), bytes(30, 3)];
  queue.push(message(parts[0]!));
  queue.push(message(parts[1]!, source(parts[2]!)));
  assertEquals(queue.sizeBytes, 60);
  await queue.flush(written.write);
  assertEquals(written.writes.length, 1);
  assertEquals(written.all, parts.flatMap((part) => [...part]));
  assertEquals(queue.sizeBytes, 0);
  await queue.flush(written.write);
  assertEquals(written.writes.length, 1, "nothing is left");
});

Deno.test("record data passes through in chunks, byte for byte, large bytes without a copy", async () => {
  const queue = new ResponseQueue(new OutputChunks());
  const written = new Written();
  const largestRead = { bytes: 0 };
  const contents = [50, 1_400_000, 40_000, 3, 524_288, 100_000, 1];
  const parts = contents.map((length, index) => bytes(length, index));
  queue.push(message(parts[0]!, source(parts[1]!, largestRead), parts[2]!));
  queue.push(message(parts[3]!, source(parts[4]!, largestRead), parts[5]!, parts[6]!));
  await queue.flush(written.write);
  assert(largestRead.bytes <= 512 * 1024);
  const expected = parts.flatMap((part) => [...part]);
  assertEquals(written.all.length, expected.length);
  assert(written.all.every((byte, index) => byte === expected[index]));
});

Deno.test("many slow readers get small chunks, and each gives its chunk back", async () => {
  const chunks = new OutputChunks();
  const sizes = Array.from({ length: 70 }, () => chunks.take()).map((chunk) => {
    queueMicrotask(() => chunks.give(chunk));
    return chunk.length;
  });
  assertEquals(sizes.slice(0, 64).every((size) => size === 512 * 1024), true);
  assertEquals(sizes.slice(64).every((size) => size === 16 * 1024), true);
  await Promise.resolve();
  assertEquals(chunks.take().length, 512 * 1024);
});

Deno.test("a write that fails gives the chunk back and fails the flush", async () => {
  const chunks = new OutputChunks();
  for (let count = 0; count < 100; count++) {
    const queue = new ResponseQueue(chunks);
    queue.push(message(bytes(10, 1), source(bytes(10, 2))));
    await assertRejects(() => queue.flush(() => Promise.reject(new Error("gone"))), Error, "gone");
  }
  assertEquals(chunks.take().length, 512 * 1024);
});
