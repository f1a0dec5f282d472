import type { EncodedMessage } from "../protocol/mod.ts";

const CHUNK_BYTES = 512 * 1024;
const SMALL_CHUNK_BYTES = 16 * 1024;
const LENT_CHUNKS_MAX = 64;
const FREE_CHUNKS_MAX = 8;
/** Bytes that are written from where they are when they don't fit the chunk; smaller ones are copied. */
const DIRECT_BYTES_MIN = 32 * 1024;

/** Sends bytes; they may be overwritten once it has resolved. */
type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Chunks of memory through which responses go out, shared by all connections of a node. A slow reader
 * holds one until its socket takes the bytes; when many do, the others go on with small ones.
 */
export class OutputChunks {
  readonly #free: Uint8Array[] = [];
  #lent = 0;

  take(): Uint8Array {
    if (this.#lent >= LENT_CHUNKS_MAX) return new Uint8Array(SMALL_CHUNK_BYTES);
    this.#lent++;
    return this.#free.pop() ?? new Uint8Array(CHUNK_BYTES);
  }

  give(chunk: Uint8Array): void {
    if (chunk.length !== CHUNK_BYTES) return;
    this.#lent--;
    if (this.#free.length < FREE_CHUNKS_MAX) this.#free.push(chunk);
  }
}

/**
 * Responses of one connection that wait to be written, in request order. All that wait go out in as
 * few writes as the chunk allows; record data is read from the log chunk by chunk while it is
 * written, so that a response is never in memory as a whole.
 */
export class ResponseQueue {
  readonly #chunks: OutputChunks;
  #messages: EncodedMessage[] = [];
  #sizeBytes = 0;

  constructor(chunks: OutputChunks) {
    this.#chunks = chunks;
  }

  /** Bytes that wait, record data on disk included. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  push(message: EncodedMessage): void {
    this.#messages.push(message);
    this.#sizeBytes += message.sizeBytes;
  }

  /** Hands all that waits to `write`, which resolves when the operating system has taken it. */
  async flush(write: Write): Promise<void> {
    const messages = this.#messages;
    if (messages.length === 0) return;
    this.#messages = [];
    this.#sizeBytes = 0;
    const first = messages[0]!.parts[0]!;
    if (messages.length === 1 && messages[0]!.parts.length === 1 && first instanceof Uint8Array) {
      await write(first);
      return;
    }
    const chunk = this.#chunks.take();
    try {
      await writeThrough(chunk, messages, write);
    } finally {
      this.#chunks.give(chunk);
    }
  }
}

async function writeThrough(
  chunk: Uint8Array,
  messages: readonly EncodedMessage[],
  write: Write,
): Promise<void> {
  let used = 0;
  for (const message of messages) {
    for (const part of message.parts) {
      const inMemory = part instanceof Uint8Array;
      const sizeBytes = inMemory ? part.length : part.sizeBytes;
      if (inMemory && sizeBytes > chunk.length - used && sizeBytes >= DIRECT_BYTES_MIN) {
        if (used > 0) await write(chunk.subarray(0, used));
        used = 0;
        await write(part);
        continue;
      }
      for (let from = 0; from < sizeBytes;) {
        if (used === chunk.length) {
          await write(chunk);
          used = 0;
        }
        const count = Math.min(chunk.length - used, sizeBytes - from);
        if (inMemory) chunk.set(part.subarray(from, from + count), used);
        else part.read(chunk.subarray(used, used + count), from);
        used += count;
        from += count;
      }
    }
  }
  if (used > 0) await write(chunk.subarray(0, used));
}
