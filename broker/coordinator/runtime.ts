import { errorCodes } from "../protocol/errors.ts";
import { BatchReplay } from "./batch_replay.ts";
import {
  type AppendResult,
  type BatchCompression,
  type Complete,
  Shard,
  type ShardRules,
  type ShardStatus,
} from "./shard.ts";
import type {
  Outcome,
  RecordFormat,
  ShardContext,
  ShardTimer,
  StateMachine,
} from "./state_machine.ts";
import { Timeline } from "./timeline.ts";
import { TimerQueue } from "./timer_queue.ts";

/** What the driver has to do, in this order. */
export type Effect =
  /** Append a batch and hand the result to {@linkcode CoordinatorRuntime.appended}. */
  | {
    readonly kind: "append";
    readonly partition: number;
    readonly incarnation: number;
    readonly records: Uint8Array;
  }
  /** Read the partition into {@linkcode CoordinatorRuntime.feed}, from its start to its end. */
  | { readonly kind: "load"; readonly partition: number; readonly incarnation: number }
  /** Report a bug; the shard whose code threw is being loaded again. */
  | { readonly kind: "bug"; readonly partition: number; readonly error: unknown };

/** How a {@linkcode CoordinatorRuntime} is made. */
export interface RuntimeOptions<M extends StateMachine<R>, R> {
  readonly createMachine: (context: ShardContext<R>) => M;
  readonly format: RecordFormat<R>;
  /** How batches are compressed (`offsets.topic.compression.codec` and its like). */
  readonly compression: BatchCompression;
  /** The largest batch that a partition takes (`max.message.bytes`). */
  readonly maxBatchBytes: (partition: number) => number;
  /** How long an operation waits for its commit (`offsets.commit.timeout.ms`). */
  readonly writeTimeoutMs: number;
  /**
   * How long a batch stays open for more records (`group.coordinator.append.linger.ms`). At 0 and
   * below it closes at the end of the turn: an idle shard answers without delay, a busy one writes
   * once for all requests of a turn.
   */
  readonly lingerMs: number;
  /** How many operations of one shard may wait; more get COORDINATOR_NOT_AVAILABLE. */
  readonly pendingOperationsMax: number;
}

/** How far a load came. */
export interface LoadProgress {
  /** Whether what was fed holds more records. */
  readonly hasMore: boolean;
  /** The offset behind the last batch begun; -1 before the first. */
  readonly nextOffset: number;
}

/**
 * The coordinators' common machinery, pure: a shard per partition that this node leads, loaded from
 * the log, written through it, answering on commit. The state machine `M` is the coordinator, `R` its
 * records.
 *
 * ```text
 * (none) --load--> loading --loaded--> active --unload--> (none)
 *                  |     ^               |
 *       loadFailed v     +---------------+ the log is out of step, or a bug: reload
 *                failed --load--> loading
 * ```
 *
 * Time comes with each event; {@linkcode shiftClock} takes jumps of the wall clock out of the
 * timers, so that sessions live as long as was promised.
 */
export class CoordinatorRuntime<M extends StateMachine<R>, R> {
  readonly #options: RuntimeOptions<M, R>;
  readonly #rules: ShardRules<R>;
  readonly #shards = new Map<number, Shard<M, R>>();
  readonly #loads = new Map<Shard<M, R>, BatchReplay<R>>();
  readonly #timers = new TimerQueue();
  /** Shards with batches that the log has not got. */
  readonly #unwritten = new Set<Shard<M, R>>();
  #effects: Effect[] = [];
  #incarnations = 0;
  #nowMs = 0;
  /** By how much the wall clock has jumped, in sum; timers run without it. */
  #skewMs = 0;

  constructor(options: RuntimeOptions<M, R>) {
    this.#options = options;
    this.#rules = options;
  }

  /** Partitions of shards that take operations, in no particular order. */
  *activePartitions(): Generator<number> {
    for (const shard of this.#shards.values()) {
      if (shard.status === "active") yield shard.partition;
    }
  }

  /** Partitions of all shards, in no particular order. */
  partitions(): IterableIterator<number> {
    return this.#shards.keys();
  }

  /** Whether the shard exists and in which state it is. */
  status(partition: number): ShardStatus | null {
    return this.#shards.get(partition)?.status ?? null;
  }

  /** This node leads the partition from `leaderEpoch` on. */
  load(partition: number, leaderEpoch: number, nowMs: number): void {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    if (shard !== undefined) {
      if (shard.leaderEpoch >= leaderEpoch) return;
      shard.leaderEpoch = leaderEpoch;
      // A leader that stays leader has missed nothing.
      if (shard.status !== "failed") return;
    }
    this.#startLoad(partition, leaderEpoch);
  }

