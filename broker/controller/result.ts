import type { MetadataRecord } from "../metadata/mod.ts";

/** The most records that a request of a user may bring about (Kafka's limit). */
export const RECORDS_PER_REQUEST_MAX = 10_000;

/** What a handler decided: records that carry it out and the answer that waits for their commit. */
export interface ControllerResult<R> {
  readonly records: readonly MetadataRecord[];
  /** All in one batch, so that they take effect together or not at all. */
  readonly isAtomic: boolean;
  readonly response: R;
}

/** A decision whose records belong together. */
export function atomic<R>(records: readonly MetadataRecord[], response: R): ControllerResult<R> {
  return { records, isAtomic: true, response };
}

/** A decision whose records may be cut into several batches. */
export function divisible<R>(records: readonly MetadataRecord[], response: R): ControllerResult<R> {
  return { records, isAtomic: false, response };
}

/** An answer that changes nothing. */
export function answer<R>(response: R): ControllerResult<R> {
  return { records: [], isAtomic: true, response };
}
