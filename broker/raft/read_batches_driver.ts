import { BatchCursor } from "../protocol/records/mod.ts";
import type { MetadataLog } from "./metadata_log.ts";

const READ_BYTES = 1024 * 1024;

/**
 * The batches of `[fromOffset, endOffset)`, in new memory: as many whole ones as fit into a megabyte,
 * and at least one. Null when there are none. A read of the log ends where its bytes are used up, be
 * it inside a batch; such a batch comes with the next call. Throws what says why the log can't be read.
 */
export function readBatches(
  log: MetadataLog,
  fromOffset: number,
  endOffset: number,
): Uint8Array | null {
  const { errorCode, slice, detail } = log.read({
    fetchOffset: fromOffset,
    maxBytes: READ_BYTES,
    upperBoundOffset: endOffset,
    minOneBatch: true,
  });
  if (slice === null) {
    if (errorCode === 0) return null;
    throw new Error(`Cannot read the metadata log at offset ${fromOffset}: ${detail}`);
  }
  const bytes = new Uint8Array(slice.sizeBytes);
  slice.read(bytes, 0);
  const batches = new BatchCursor().reset(bytes);
  while (batches.next());
  if (batches.nextPosition > 0) return bytes.subarray(0, batches.nextPosition);
  throw new Error(`Cannot read the metadata log at offset ${fromOffset}: no whole batch is there`);
}
