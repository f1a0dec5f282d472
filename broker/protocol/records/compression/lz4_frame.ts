import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";
import {
  compressLz4Block,
  decompressLz4Block,
  LZ4_BLOCK_BYTES_MAX,
  lz4BlockBound,
} from "./lz4_block.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { xxhash32 } from "./xxhash32.ts";

// The LZ4 frame format: magic, flags, block size, content size if any, one byte of a hash over these
// three; then blocks, each behind its size; a size of zero; a hash of the content if any.
const MAGIC = 0x184d2204;
const VERSION = 1 << 6;
const INDEPENDENT_FLAG = 1 << 5;
const BLOCK_CHECKSUM_FLAG = 1 << 4;
const CONTENT_SIZE_FLAG = 1 << 3;
const CONTENT_CHECKSUM_FLAG = 1 << 2;
const RESERVED_FLAGS = 0b11;
const BLOCK_SIZE_64_KIB = 4;
const STORED_BIT = 0x80000000;
const HEADER_BYTES = 7;

/** The level that Kafka has its fast compressor at. */
const FAST_LEVEL = 9;

/**
 * Packs bytes as one LZ4 frame as Kafka's clients write it: independent 64 KiB blocks, no checksum.
 * `level` is 1-17 (KIP-390). `isMagic0`: with the header checksum over the frame's magic too, a
 * mistake that messages of magic 0 have kept (KIP-57).
 */
export function compressLz4(input: Uint8Array, level: number, isMagic0 = false): Uint8Array {
  const blocks = Math.ceil(input.length / LZ4_BLOCK_BYTES_MAX);
  const output = new Uint8Array(
    HEADER_BYTES + blocks * 4 + input.length + lz4BlockBound(LZ4_BLOCK_BYTES_MAX) + 4,
  );
  const view = new DataView(output.buffer);
  view.setUint32(0, MAGIC, true);
  output[4] = VERSION | INDEPENDENT_FLAG;
  output[5] = BLOCK_SIZE_64_KIB << 4;
  output[6] = xxhash32(output, isMagic0 ? 0 : 4, 6) >>> 8;
  const attempts = level === FAST_LEVEL ? 1 : 1 << Math.min(level, 13) - 1;
  let to = HEADER_BYTES;
  for (let start = 0; start < input.length; start += LZ4_BLOCK_BYTES_MAX) {
    const end = Math.min(start + LZ4_BLOCK_BYTES_MAX, input.length);
    const packedEnd = compressLz4Block(input, start, end, output, to + 4, attempts);
    let size = packedEnd - to - 4;
    if (size >= end - start) {
      size = end - start;
      output.set(input.subarray(start, end), to + 4);
      view.setUint32(to, (size | STORED_BIT) >>> 0, true);
    } else {
      view.setUint32(to, size, true);
    }
    to += 4 + size;
  }
  view.setUint32(to, 0, true);
  return output.subarray(0, to + 4);
}

/**
 * Unpacks the LZ4 frame that `input` starts with into `output`; bytes behind it are passed over, as
 * Kafka does. Throws a {@linkcode RecordsError} for a malformed or cut frame, a wrong checksum, too
 * much content, or blocks that depend on each other, which Kafka's clients can't read.
 * `isMagic0`: the header's checksum is not looked at, since old clients got it wrong.
 */
export function decompressLz4(
  input: Uint8Array,
  limitBytes: number,
  output: OutputBuffer = new OutputBuffer(),
  isMagic0 = false,
): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (input.length < HEADER_BYTES) throw malformed("it is shorter than a header");
  if (view.getUint32(0, true) !== MAGIC) throw malformed("it does not start with the magic number");
  const flags = input[4]!;
  const blockSize = input[5]! >>> 4;
  if ((flags & 0xc0) !== VERSION || (flags & RESERVED_FLAGS) !== 0) {
    throw malformed(`its flags are ${flags}`);
  }
  if ((flags & INDEPENDENT_FLAG) === 0) {
    throw malformed("its blocks depend on each other, which Kafka's format does not allow");
  }
  if (blockSize < 4 || blockSize > 7 || (input[5]! & 0x0f) !== 0) {
    throw malformed(`its block size byte is ${input[5]!}`);
  }
  let at = 6 + ((flags & CONTENT_SIZE_FLAG) !== 0 ? 8 : 0);
  if (at >= input.length) throw malformed("it ends inside its header");
  if (!isMagic0 && input[at] !== (xxhash32(input, 4, at) >>> 8 & 0xff)) {
    throw malformed("its header's checksum is wrong");
  }
  at++;
  output.start(limitBytes, 4 * input.length);
  at = decompressBlocks(input, view, at, output, {
    blockBytesMax: 1 << 2 * blockSize + 8,
    hasChecksums: (flags & BLOCK_CHECKSUM_FLAG) !== 0,
  });
  if ((flags & CONTENT_CHECKSUM_FLAG) !== 0) {
    if (input.length - at < 4) throw malformed("it ends inside its checksum");
    if (view.getUint32(at, true) !== xxhash32(output.bytes, 0, output.length)) {
      throw malformed("its content's checksum is wrong");
    }
  }
  return output.written();
}

/** Unpacks blocks up to the end mark and returns the position behind it. */
function decompressBlocks(
  input: Uint8Array,
  view: DataView,
  start: number,
  output: OutputBuffer,
  options: { readonly blockBytesMax: number; readonly hasChecksums: boolean },
): number {
  const { blockBytesMax, hasChecksums } = options;
  const checksumBytes = hasChecksums ? 4 : 0;
  let at = start;
  for (;;) {
    if (input.length - at < 4) throw malformed("it ends without an end mark");
    const word = view.getUint32(at, true);
    at += 4;
    const size = word & ~STORED_BIT;
    if (size === 0) return at;
    if (size > blockBytesMax) throw malformed(`a block has ${size} bytes, ${blockBytesMax} may`);
    const end = at + size;
    if (end + checksumBytes > input.length) throw malformed("it ends inside a block");
    if ((word & STORED_BIT) !== 0) {
      output.reserve(size);
      output.bytes.set(input.subarray(at, end), output.length);
      output.length += size;
    } else if (!decompressLz4Block(input, at, end, output, blockBytesMax)) {
      throw malformed(`the block at byte ${at} is broken`);
    }
    if (hasChecksums && view.getUint32(end, true) !== xxhash32(input, at, end)) {
      throw malformed(`the checksum of the block at byte ${at} is wrong`);
    }
    at = end + checksumBytes;
  }
}

function malformed(what: string): RecordsError {
  return new RecordsError(errorCodes.UNKNOWN_SERVER_ERROR, `Cannot unpack lz4 frame: ${what}`);
}
