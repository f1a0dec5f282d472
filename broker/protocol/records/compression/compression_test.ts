import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import zlib from "node:zlib";
import * as lz4Wasm from "lz4-wasm";
import SnappyJs from "snappyjs";
import xxhashWasm from "xxhash-wasm";
import { errorCodes } from "../../errors.ts";
import { RecordsError } from "../records_error.ts";
import {
  CODEC_GZIP,
  CODEC_LZ4,
  CODEC_NAMES,
  CODEC_SNAPPY,
  CODEC_ZSTD,
  type CodecId,
  codecId,
  DEFAULT_COMPRESSION_LEVELS,
} from "./codec.ts";
import { compress } from "./compress.ts";
import { decompress } from "./decompress.ts";
import { compressLz4, decompressLz4 } from "./lz4_frame.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { compressSnappy } from "./snappy.ts";
import { xxhash32 } from "./xxhash32.ts";

const CODECS = [CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4, CODEC_ZSTD] as const;
const LIMIT = 10_000_000;

function join(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Compares large arrays faster than `assertEquals` does. */
function assertSame(found: Uint8Array, wanted: Uint8Array, where = ""): void {
  assertEquals(found.length, wanted.length, where);
  const at = wanted.findIndex((byte, index) => byte !== found[index]);
  assertEquals(at, -1, `${where}: byte ${at} is ${found[at]}, not ${wanted[at]}`);
}

/** Bytes with repetitions near and far, as records have them; the same for a seed. */
function textLike(length: number, seed: number): Uint8Array {
  let state = seed >>> 0 || 1;
  const next = () => state = Math.imul(state, 0x5bd1e995) + 0x2545f491 >>> 0;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const choice = next() % 10;
    if (choice < 6 && at > 40) {
      const from = at - 1 - next() % Math.min(at - 1, 1 << 4 + next() % 12);
      const end = Math.min(at + 4 + next() % 40, length);
      for (const distance = at - from; at < end; at++) bytes[at] = bytes[at - distance]!;
    } else {
      for (let left = next() % 20; left >= 0 && at < length; left--) bytes[at++] = next() >>> 24;
    }
  }
  return bytes;
}

/** Sizes around the block sizes of snappy (32 KiB) and LZ4 (64 KiB), and around nothing. */
const SIZES = [
  0,
  1,
  4,
  5,
  11,
  12,
  13,
  100,
  32_767,
  32_768,
  32_769,
  65_535,
  65_536,
  65_537,
  300_000,
];

Deno.test("every codec gives back what it was given", () => {
  for (const codec of CODECS) {
    for (const size of SIZES) {
      for (
        const [name, bytes] of [
          ["zeros", new Uint8Array(size)],
          ["text", textLike(size, size + 1)],
          ["noise", Uint8Array.from({ length: size }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 13)],
        ] as const
      ) {
        const packed = compress(codec, bytes);
        const where = `${CODEC_NAMES[codec]} ${name} of ${size}`;
        assertSame(decompress(codec, packed, LIMIT), bytes, where);
        assert(packed.length <= bytes.length + bytes.length / 50 + 64, where);
      }
    }
  }
});

Deno.test("every codec gives back random bytes", () => {
  for (const codec of CODECS) {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 2_000 }),
          fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat({ max: 3_000 })).map(
            ([unit, size]) => Uint8Array.from({ length: size }, (_, at) => unit[at % unit.length]!),
          ),
          fc.tuple(fc.nat({ max: 70_000 }), fc.nat()).map(([size, seed]) => textLike(size, seed)),
        ),
        (bytes) => assertSame(decompress(codec, compress(codec, bytes), LIMIT), bytes),
      ),
      { numRuns: 60 },
    );
  }
});