  /** This node leads the partition no more as of `leaderEpoch`; null: the replica is gone. */
  unload(partition: number, leaderEpoch: number | null, nowMs: number): void {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    if (shard === undefined) return;
    if (leaderEpoch !== null && shard.leaderEpoch >= leaderEpoch) return;
    this.#drop(shard);
    this.#shards.delete(partition);
  }

  /**
   * Hands over whole batches that the log holds next; they must stay unchanged until
   * {@linkcode replayNext} says that there is no more. Returns false when the load is over because
   * the shard is gone: stop reading.
   */
  feed(incarnation: number, partition: number, batches: Uint8Array): boolean {
    const shard = this.#loadingShard(partition, incarnation);
    if (shard === null) return false;
    this.#loads.get(shard)!.feed(batches);
    return true;
  }

  /**
   * Replays up to `count` records of what was fed; those below `highWatermark` are committed. Null
   * when the load is over because the shard is gone. Throws on damaged batches and records.
   */
  replayNext(
    incarnation: number,
    partition: number,
    { count, highWatermark }: { readonly count: number; readonly highWatermark: number },
  ): LoadProgress | null {
    const shard = this.#loadingShard(partition, incarnation);
    if (shard === null) return null;
    const replay = this.#loads.get(shard)!;
    const hasMore = replay.step(count, highWatermark);
    return { hasMore, nextOffset: replay.nextOffset };
  }

  /**
   * The log was read up to its end at `endOffset`: the shard takes operations. Returns false when it
   * is gone.
   */
  loaded(
    incarnation: number,
    partition: number,
    log: { readonly endOffset: number; readonly highWatermark: number; readonly nowMs: number },
  ): boolean {
    this.#nowMs = log.nowMs;
    const shard = this.#loadingShard(partition, incarnation);
    if (shard === null) return false;
    this.#loads.delete(shard);
    shard.activate(log.endOffset, log.highWatermark);
    return this.#contain(shard, () => shard.machine.onLoaded());
  }

  /** The log could not be read: the shard answers NOT_COORDINATOR until it is elected again. */
  loadFailed(incarnation: number, partition: number): void {
    const shard = this.#loadingShard(partition, incarnation);
    if (shard === null) return;
    this.#loads.delete(shard);
    shard.status = "failed";
  }

