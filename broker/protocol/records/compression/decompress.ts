import {
  CODEC_GZIP,
  CODEC_LZ4,
  CODEC_NONE,
  CODEC_SNAPPY,
  CODEC_ZSTD,
  type CodecId,
} from "./codec.ts";
import { decompressGzip } from "./gzip.ts";
import { decompressLz4 } from "./lz4_frame.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { decompressSnappy } from "./snappy.ts";
import { decompressZstd } from "./zstd.ts";

/**
 * What one batch may unpack to unless told otherwise: as much as a request of
 * `socket.request.max.bytes` at its default could carry unpacked.
 */
export const UNPACKED_BYTES_MAX = 100 * 1024 * 1024;

/**
 * Unpacks bytes with a codec; with none, gives the same bytes back. Throws a `RecordsError` when they
 * are malformed or hold more than `limitBytes`: nothing is allocated beyond twice that. What LZ4 and
 * snappy give is a view of `output`, if there is one, and holds until its next use. `magic` is that of
 * the batch: LZ4 differs in magic 0.
 */
export function decompress(
  codec: CodecId,
  input: Uint8Array,
  limitBytes: number = UNPACKED_BYTES_MAX,
  options: { readonly output?: OutputBuffer; readonly magic?: number } = {},
): Uint8Array {
  switch (codec) {
    case CODEC_NONE:
      return input;
    case CODEC_GZIP:
      return decompressGzip(input, limitBytes);
    case CODEC_SNAPPY:
      return decompressSnappy(input, limitBytes, options.output);
    case CODEC_LZ4:
      return decompressLz4(input, limitBytes, options.output, options.magic === 0);
    case CODEC_ZSTD:
      return decompressZstd(input, limitBytes);
  }
}