Deno.test("levels that Kafka allows are taken, and higher ones pack tighter", () => {
  const bytes = textLike(100_000, 3);
  const sizes = (codec: CodecId, name: "gzip" | "lz4" | "zstd", levels: readonly number[]) =>
    levels.map((level) => {
      const packed = compress(codec, bytes, { ...DEFAULT_COMPRESSION_LEVELS, [name]: level });
      assertSame(decompress(codec, packed, LIMIT), bytes, `${name} at ${level}`);
      return packed.length;
    });
  const [gzip1, gzip9] = sizes(CODEC_GZIP, "gzip", [1, 9, -1]);
  const [lz4Fast, lz4Least, lz4Most] = sizes(CODEC_LZ4, "lz4", [9, 1, 17]);
  const [zstdLeast, zstd1, zstd19] = sizes(CODEC_ZSTD, "zstd", [-131_072, 1, 19, 22]);
  assert(gzip9! < gzip1!);
  assert(lz4Most! < lz4Fast! && lz4Most! < lz4Least!);
  assert(zstd19! < zstd1! && zstd1! < zstdLeast!);
});

Deno.test("codecId() is the place of a name in CODEC_NAMES", () => {
  assertEquals(CODEC_NAMES.map(codecId), [0, 1, 2, 3, 4]);
});

Deno.test("a bomb of any codec stops at the limit, however much it holds", () => {
  const size = 40_000_000;
  const zeros = new Uint8Array(size);
  for (const codec of CODECS) {
    const bomb = compress(codec, zeros);
    const error = assertThrows(
      () => decompress(codec, bomb, 100_000),
      RecordsError,
      "more than 100000 bytes",
    );
    assertEquals(error.errorCode, errorCodes.MESSAGE_TOO_LARGE);
    assertThrows(() => decompress(codec, bomb, size - 1), RecordsError, "more than");
    assertEquals(decompress(codec, bomb, size).length, size);
    const time = (limit: number) => {
      const start = performance.now();
      assertEquals(attempt(codec, bomb, limit), limit === size);
      return performance.now() - start;
    };
    // Were it unpacked first and measured then, all limits would take the same time.
    assert(Math.min(time(1_000), time(1_000), time(1_000)) < time(size) / 3, CODEC_NAMES[codec]);
  }
});

function attempt(codec: CodecId, packed: Uint8Array, limit: number): boolean {
  try {
    decompress(codec, packed, limit);
    return true;
  } catch (error) {
    assert(error instanceof RecordsError);
    return false;
  }
}

Deno.test("a block that promises gigabytes allocates nothing", () => {
  // Snappy: a length of 2^32 - 1 in front of a few bytes. zstd: a content size of 2^62.
  const snappy = join([0xff, 0xff, 0xff, 0xff, 0x0f], new Uint8Array(20));
  assertThrows(() => decompress(CODEC_SNAPPY, snappy, LIMIT), RecordsError, "can't hold");
  const zstd = join([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x40], [1, 0, 0]);
  assertThrows(() => decompress(CODEC_ZSTD, zstd, LIMIT), RecordsError, "more than");
  // LZ4: a match length of 255 * n, in a frame of 4 MiB blocks.
  const frame = compressLz4(new Uint8Array(65_536), 9);
  frame[5] = 7 << 4;
  frame[6] = xxhash32(frame, 4, 6) >>> 8;
  assertEquals(decompress(CODEC_LZ4, frame, LIMIT).length, 65_536);
  assertThrows(() => decompress(CODEC_LZ4, frame, 65_535), RecordsError, "more than");
});

Deno.test("streams cut anywhere are refused", () => {
  const bytes = textLike(3_000, 9);
  for (const codec of CODECS) {
    const packed = compress(codec, bytes);
    // Java's snappy stream has no end of its own: cut behind a block it is a shorter one.
    const wholeBlocks = codec === CODEC_SNAPPY ? 16 : -1;
    for (let length = 0; length < packed.length; length++) {
      if (length >= wholeBlocks && length < wholeBlocks + 4) continue;
      const error = assertThrows(
        () => decompress(codec, packed.slice(0, length), LIMIT),
        RecordsError,
        undefined,
        `${CODEC_NAMES[codec]} cut at ${length}`,
      );
      assertEquals(error.errorCode, errorCodes.UNKNOWN_SERVER_ERROR);
    }
  }
});

