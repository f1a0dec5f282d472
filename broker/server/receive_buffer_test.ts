import { assert, assertEquals, assertThrows } from "@std/assert";
import { FrameError, ReceiveBuffer } from "./receive_buffer.ts";
import { ReceiveMemory, WARM_BYTES } from "./receive_memory.ts";

const MEBIBYTE = 1024 * 1024;

function memory({ keptBytesMax = 4 * MEBIBYTE, frameBytesMax = 64 * MEBIBYTE } = {}) {
  return new ReceiveMemory({ keptBytesMax, frameBytesMax });
}

/** A frame whose bytes count up, with its length in front. */
function frameOf(length: number): Uint8Array {
  const bytes = new Uint8Array(4 + length);
  new DataView(bytes.buffer).setInt32(0, length);
  for (let at = 0; at < length; at++) bytes[4 + at] = at % 251;
  return bytes;
}

/** Feeds `bytes` in reads of at most `readBytes` and gives the lengths of the frames seen. */
function feed(buffer: ReceiveBuffer, bytes: Uint8Array, readBytes: number): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length;) {
    assertEquals(buffer.prepare(), null);
    const room = buffer.room();
    assert(room.length > 0);
    const count = Math.min(room.length, readBytes, bytes.length - at);
    room.set(bytes.subarray(at, at + count));
    buffer.received(count);
    at += count;
    for (let frame = buffer.next(); frame !== null; frame = buffer.next()) {
      assert(frame.every((byte, index) => byte === index % 251));
      lengths.push(frame.length);
    }
  }
  return lengths;
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    whole.set(frame, at);
    at += frame.length;
  }
  return whole;
}

Deno.test("frames come out whole whatever the reads cut", () => {
  const lengths = [0, 1, 1_019, 1_020, 1_021, 3, 131_067, 131_068, 131_069, 400_000, 0, 9];
  const bytes = joined(lengths.map(frameOf));
  for (const readBytes of [1, 7, 1_000, 70_000, Infinity]) {
    const shared = memory();
    const buffer = new ReceiveBuffer(shared, MEBIBYTE);
    assertEquals(feed(buffer, bytes, readBytes), lengths);
    buffer.release();
    assertEquals([shared.frameBytes, shared.keptBytes], [0, 0]);
  }
});

Deno.test("a large frame gets its memory as it arrives, not as it is announced", () => {
  const buffer = new ReceiveBuffer(memory({ frameBytesMax: 200 * MEBIBYTE }), 100 * MEBIBYTE);
  const head = frameOf(0);
  new DataView(head.buffer).setInt32(0, 100 * MEBIBYTE);
  feed(buffer, head, 4);
  assertEquals(buffer.prepare(), null);
  assert(buffer.capacityBytes <= 4 * MEBIBYTE, `${buffer.capacityBytes} bytes for four`);
});

Deno.test("a quiet connection holds a kilobyte, a busy one its warm buffer while the budget lasts", () => {
  const shared = memory({ keptBytesMax: WARM_BYTES });
  const [first, second] = [1, 2].map(() => new ReceiveBuffer(shared, MEBIBYTE));
  for (const buffer of [first!, second!]) {
    feed(buffer, frameOf(50_000), Infinity);
    buffer.prepare();
  }
  assertEquals([first!.capacityBytes, second!.capacityBytes], [WARM_BYTES, 1024]);
  for (let count = 0; count < 20; count++) feed(first!, frameOf(100), Infinity);
  first!.prepare();
  assertEquals(first!.capacityBytes, 1024, "small requests don't need it");
  assertEquals(shared.keptBytes, 0);
});

Deno.test("frames above the limit of all connections wait for their turn", async () => {
  const shared = memory({ frameBytesMax: 500_000, keptBytesMax: 0 });
  const buffers = [1, 2, 3].map(() => new ReceiveBuffer(shared, 100 * MEBIBYTE));
  const begin = (buffer: ReceiveBuffer, length: number) => {
    buffer.prepare();
    buffer.room().set(frameOf(length).subarray(0, 8));
    buffer.received(8);
    return buffer.prepare();
  };
  assertEquals(begin(buffers[0]!, 900_000), null, "one is let through, however large");
  const order: number[] = [];
  const second = begin(buffers[1]!, 300_000)?.then(() => order.push(2));
  const third = begin(buffers[2]!, 300_000)?.then(() => order.push(3));
  await Promise.resolve();
  assertEquals(order, []);
  buffers[0]!.release();
  await second;
  assertEquals(order, [2]);
  buffers[1]!.release();
  await third;
  assertEquals(order, [2, 3]);
  buffers[2]!.release();
  assertEquals(shared.frameBytes, 0);
});

Deno.test("lengths that can't be are told with what is allowed", () => {
  for (const length of [-1, -(2 ** 31), MEBIBYTE + 1, 2 ** 31 - 1]) {
    const buffer = new ReceiveBuffer(memory(), MEBIBYTE);
    const head = new Uint8Array(4);
    new DataView(head.buffer).setInt32(0, length);
    buffer.prepare();
    buffer.room().set(head);
    buffer.received(4);
    assertThrows(() => buffer.next(), FrameError, `Frame of ${length} bytes; allowed are 0 to`);
  }
});
