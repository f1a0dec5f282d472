import { DiskError } from "../base/mod.ts";
import type { Segment } from "./segment.ts";

/**
 * A stretch of one segment's file that an answer will carry. It holds no memory: `read` takes the
 * bytes from the disk when they are needed. It stays readable when its segment is marked for
 * removal, until the files are gone; then `read` throws a `DiskError`.
 */
export class LogSlice {
  /** The offset that was asked for; the first batch holds it, and may begin before it. */
  readonly fetchOffset: number;
  readonly sizeBytes: number;
  readonly segment: Segment;
  /** Where the slice begins in the segment's file. */
  readonly position: number;

  constructor(fetchOffset: number, segment: Segment, position: number, sizeBytes: number) {
    this.fetchOffset = fetchOffset;
    this.segment = segment;
    this.position = position;
    this.sizeBytes = sizeBytes;
  }

  /** Fills all of `buffer` with what begins `fromBytes` into the slice. */
  read(buffer: Uint8Array, fromBytes: number): void {
    const { file } = this.segment;
    const count = file.read(buffer, this.position + fromBytes);
    if (count === buffer.length) return;
    throw new DiskError(
      "io",
      `Cannot read ${file.path}: ${buffer.length} bytes at ${this.position + fromBytes} ` +
        `were promised and ${count} are there`,
      null,
    );
  }

  /** All of it, in new memory. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.sizeBytes);
    this.read(bytes, 0);
    return bytes;
  }
}