Deno.test("streams with changed bytes are refused or unpacked within the limit, and nothing else happens", () => {
  const output = new OutputBuffer();
  for (const codec of CODECS) {
    const packed = compress(codec, textLike(2_000, 77));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: packed.length - 1 }), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const changed = packed.slice();
          for (const [at, bits] of changes) changed[at] = changed[at]! ^ bits;
          try {
            return decompress(codec, changed, 50_000, { output }).length <= 50_000;
          } catch (error) {
            return error instanceof RecordsError;
          }
        },
      ),
      { numRuns: 500 },
    );
  }
});

Deno.test("random bytes are refused or unpacked within the limit", () => {
  for (const codec of CODECS) {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          return decompress(codec, bytes, 10_000).length <= 10_000;
        } catch (error) {
          return error instanceof RecordsError;
        }
      }),
      { numRuns: 300 },
    );
  }
});

Deno.test("an output buffer is used again and does not keep an uncommonly large batch's memory", () => {
  const output = new OutputBuffer();
  const small = textLike(5_000, 1);
  const packed = compress(CODEC_LZ4, small);
  assertEquals(decompress(CODEC_LZ4, packed, LIMIT, { output }), small);
  const memory = output.bytes.buffer;
  assertEquals(decompress(CODEC_LZ4, packed, LIMIT, { output }).buffer, memory);
  decompress(CODEC_LZ4, compress(CODEC_LZ4, new Uint8Array(3_000_000)), LIMIT, { output });
  assert(output.bytes.length >= 3_000_000);
  output.trim();
  assertEquals(output.bytes.length, 0);
});

// What follows was asked of Apache Kafka 4.4.0: it takes and refuses the same streams.

const BODY = textLike(1_000, 5);
const [HEAD, TAIL] = [BODY.subarray(0, 400), BODY.subarray(400)];

Deno.test("gzip of several members is one stream", () => {
  const members = join(zlib.gzipSync(HEAD), zlib.gzipSync(TAIL));
  assertEquals(decompress(CODEC_GZIP, members, LIMIT), BODY);
});

Deno.test("zstd frames follow each other, with skippable ones between them", () => {
  const skippable = [0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9];
  const frames = join(
    skippable,
    zlib.zstdCompressSync(HEAD),
    skippable,
    zlib.zstdCompressSync(TAIL),
  );
  assertEquals(decompress(CODEC_ZSTD, frames, LIMIT), BODY);
  assertThrows(() => decompress(CODEC_ZSTD, frames, 999), RecordsError, "more than");
  assertThrows(() => decompress(CODEC_ZSTD, join(frames, [1, 2, 3, 4]), LIMIT), RecordsError);
  const many = join(...new Array(101).fill(zlib.zstdCompressSync(new Uint8Array(0))));
  assertThrows(() => decompress(CODEC_ZSTD, many, LIMIT), RecordsError, "more than 100");
});

