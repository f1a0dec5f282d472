/**
 * The codecs of record batches: names, ids and levels, packing, and unpacking that stops at a limit.
 * gzip and zstd are node:zlib's; snappy and LZ4 are ours, since a broker unpacks what strangers send
 * and must bound it, and since a library in WebAssembly can't be loaded both late and synchronously.
 */
export * from "./codec.ts";
export { compress } from "./compress.ts";
export { decompress, UNPACKED_BYTES_MAX } from "./decompress.ts";
export { OutputBuffer } from "./output_buffer.ts";
