import {
  CODEC_GZIP,
  CODEC_LZ4,
  CODEC_NONE,
  CODEC_SNAPPY,
  CODEC_ZSTD,
  type CodecId,
  type CompressionLevels,
  DEFAULT_COMPRESSION_LEVELS,
} from "./codec.ts";
import { compressGzip } from "./gzip.ts";
import { compressLz4 } from "./lz4_frame.ts";
import { compressSnappy } from "./snappy.ts";
import { compressZstd } from "./zstd.ts";

/**
 * Packs bytes with a codec; with none, gives the same bytes back. `magic` is that of the batch: LZ4
 * differs in magic 0.
 */
export function compress(
  codec: CodecId,
  input: Uint8Array,
  levels: CompressionLevels = DEFAULT_COMPRESSION_LEVELS,
  magic = 2,
): Uint8Array {
  switch (codec) {
    case CODEC_NONE:
      return input;
    case CODEC_GZIP:
      return compressGzip(input, levels.gzip);
    case CODEC_SNAPPY:
      return compressSnappy(input);
    case CODEC_LZ4:
      return compressLz4(input, levels.lz4, magic === 0);
    case CODEC_ZSTD:
      return compressZstd(input, levels.zstd);
  }
}