Deno.test("zstd checksums and windows are looked at", () => {
  const { ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = zlib.constants;
  const withChecksum = zlib.zstdCompressSync(BODY, { params: { [ZSTD_c_checksumFlag]: 1 } });
  assertEquals(decompress(CODEC_ZSTD, withChecksum, LIMIT), BODY);
  const wrong = Uint8Array.from(withChecksum);
  wrong[wrong.length - 1]! ^= 1;
  assertThrows(() => decompress(CODEC_ZSTD, wrong, LIMIT), RecordsError, "broken");

  const noSize = zlib.zstdCompressSync(BODY, { params: { [ZSTD_c_contentSizeFlag]: 0 } });
  const window = (log: number) =>
    Uint8Array.from(noSize, (byte, at) => at === 5 ? log - 10 << 3 : byte);
  assertEquals(decompress(CODEC_ZSTD, window(27), LIMIT), BODY);
  assertThrows(() => decompress(CODEC_ZSTD, window(28), LIMIT), RecordsError, "broken");
});

Deno.test("snappy comes as a stream, as joined streams, or as one block alone", () => {
  const stream = compressSnappy(BODY);
  assertEquals(stream.subarray(0, 16).toHex(), "82534e4150505900" + "0000000100000001");
  assertEquals(decompress(CODEC_SNAPPY, stream.subarray(20), LIMIT), BODY);
  assertEquals(
    decompress(CODEC_SNAPPY, join(compressSnappy(HEAD), compressSnappy(TAIL)), LIMIT),
    BODY,
  );
  assertEquals(decompress(CODEC_SNAPPY, join(stream, [0, 0]), LIMIT), BODY);
  assertThrows(() => decompress(CODEC_SNAPPY, join(stream, [0, 0, 0, 0]), LIMIT), RecordsError);
});

Deno.test("LZ4 frames have a header checksum, which messages of magic 0 get wrong", () => {
  const frame = compressLz4(BODY, 9);
  const old = compressLz4(BODY, 9, true);
  assertEquals(frame.subarray(0, 7).toHex(), "04224d18604082");
  assert(old[6] !== frame[6]);
  assertThrows(() => decompress(CODEC_LZ4, old, LIMIT), RecordsError, "header's checksum");
  assertEquals(decompress(CODEC_LZ4, old, LIMIT, { magic: 0 }), BODY);
  assertEquals(decompress(CODEC_LZ4, frame, LIMIT, { magic: 0 }), BODY);
});

Deno.test("LZ4 frames may have checksums and sizes, end at their end mark, and have no linked blocks", () => {
  const plain = compressLz4(BODY, 9);
  const reflag = (flags: number, ...parts: (Uint8Array | readonly number[])[]) => {
    const frame = join(...parts);
    frame[4] = flags;
    const end = flags & 8 ? 14 : 6;
    frame[end] = xxhash32(frame, 4, end) >>> 8;
    return frame;
  };
  const word = (
    value: number,
  ) => [value & 0xff, value >>> 8 & 0xff, value >>> 16 & 0xff, value >>> 24];
  const block = plain.subarray(7, plain.length - 4);
  const blockHash = word(xxhash32(block, 4, block.length));
  const contentHash = word(xxhash32(BODY, 0, BODY.length));
  const everything = reflag(
    0x7c,
    plain.subarray(0, 6),
    [...word(BODY.length), 0, 0, 0, 0, 0],
    block,
    blockHash,
    [0, 0, 0, 0],
    contentHash,
  );
  assertEquals(decompressLz4(everything, LIMIT), BODY);
  assertEquals(decompressLz4(join(plain, [1, 2, 3]), LIMIT), BODY);
  for (const fromEnd of [1, 9]) { // In the content's checksum, in the block's.
    const wrong = everything.slice();
    wrong[wrong.length - fromEnd]! ^= 1;
    assertThrows(() => decompressLz4(wrong, LIMIT), RecordsError, "checksum");
  }
  assertThrows(
    () => decompressLz4(reflag(0x40, plain), LIMIT),
    RecordsError,
    "depend on each other",
  );
  assertThrows(
    () => decompressLz4(reflag(0x64, plain), LIMIT),
    RecordsError,
    "inside its checksum",
  );
  assertThrows(() => decompressLz4(reflag(0xa0, plain), LIMIT), RecordsError, "flags");
});

Deno.test("other libraries read what ours write, and ours reads theirs", async () => {
  const { h32Raw } = await xxhashWasm();
  for (const size of SIZES) {
    const bytes = textLike(Math.min(size, 32_768), size + 7);
    assertEquals(xxhash32(bytes, 0, bytes.length), h32Raw(bytes, 0), `xxhash of ${size}`);
    if (bytes.length === 0) continue;
    const snappy = compressSnappy(bytes).subarray(20);
    assertEquals(new Uint8Array(SnappyJs.uncompress(snappy)), bytes, `snappy of ${size}`);
    assertEquals(decompress(CODEC_SNAPPY, SnappyJs.compress(bytes), LIMIT), bytes);

    // lz4-wasm's blocks have their unpacked size in front, and no frame.
    const block = lz4Wasm.compress(bytes).subarray(4);
    const header = compressLz4(bytes, 9).subarray(0, 7);
    const size4 = [block.length & 0xff, block.length >>> 8, 0, 0];
    assertEquals(decompressLz4(join(header, size4, block, [0, 0, 0, 0]), LIMIT), bytes);
  }
});
