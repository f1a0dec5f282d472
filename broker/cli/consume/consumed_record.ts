import type { TimestampType } from "../../protocol/records/mod.ts";

/** A record as it was fetched; byte fields hold until the next one is read. */
export interface ConsumedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  /** -1 when the record has none. */
  readonly timestampMs: number;
  readonly timestampType: TimestampType;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

/** Something that turns records into what is printed. */
export interface RecordFormat {
  /** Appends one record. Throws CommandError when its bytes are not what they should be. */
  append(record: ConsumedRecord, out: ByteSink): void;
}

const SINK_BYTES_INITIAL = 64 * 1024;

/** Bytes on their way out, gathered so that many records are one write. */
export class ByteSink {
  #buffer = new Uint8Array(SINK_BYTES_INITIAL);
  #sizeBytes = 0;
  readonly #encoder = new TextEncoder();

  /** How much is gathered. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Appends bytes. */
  write(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#sizeBytes);
    this.#sizeBytes += bytes.length;
  }

  /** Appends text as UTF-8. */
  writeText(text: string): void {
    // A UTF-16 unit takes at most three bytes.
    this.#reserve(text.length * 3);
    this.#sizeBytes +=
      this.#encoder.encodeInto(text, this.#buffer.subarray(this.#sizeBytes)).written;
  }

  /** Drops what was appended since `sizeBytes` was this. */
  cutTo(sizeBytes: number): void {
    this.#sizeBytes = sizeBytes;
  }

  /** What is gathered, as a view that holds until the next write; the sink is empty then. */
  take(): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.#sizeBytes);
    this.#sizeBytes = 0;
    return bytes;
  }

  #reserve(bytes: number): void {
    const needed = this.#sizeBytes + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#sizeBytes));
    this.#buffer = larger;
  }
}
