import type { Clock, Timer } from "../base/mod.ts";
import { errorCodes } from "../protocol/errors.ts";
import { LoadError } from "./batch_replay.ts";
import type { CoordinatorRuntime, Effect } from "./runtime.ts";
import type { AppendResult } from "./shard.ts";
import type { Outcome, StateMachine } from "./state_machine.ts";

/** The partitions of a coordinator's topic, as replication offers them. */
export interface CoordinatorPartitions {
  /** Appends one batch as the partition's leader, before it returns. Failures are codes. */
  append(partition: number, records: Uint8Array): AppendResult;
  /**
   * Whole batches from the one that holds `fromOffset` on: at least one, then as many as fit into
   * `maxBytes`; none at the log's end. The bytes stay unchanged until the next call.
   */
  read(partition: number, fromOffset: number, maxBytes: number): Uint8Array;
  logStartOffset(partition: number): number;
  /** -1 when this node does not lead the partition. */
  logEndOffset(partition: number): number;
  highWatermark(partition: number): number;
  /** `listener` is told, in the turn in which it happens, how far a partition is committed. */
  onHighWatermark(listener: (partition: number, highWatermark: number) => void): void;
}

/** What an operation ended with; the response is null when `errorCode` is not 0. */
export interface Settled<T> {
  readonly errorCode: number;
  readonly response: T | null;
}

/** How a {@linkcode CoordinatorDriver} is made. */
export interface CoordinatorDriverOptions<M extends StateMachine<R>, R> {
  readonly runtime: CoordinatorRuntime<M, R>;
  readonly partitions: CoordinatorPartitions;
  readonly clock: Clock;
  /**
   * Runs a callback at the end of the turn: requests that arrive before it share a batch. Default:
   * a microtask.
   */
  readonly atEndOfTurn?: (callback: () => void) => void;
  /** A load failed, or a bug showed; the partition answers NOT_COORDINATOR or loads again. */
  readonly onError: (partition: number, error: unknown) => void;
  /** A partition is loaded. */
  readonly onLoaded?: (partition: number, load: LoadSummary) => void;
}

/** What loading a partition took. */
export interface LoadSummary {
  readonly elapsedMs: number;
  readonly sizeBytes: number;
}

type AppendEffect = Extract<Effect, { readonly kind: "append" }>;
type LoadEffect = Extract<Effect, { readonly kind: "load" }>;

/** How much is read at once; a single batch may be larger. */
const READ_BYTES = 256 * 1024;
/** How many records are replayed between two looks at the clock: well under a millisecond's work. */
const RECORDS_PER_STEP = 200;
/** How long a load holds the event loop before it lets others in. */
const TURN_MS = 4;
/** Differences between the clocks below this are slewing, not a jump. */
const CLOCK_JUMP_MS = 1_000;

/**
 * Binds a {@linkcode CoordinatorRuntime} to its partitions and to time: carries out its effects at the
 * end of each turn, loads partitions one after the other a few milliseconds at a time, and wakes it
 * when a timer is due.
 */
export class CoordinatorDriver<M extends StateMachine<R>, R> {
  readonly #options: CoordinatorDriverOptions<M, R>;
  readonly #runtime: CoordinatorRuntime<M, R>;
  readonly #loads: LoadEffect[] = [];
  #isLoading = false;
  #isPumpScheduled = false;
  #isClosed = false;
  #timer: Timer | null = null;
  #timerWakeMs = 0;
  /** Wall clock minus monotonic clock, as last seen. */
  #clockOffsetMs: number;

