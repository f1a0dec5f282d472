import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";
import { copyBytes, copyMatch } from "./copy.ts";
import { MatchFinder } from "./match_finder.ts";
import { OutputBuffer, tooLarge } from "./output_buffer.ts";

/**
 * Java's snappy stream: this header, then blocks behind their sizes (big-endian). Other clients send
 * one block alone, without header or size; that is told from the header's absence.
 */
const STREAM_HEADER = new Uint8Array([
  ...[0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0], // "\x82SNAPPY\0"
  ...[0, 0, 0, 1, 0, 0, 0, 1], // version, and the least version that can read it
]);
const STREAM_MAGIC_BYTES = 8;
const STREAM_BLOCK_BYTES = 32 * 1024;

/** A 64-byte copy takes three bytes: no block unpacks to more than this many times its size. */
const EXPANSION_MAX = 22;

let finder: MatchFinder | null = null;

/** Packs bytes as Java's clients do: a stream of blocks of 32 KiB. */
export function compressSnappy(input: Uint8Array): Uint8Array {
  finder ??= new MatchFinder();
  const blocks = Math.ceil(input.length / STREAM_BLOCK_BYTES);
  const output = new Uint8Array(
    STREAM_HEADER.length + blocks * 16 + input.length + (input.length >>> 5),
  );
  const view = new DataView(output.buffer);
  output.set(STREAM_HEADER);
  let to = STREAM_HEADER.length;
  for (let start = 0; start < input.length; start += STREAM_BLOCK_BYTES) {
    const end = Math.min(start + STREAM_BLOCK_BYTES, input.length);
    const blockEnd = compressBlock(finder, input, start, end, output, to + 4);
    view.setInt32(to, blockEnd - to - 4);
    to = blockEnd;
  }
  return output.subarray(0, to);
}

function compressBlock(
  finder: MatchFinder,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  let to = at;
  let rest = end - start;
  for (; rest >= 0x80; rest >>>= 7) output[to++] = rest & 0x7f | 0x80;
  output[to++] = rest;
  const { count, literals, lengths, distances } = finder.find(input, start, end, 1);
  let from = start;
  for (let index = 0; index < count; index++) {
    const literalCount = literals[index]!;
    to = writeLiterals(input, from, output, to, literalCount);
    to = writeCopies(output, to, distances[index]!, lengths[index]!);
    from += literalCount + lengths[index]!;
  }
  return writeLiterals(input, from, output, to, end - from);
}

function writeLiterals(
  input: Uint8Array,
  from: number,
  output: Uint8Array,
  at: number,
  count: number,
): number {
  if (count === 0) return at;
  let to = at;
  if (count <= 60) {
    output[to++] = count - 1 << 2;
  } else if (count <= 0x100) {
    output[to++] = 60 << 2;
    output[to++] = count - 1;
  } else {
    output[to++] = 61 << 2;
    output[to++] = count - 1 & 0xff;
    output[to++] = count - 1 >>> 8;
  }
  return copyBytes(input, from, output, to, count);
}

function writeCopies(output: Uint8Array, at: number, distance: number, length: number): number {
  let to = at;
  let rest = length;
  while (rest > 0) {
    if (rest >= 4 && rest <= 11 && distance < 2048) {
      output[to++] = 1 | rest - 4 << 2 | distance >>> 8 << 5;
      output[to++] = distance & 0xff;
      return to;
    }
    // A remainder below 4 would have no short form: leave it 4 bytes.
    const count = rest > 64 ? Math.min(64, rest - 4) : rest;
    output[to++] = 2 | count - 1 << 2;
    output[to++] = distance & 0xff;
    output[to++] = distance >>> 8;
    rest -= count;
  }
  return to;
}

/**
 * Unpacks a snappy stream, or one block alone, into `output`. Throws a {@linkcode RecordsError} when
 * a block is malformed, cut, or not of the size that it says, or when the limit is passed.
 */
