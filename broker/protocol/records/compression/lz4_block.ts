import { copyBytes, copyMatch } from "./copy.ts";
import { FINDER_BLOCK_BYTES_MAX, MatchFinder } from "./match_finder.ts";
import type { OutputBuffer } from "./output_buffer.ts";

// The LZ4 block format: a sequence is a token (literal count and match length - 4, four bits each,
// of which 15 goes on in further bytes), the literals, a two-byte little-endian distance.
const MATCH_MIN = 4;

/** No block unpacks to more than this many times its size. */
const EXPANSION_MAX = 255;

/** The largest block that {@linkcode compressLz4Block} takes. */
export const LZ4_BLOCK_BYTES_MAX = FINDER_BLOCK_BYTES_MAX;

let finder: MatchFinder | null = null;

/** How many bytes a packed block of `sizeBytes` can take at the most. */
export function lz4BlockBound(sizeBytes: number): number {
  return sizeBytes + Math.floor(sizeBytes / 255) + 16;
}

/**
 * Packs `input[start, end)`, up to {@linkcode LZ4_BLOCK_BYTES_MAX}, into `output` from `at` on, where
 * {@linkcode lz4BlockBound} bytes must be free; returns the position behind. `attempts` 1 is fast,
 * more search longer for longer matches.
 */
export function compressLz4Block(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  attempts: number,
): number {
  finder ??= new MatchFinder();
  const { count, literals, lengths, distances } = finder.find(input, start, end, attempts);
  let from = start;
  let to = at;
  for (let index = 0; index < count; index++) {
    const literalCount = literals[index]!;
    const matchLength = lengths[index]! - MATCH_MIN;
    const token = to++;
    output[token] = Math.min(literalCount, 15) << 4 | Math.min(matchLength, 15);
    to = writeLength(output, to, literalCount);
    to = copyBytes(input, from, output, to, literalCount);
    const distance = distances[index]!;
    output[to++] = distance & 0xff;
    output[to++] = distance >>> 8;
    to = writeLength(output, to, matchLength);
    from += literalCount + lengths[index]!;
  }
  output[to++] = Math.min(end - from, 15) << 4;
  to = writeLength(output, to, end - from);
  return copyBytes(input, from, output, to, end - from);
}

function writeLength(output: Uint8Array, at: number, length: number): number {
  let to = at;
  if (length < 15) return to;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) output[to++] = 255;
  output[to++] = rest;
  return to;
}

/**
 * Unpacks one block behind what `output` holds: at most `blockBytesMax` bytes, with matches that reach
 * back to the block's own start at most. False when the block is malformed; throws when the output's
 * limit is passed.
 */
export function decompressLz4Block(
  input: Uint8Array,
  start: number,
  end: number,
  output: OutputBuffer,
  blockBytesMax: number,
): boolean {
  const blockStart = output.length;
  const room = output.reserveUpTo(Math.min(blockBytesMax, EXPANSION_MAX * (end - start)));
  const limit = blockStart + room;
  const target = output.bytes;
  let to = blockStart;
  let at = start;
  while (at < end) {
    const token = input[at++]!;
    let literalCount = token >>> 4;
    if (literalCount === 15) {
      let more = 255;
      while (more === 255 && at < end) {
        more = input[at++]!;
        literalCount += more;
      }
      if (more === 255) return false;
    }
    if (literalCount > end - at) return false;
    if (literalCount > limit - to) return overflow(output, to - blockStart + literalCount, room);
    to = copyBytes(input, at, target, to, literalCount);
    at += literalCount;
    if (at === end) { // A block ends with literals; what the token says of a match is nothing.
      output.length = to;
      return true;
    }

    if (end - at < 2) return false;
    const distance = input[at]! | input[at + 1]! << 8;
    at += 2;
    if (distance === 0 || distance > to - blockStart) return false;
    let matchLength = (token & 15) + MATCH_MIN;
    if (matchLength === 15 + MATCH_MIN) {
      let more = 255;
      while (more === 255 && at < end) {
        more = input[at++]!;
        matchLength += more;
      }
      if (more === 255) return false;
    }
    if (matchLength > limit - to) return overflow(output, to - blockStart + matchLength, room);
    to = copyMatch(target, to, distance, matchLength);
  }
  return false;
}

/** Throws when it was the output's limit that left no more room; else the block is too large. */
function overflow(output: OutputBuffer, neededBytes: number, room: number): false {
  if (output.reserveUpTo(neededBytes) <= room) output.reserve(neededBytes);
  return false;
}