  /**
   * Runs `operation` on the shard at once. `complete` is called when what it wrote, and what it may
   * have seen, is committed; at once when the shard takes no operations. It must not call back.
   */
  write<T>(
    partition: number,
    nowMs: number,
    { operation, complete }: {
      readonly operation: (machine: M) => Outcome<R, T>;
      readonly complete: Complete<T>;
    },
  ): void {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    const errorCode = refusal(shard);
    if (errorCode !== 0 || shard === undefined) return complete(errorCode, null);
    if (shard.pendingCount >= this.#options.pendingOperationsMax) {
      return complete(errorCodes.COORDINATOR_NOT_AVAILABLE, null);
    }
    const isDone = this.#contain(shard, () => {
      this.#accept(shard, operation(shard.machine), complete);
    });
    if (!isDone) complete(errorCodes.UNKNOWN_SERVER_ERROR, null);
  }

  /** Runs `operation` on committed state; the response is null when `errorCode` is not 0. */
  read<T>(
    partition: number,
    nowMs: number,
    operation: (machine: M) => T,
  ): { readonly errorCode: number; readonly response: T | null } {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    const errorCode = refusal(shard);
    if (errorCode !== 0 || shard === undefined) return { errorCode, response: null };
    let response: T | null = null;
    const isDone = this.#contain(shard, () => {
      response = operation(shard.machine);
    });
    return { errorCode: isDone ? 0 : errorCodes.UNKNOWN_SERVER_ERROR, response };
  }

  /** The log's answer to an append effect. */
  appended(incarnation: number, partition: number, result: AppendResult, nowMs: number): void {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    if (shard?.incarnation !== incarnation || shard.status !== "active") return;
    this.#contain(shard, () => {
      if (!shard.appended(result)) return this.#reload(shard);
      this.#watchDeadline(shard);
      if (shard.hasBatch) this.#linger();
      else this.#unwritten.delete(shard);
    });
  }

  /** Everything below `highWatermark` is committed. */
  highWatermark(partition: number, highWatermark: number, nowMs: number): void {
    this.#nowMs = nowMs;
    const shard = this.#shards.get(partition);
    if (shard?.status !== "active") return;
    this.#contain(shard, () => shard.advance(highWatermark));
  }

  /** Fires timers that are due. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#timers.fire(this.#monotonicMs);
  }

  /** The wall clock went ahead by `deltaMs` more than time itself; negative: it was set back. */
  shiftClock(deltaMs: number): void {
    this.#skewMs += deltaMs;
    this.#nowMs += deltaMs;
  }

  /** When {@linkcode tick} and {@linkcode takeEffects} are wanted next; null: on the next event. */
  get nextWakeMs(): number | null {
    const wakeMs = this.#timers.nextWakeMs;
    return wakeMs === null ? null : wakeMs + this.#skewMs;
  }

  /** What is to be done now; batches whose time has come are closed. */
  takeEffects(nowMs: number): Effect[] {
    this.#nowMs = nowMs;
    for (const shard of this.#unwritten) {
      if (!shard.isDue(this.#monotonicMs, this.#options.lingerMs)) continue;
      const { partition, incarnation } = shard;
      const records = shard.takeBatch();
      this.#effects.push({ kind: "append", partition, incarnation, records });
    }
    const effects = this.#effects;
    if (effects.length > 0) this.#effects = [];
    return effects;
  }

  get #monotonicMs(): number {
    return this.#nowMs - this.#skewMs;
  }

  #loadingShard(partition: number, incarnation: number): Shard<M, R> | null {
    const shard = this.#shards.get(partition);
    return shard?.incarnation === incarnation && shard.status === "loading" ? shard : null;
  }

  #startLoad(partition: number, leaderEpoch: number): void {
    const timeline = new Timeline();
    const incarnation = ++this.#incarnations;
    const context: ShardContext<R> = {
      partition,
      timeline,
      nowMs: () => this.#nowMs,
      schedule: (delayMs, operation) => this.#schedule(shard, delayMs, operation),
    };
    const machine = this.#options.createMachine(context);
    const shard = new Shard(
      partition,
      { machine, timeline, incarnation, leaderEpoch },
      this.#rules,
    );
    this.#shards.set(partition, shard);
    this.#loads.set(shard, new BatchReplay(machine, timeline, this.#options.format));
    this.#effects.push({ kind: "load", partition, incarnation });
  }

  #drop(shard: Shard<M, R>): void {
    const wasActive = shard.status === "active";
    shard.status = "failed";
    this.#loads.delete(shard);
    this.#unwritten.delete(shard);
    shard.abandon(errorCodes.NOT_COORDINATOR);
    if (!wasActive) return;
    try {
      shard.machine.onUnloaded();
    } catch (error) {
      this.#effects.push({ kind: "bug", partition: shard.partition, error });
    }
  }

  #reload(shard: Shard<M, R>): void {
    this.#drop(shard);
    this.#startLoad(shard.partition, shard.leaderEpoch);
  }

  /**
   * Runs code of a shard; returns false when it threw. That is a bug, after which the shard's state
   * can't be trusted: the log can, so the shard is loaded again, and the others go on.
   */
  #contain(shard: Shard<M, R>, run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      this.#effects.push({ kind: "bug", partition: shard.partition, error });
      if (this.#shards.get(shard.partition) === shard) this.#reload(shard);
      return false;
    }
  }

  #accept<T>(shard: Shard<M, R>, outcome: Outcome<R, T>, complete: Complete<T>): void {
    const time = { nowMs: this.#nowMs, monotonicMs: this.#monotonicMs };
    shard.accept(outcome, time, complete);
    this.#watchDeadline(shard);
    if (!shard.hasBatch || this.#unwritten.has(shard)) return;
    this.#unwritten.add(shard);
    this.#linger();
  }

  /** Wakes the driver when a batch opened now has to close; {@linkcode takeEffects} closes it. */
  #linger(): void {
    const { lingerMs } = this.#options;
    if (lingerMs > 0) this.#timers.schedule(this.#monotonicMs + lingerMs, () => {});
  }

  #watchDeadline(shard: Shard<M, R>): void {
    const deadlineMs = shard.nextDeadlineMs;
    if (deadlineMs === null || shard.isWatched) return;
    shard.isWatched = true;
    this.#timers.schedule(deadlineMs, () => {
      shard.isWatched = false;
      if (shard.status !== "active") return;
      this.#contain(shard, () => shard.expire(this.#monotonicMs));
      this.#watchDeadline(shard);
    });
  }

  #schedule(shard: Shard<M, R>, delayMs: number, operation: () => Outcome<R, void>): ShardTimer {
    const timer = this.#timers.schedule(this.#monotonicMs + delayMs, () => {
      if (shard.status !== "active") return;
      this.#contain(shard, () => this.#accept(shard, operation(), () => {}));
    });
    return {
      get isPending() {
        return timer.isPending;
      },
      restart: (delayMs) => timer.reschedule(this.#monotonicMs + delayMs),
      cancel: () => timer.cancel(),
    };
  }
}

/** The error code with which a shard refuses operations; 0 when it takes them. */
function refusal(shard: { readonly status: string } | undefined): number {
  if (shard === undefined) return errorCodes.NOT_COORDINATOR;
  if (shard.status === "active") return 0;
  return shard.status === "loading"
    ? errorCodes.COORDINATOR_LOAD_IN_PROGRESS
    : errorCodes.NOT_COORDINATOR;
}