  constructor(options: CoordinatorDriverOptions<M, R>) {
    this.#options = options;
    this.#runtime = options.runtime;
    this.#clockOffsetMs = options.clock.nowMs() - options.clock.monotonicMs();
    options.partitions.onHighWatermark((partition, highWatermark) => {
      if (this.#isClosed) return;
      this.#runtime.highWatermark(partition, highWatermark, this.#now());
      this.#schedulePump();
    });
  }

  /** This node leads the partition from `leaderEpoch` on: load it. */
  onElected(partition: number, leaderEpoch: number): void {
    if (this.#isClosed) return;
    this.#runtime.load(partition, leaderEpoch, this.#now());
    this.#schedulePump();
  }

  /** This node leads the partition no more; null: its replica is gone. */
  onResigned(partition: number, leaderEpoch: number | null): void {
    if (this.#isClosed) return;
    this.#runtime.unload(partition, leaderEpoch, this.#now());
    this.#schedulePump();
  }

  /** See {@linkcode CoordinatorRuntime.write}. */
  write<T>(partition: number, operation: (machine: M) => Outcome<R, T>): Promise<Settled<T>> {
    return new Promise((resolve) => {
      const complete = (errorCode: number, response: T | null) => resolve({ errorCode, response });
      this.#runtime.write(partition, this.#now(), { operation, complete });
      this.#schedulePump();
    });
  }

  /** See {@linkcode CoordinatorRuntime.read}. */
  read<T>(partition: number, operation: (machine: M) => T): Settled<T> {
    return this.#runtime.read(partition, this.#now(), operation);
  }

  /** Partitions whose shard takes operations. */
  activePartitions(): number[] {
    return [...this.#runtime.activePartitions()];
  }

  /** Partitions that this node leads, loaded or not. */
  partitions(): number[] {
    return [...this.#runtime.partitions()];
  }

  /** Unloads everything; requests that wait are answered NOT_COORDINATOR. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const partition of this.partitions()) {
      this.#runtime.unload(partition, null, this.#now());
    }
  }

  #schedulePump(): void {
    if (this.#isPumpScheduled || this.#isClosed) return;
    this.#isPumpScheduled = true;
    this.#atEndOfTurn(() => {
      this.#isPumpScheduled = false;
      this.#pump();
    });
  }

  get #atEndOfTurn(): (callback: () => void) => void {
    return this.#options.atEndOfTurn ?? queueMicrotask;
  }

  #pump(): void {
    if (this.#isClosed) return;
    const nowMs = this.#now();
    this.#runtime.tick(nowMs);
    // A batch that became full has another behind it, so there may be more after a round.
    for (let effects = this.#runtime.takeEffects(nowMs); effects.length > 0;) {
      for (const effect of effects) this.#carryOut(effect);
      effects = this.#runtime.takeEffects(nowMs);
    }
    this.#arm(nowMs);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "append": {
        const { partition, incarnation } = effect;
        return this.#runtime.appended(incarnation, partition, this.#append(effect), this.#now());
      }
      case "load":
        this.#loads.push(effect);
        if (!this.#isLoading) void this.#loadAll();
        return;
      case "bug":
        return this.#options.onError(effect.partition, effect.error);
    }
  }

  /** What throws may have written something: then the next append finds the log out of step. */
  #append({ partition, records }: AppendEffect): AppendResult {
    try {
      return this.#options.partitions.append(partition, records);
    } catch (error) {
      this.#options.onError(partition, error);
      return { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, baseOffset: -1, lastOffset: -1 };
    }
  }

  #arm(nowMs: number): void {
    const wakeMs = this.#runtime.nextWakeMs;
    if (wakeMs === null) return;
    if (this.#timer !== null) {
      // Waking too early is harmless, and cheaper than a new timer for every heartbeat.
      if (this.#timerWakeMs <= wakeMs) return;
      this.#timer.cancel();
    }
    this.#timerWakeMs = wakeMs;
    this.#timer = this.#options.clock.schedule(Math.max(0, wakeMs - nowMs), () => {
      this.#timer = null;
      this.#pump();
    });
  }

  /** The wall clock's time; the runtime hears of jumps first. */
  #now(): number {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const offsetMs = nowMs - clock.monotonicMs();
    const jumpMs = offsetMs - this.#clockOffsetMs;
    this.#clockOffsetMs = offsetMs;
    if (Math.abs(jumpMs) >= CLOCK_JUMP_MS) this.#runtime.shiftClock(jumpMs);
    return nowMs;
  }

  /** One partition at a time, so that a load's memory is one read. */
  async #loadAll(): Promise<void> {
    this.#isLoading = true;
    for (let load = this.#loads.shift(); load !== undefined; load = this.#loads.shift()) {
      const { partition, incarnation } = load;
      try {
        await this.#load(load);
      } catch (error) {
        this.#runtime.loadFailed(incarnation, partition);
        this.#options.onError(partition, error);
      }
    }
    this.#isLoading = false;
    this.#schedulePump();
  }

  async #load({ partition, incarnation }: LoadEffect): Promise<void> {
    const { clock, partitions } = this.#options;
    const startMs = clock.monotonicMs();
    let turnMs = startMs;
    let sizeBytes = 0;
    let offset = partitions.logStartOffset(partition);
    while (offset < this.#logEndOffset(partition)) {
      const bytes = partitions.read(partition, offset, READ_BYTES);
      // Compaction may have emptied the log's end.
      if (bytes.length === 0) break;
      sizeBytes += bytes.length;
      if (!this.#runtime.feed(incarnation, partition, bytes)) return;
      let progress;
      do {
        const highWatermark = partitions.highWatermark(partition);
        progress = this.#runtime.replayNext(incarnation, partition, {
          count: RECORDS_PER_STEP,
          highWatermark,
        });
        if (progress === null) return;
        if (clock.monotonicMs() - turnMs >= TURN_MS) {
          await new Promise<void>((resolve) => clock.schedule(0, resolve));
          turnMs = clock.monotonicMs();
        }
      } while (progress.hasMore);
      if (progress.nextOffset <= offset) {
        throw new LoadError(`Cannot load partition ${partition}: no batch at offset ${offset}`);
      }
      offset = progress.nextOffset;
    }
    const isLoaded = this.#runtime.loaded(incarnation, partition, {
      endOffset: this.#logEndOffset(partition),
      highWatermark: partitions.highWatermark(partition),
      nowMs: this.#now(),
    });
    if (!isLoaded) return;
    this.#options.onLoaded?.(partition, { elapsedMs: clock.monotonicMs() - startMs, sizeBytes });
    this.#schedulePump();
  }

  #logEndOffset(partition: number): number {
    const offset = this.#options.partitions.logEndOffset(partition);
    if (offset < 0) throw new LoadError(`Cannot load partition ${partition}: it is not led here`);
    return offset;
  }
}
