import zlib from "node:zlib";
import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";
import { tooLarge } from "./output_buffer.ts";
import { chunkBytes, isTooLarge, plainBytes } from "./zlib.ts";

// RFC 8878, section 3.1.
const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
const SINGLE_SEGMENT_FLAG = 1 << 5;
const CHECKSUM_FLAG = 1 << 2;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * Clients pack a batch as one frame. Each costs a call into the library, and a request could hold a
 * hundred thousand empty ones, which took seconds.
 */
const FRAMES_MAX = 100;

/** Packs bytes as one zstd frame; `level` is -131072 to 22. */
export function compressZstd(input: Uint8Array, level: number): Uint8Array {
  return plainBytes(zlib.zstdCompressSync(input, {
    params: { [zlib.constants.ZSTD_c_compressionLevel]: level },
    chunkSize: chunkBytes(input.length >>> 1),
  }));
}

/**
 * Unpacks zstd frames. Throws a {@linkcode RecordsError} when one is malformed, cut, not of the size
 * that it says, or when they hold more than `limitBytes`.
 *
 * The library takes a cut frame for an empty one and passes over all but the first, so the frames'
 * outlines are read here and it is given one at a time.
 */
export function decompressZstd(input: Uint8Array, limitBytes: number): Uint8Array {
  if (input.length === 0) throw malformed("it is empty");
  const parts: Uint8Array[] = [];
  let total = 0;
  let at = 0;
  for (let count = 1; at < input.length; count++) {
    if (count > FRAMES_MAX) throw malformed(`there are more than ${FRAMES_MAX}`);
    const frame = outline(input, at);
    if (!frame.isSkippable) {
      if (frame.contentBytes > limitBytes - total) throw tooLarge(limitBytes);
      const part = decompressFrame(input.subarray(at, frame.end), frame.contentBytes, {
        limitBytes: limitBytes - total,
        totalLimitBytes: limitBytes,
      });
      parts.push(part);
      total += part.length;
    }
    at = frame.end;
  }
  if (parts.length === 1) return parts[0]!;
  const joined = new Uint8Array(total);
  let to = 0;
  for (const part of parts) {
    joined.set(part, to);
    to += part.length;
  }
  return joined;
}

function decompressFrame(
  frame: Uint8Array,
  contentBytes: number,
  limits: { readonly limitBytes: number; readonly totalLimitBytes: number },
): Uint8Array {
  let unpacked: Uint8Array;
  try {
    unpacked = plainBytes(zlib.zstdDecompressSync(frame, {
      // Zero would mean no limit.
      maxOutputLength: Math.max(limits.limitBytes, 1),
      chunkSize: chunkBytes(contentBytes >= 0 ? contentBytes : 4 * frame.length),
    }));
  } catch (cause) {
    if (isTooLarge(cause)) throw tooLarge(limits.totalLimitBytes);
    throw new RecordsError(
      errorCodes.UNKNOWN_SERVER_ERROR,
      "Cannot unpack zstd frame: it is broken",
      {
        cause,
      },
    );
  }
  if (contentBytes >= 0 && unpacked.length !== contentBytes) {
    throw malformed(`it says ${contentBytes} bytes and holds ${unpacked.length}`);
  }
  return unpacked;
}

interface FrameOutline {
  readonly isSkippable: boolean;
  /** What the frame says that it unpacks to; -1 when it doesn't. */
  readonly contentBytes: number;
  /** The position behind the frame. */
  readonly end: number;
}

function outline(input: Uint8Array, start: number): FrameOutline {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const need = (at: number, count: number) => {
    if (count > input.length - at) throw malformed("it is cut");
  };
  need(start, 4);
  const magic = view.getUint32(start, true);
  if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC) {
    need(start + 4, 4);
    const size = view.getUint32(start + 4, true);
    need(start + 8, size);
    return { isSkippable: true, contentBytes: -1, end: start + 8 + size };
  }
  if (magic !== FRAME_MAGIC) throw malformed("it does not start with the magic number");
  need(start + 4, 1);
  const descriptor = input[start + 4]!;
  const isSingleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!;
  let at = start + 5 + (isSingleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]!;
  need(at, sizeBytes);
  const contentBytes = contentSize(view, at, sizeBytes);
  at += sizeBytes;
  for (let isLast = false; !isLast;) {
    need(at, 3);
    const header = input[at]! | input[at + 1]! << 8 | input[at + 2]! << 16;
    isLast = (header & 1) === 1;
    const kind = header >>> 1 & 3;
    if (kind === RESERVED_BLOCK) throw malformed("a block's type is unknown");
    const size = kind === RLE_BLOCK ? 1 : header >>> 3;
    need(at + 3, size);
    at += 3 + size;
  }
  if ((descriptor & CHECKSUM_FLAG) !== 0) {
    need(at, 4);
    at += 4;
  }
  return { isSkippable: false, contentBytes, end: at };
}

function contentSize(view: DataView, at: number, sizeBytes: number): number {
  switch (sizeBytes) {
    case 0:
      return -1;
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  }
}

function malformed(what: string): RecordsError {
  return new RecordsError(errorCodes.UNKNOWN_SERVER_ERROR, `Cannot unpack zstd frame: ${what}`);
}
