import { assertEquals, assertThrows } from "@std/assert";
import { FrameReader } from "./frame_reader.ts";

function frame(...bytes: number[]): number[] {
  return [0, 0, 0, bytes.length, ...bytes];
}

Deno.test("push() gives the same frames however the bytes are cut", () => {
  const bytes = Uint8Array.from([...frame(1, 2, 3), ...frame(), ...frame(4), ...frame(5, 6)]);
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new FrameReader();
    const frames: number[][] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(bytes.slice(at, at + size), (found) => frames.push([...found]));
    }
    assertEquals(frames, [[1, 2, 3], [], [4], [5, 6]], `in pieces of ${size}`);
  }
});

Deno.test("push() refuses a length that no frame has", () => {
  for (const head of [[0xff, 0xff, 0xff, 0xff], [0, 0, 1, 1]]) {
    const reader = new FrameReader(256);
    assertThrows(() => reader.push(Uint8Array.from(head), () => {}), RangeError, "at most 256");
    const inPieces = new FrameReader(256);
    inPieces.push(Uint8Array.from(head.slice(0, 3)), () => {});
    assertThrows(() => inPieces.push(Uint8Array.from(head.slice(3)), () => {}), RangeError);
  }
});
