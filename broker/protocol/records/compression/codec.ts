/** What a batch's attributes say of its compression; the number is the codec's id on the wire. */
export type CodecId = 0 | 1 | 2 | 3 | 4;

export const CODEC_NONE = 0;
export const CODEC_GZIP = 1;
export const CODEC_SNAPPY = 2;
export const CODEC_LZ4 = 3;
export const CODEC_ZSTD = 4;

/** A codec's name in records and in tools. */
export type CodecName = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** Names by id: `CODEC_NAMES[CODEC_LZ4]` is `"lz4"`. */
export const CODEC_NAMES: readonly CodecName[] = ["none", "gzip", "snappy", "lz4", "zstd"];

/** The id of a codec name. */
export function codecId(name: CodecName): CodecId {
  return CODEC_NAMES.indexOf(name) as CodecId;
}

/** Levels as `compression.gzip.level`, `.lz4.level` and `.zstd.level` (KIP-390) set them. */
export interface CompressionLevels {
  /** 1-9, or -1 for the library's default. */
  readonly gzip: number;
  /** 1-17; 9 is the fast compressor, all others search longer the higher they are. */
  readonly lz4: number;
  /** -131072 to 22. */
  readonly zstd: number;
}

/** Kafka's defaults. */
export const DEFAULT_COMPRESSION_LEVELS: CompressionLevels = { gzip: -1, lz4: 9, zstd: 3 };
