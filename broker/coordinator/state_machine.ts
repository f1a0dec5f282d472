import type { Timer } from "./timer_queue.ts";
import type { Timeline } from "./timeline.ts";

/** Key and value of a log record as bytes; a null value is a tombstone. */
export interface RecordBytes {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** How the records of a coordinator are written to and read from its partitions. */
export interface RecordFormat<R> {
  encode(record: R): RecordBytes;
  /** Null for a type of record that this version does not know. Throws on damaged bytes. */
  decode(key: Uint8Array | null, value: Uint8Array | null): R | null;
}

/** What an operation on a shard wants written, and what it answers once that is committed. */
export interface Outcome<R, T> {
  readonly records: readonly R[];
  readonly response: T;
  /** Whether the records stand in one batch or nowhere; else they may be spread over several. */
  readonly isAtomic: boolean;
  /**
   * Told once how the records fared, before the response goes out: 0 when they are committed, else
   * the error code with which they were given up. Soft state that went ahead of its record moves on
   * or steps back here.
   */
  readonly onSettled: ((errorCode: number) => void) | null;
}

/** An outcome that writes nothing. */
export function answer<T>(response: T): Outcome<never, T> {
  return { records: [], response, isAtomic: true, onSettled: null };
}

/** An outcome whose records belong together. */
export function writing<R, T>(records: readonly R[], response: T): Outcome<R, T> {
  return { records, response, isAtomic: true, onSettled: null };
}

/** From which producer and where in the log a record comes. */
export interface RecordOrigin {
  readonly offset: number;
  /** -1 outside transactions. */
  readonly producerId: number;
  readonly producerEpoch: number;
}

/**
 * The replicated state of one partition of a coordinator's topic. Handlers are methods of its own
 * that read and return an {@linkcode Outcome}; `replay` and `endTransaction` alone change the state,
 * through the shard's {@linkcode Timeline}, alike on the leader, on a load and on a restart.
 */
export interface StateMachine<R> {
  replay(record: R, origin: RecordOrigin): void;
  /** A transaction marker: what the producer wrote in its transaction counts now, or never. */
  endTransaction(origin: RecordOrigin, isCommitted: boolean): void;
  /** The state is complete and this node leads the partition: timers may be set. */
  onLoaded(): void;
  /** This node leads the partition no more: cancel timers, send parked requests home. */
  onUnloaded(): void;
}

/** What the runtime lends to a state machine. */
export interface ShardContext<R> {
  readonly partition: number;
  readonly timeline: Timeline;
  /** Wall-clock time of the event being handled. */
  nowMs(): number;
  /** Runs `operation` as a write of this shard, `delayMs` from now. */
  schedule(delayMs: number, operation: () => Outcome<R, void>): ShardTimer;
}

/** A timer of a shard. */
export interface ShardTimer {
  readonly isPending: Timer["isPending"];
  /** Makes it fire `delayMs` from now, whether it still waits or not. */
  restart(delayMs: number): void;
  cancel(): void;
}