export function decompressSnappy(
  input: Uint8Array,
  limitBytes: number,
  output: OutputBuffer = new OutputBuffer(),
): Uint8Array {
  output.start(limitBytes, 4 * input.length);
  if (!startsWithMagic(input, 0)) {
    decompressBlock(input, 0, input.length, output, limitBytes);
    return output.written();
  }
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  while (at < input.length) {
    if (startsWithMagic(input, at)) { // At the start, and between streams that were joined.
      if (input.length - at < STREAM_HEADER.length) throw malformed("it ends inside its header");
      at += STREAM_HEADER.length;
      continue;
    }
    if (input.length - at < 4) break; // Java's reader takes a cut size for the end, too.
    const size = view.getInt32(at);
    at += 4;
    if (size < 0 || size > input.length - at) {
      throw malformed(`a block has ${size} bytes where ${input.length - at} are left`);
    }
    decompressBlock(input, at, at + size, output, limitBytes);
    at += size;
  }
  return output.written();
}

function startsWithMagic(input: Uint8Array, at: number): boolean {
  if (input.length - at < STREAM_MAGIC_BYTES) return false;
  for (let index = 0; index < STREAM_MAGIC_BYTES; index++) {
    if (input[at + index] !== STREAM_HEADER[index]) return false;
  }
  return true;
}

function decompressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  output: OutputBuffer,
  limitBytes: number,
): void {
  let at = start;
  let size = 0;
  for (let shift = 1;; shift *= 0x80) {
    if (at === end || shift > 2 ** 28) throw malformed("a block's length is cut or too long");
    const byte = input[at++]!;
    size += (byte & 0x7f) * shift;
    if (byte < 0x80) break;
  }
  if (size > EXPANSION_MAX * (end - at)) {
    throw malformed(`a block of ${end - start} bytes can't hold the ${size} that it says`);
  }
  if (size > limitBytes - output.length) throw tooLarge(limitBytes);
  output.reserve(size);
  const stop = output.length + size;
  if (!decompressElements(input, at, end, output.bytes, output.length, stop)) {
    throw malformed(`the block at byte ${start} is broken`);
  }
  output.length = stop;
}

/** Fills `target[start, stop)` exactly; false when the elements don't. */
function decompressElements(
  input: Uint8Array,
  from: number,
  end: number,
  target: Uint8Array,
  start: number,
  stop: number,
): boolean {
  let at = from;
  let to = start;
  while (at < end) {
    const tag = input[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let count = (tag >>> 2) + 1;
      if (count > 60) {
        const sizeBytes = count - 60;
        if (end - at < sizeBytes) return false;
        count = 1;
        for (let index = 0, scale = 1; index < sizeBytes; index++, scale *= 0x100) {
          count += input[at++]! * scale;
        }
      }
      if (count > end - at || count > stop - to) return false;
      to = copyBytes(input, at, target, to, count);
      at += count;
      continue;
    }
    let length = (tag >>> 2) + 1;
    let distance: number;
    if (kind === 1) {
      if (at >= end) return false;
      length = (tag >>> 2 & 7) + 4;
      distance = tag >>> 5 << 8 | input[at++]!;
    } else if (kind === 2) {
      if (end - at < 2) return false;
      distance = input[at]! | input[at + 1]! << 8;
      at += 2;
    } else {
      if (end - at < 4) return false;
      distance = (input[at]! | input[at + 1]! << 8 | input[at + 2]! << 16) +
        input[at + 3]! * 2 ** 24;
      at += 4;
    }
    if (distance === 0 || distance > to - start || length > stop - to) return false;
    to = copyMatch(target, to, distance, length);
  }
  return to === stop;
}

function malformed(what: string): RecordsError {
  return new RecordsError(errorCodes.UNKNOWN_SERVER_ERROR, `Cannot unpack snappy stream: ${what}`);
}
