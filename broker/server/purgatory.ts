import type { Clock, Timer } from "../base/mod.ts";
import { DeadlineHeap, type Due } from "./deadline_heap.ts";

/** A request that can't be answered yet. */
export interface Delayed {
  /** Whether it can be answered, now that something changed at `key` (one of its keys). */
  isReady(key: object): boolean;
  /** Answers it; called once, `expired` when its time is over, and never after `cancel()`. */
  complete(expired: boolean): void;
}

/** A request in the purgatory. */
export interface Parked {
  /** Forgets it without an answer, as when its connection closes. Later calls do nothing. */
  cancel(): void;
}

interface Entry extends Due {
  readonly delayed: Delayed;
  readonly keys: readonly object[];
}

/** What {@linkcode Purgatory} is made with. */
export interface PurgatoryOptions {
  readonly clock: Clock;
  /** How many requests may wait; above that one is answered at once with what there is. */
  readonly sizeMax: number;
}

/**
 * Requests that wait for something to happen at one of their keys (a partition object: an append, a
 * new high watermark, a new leader) or for their deadline. An event looks at those who watch its key
 * alone; all events of one turn are looked at together after it, so that a burst of appends wakes a
 * fetch once. One timer serves all deadlines.
 */
export class Purgatory {
  readonly #clock: Clock;
  readonly #sizeMax: number;
  readonly #watchers = new Map<object, Set<Entry>>();
  readonly #deadlines = new DeadlineHeap<Entry>();
  #changed = new Set<object>();
  #timer: Timer | null = null;
  #timerMs = Infinity;
  #stopped = false;

  constructor(options: PurgatoryOptions) {
    this.#clock = options.clock;
    this.#sizeMax = options.sizeMax;
  }

  /** Number of requests that wait. */
  get size(): number {
    return this.#deadlines.size;
  }

  /** Number of keys that are watched. */
  get watchedKeys(): number {
    return this.#watchers.size;
  }

  /**
   * Lets `delayed` wait for an event at one of `keys`, `timeoutMs` at the longest. Completes it at
   * once, as expired, when the purgatory is full or stopped.
   */
  park(delayed: Delayed, keys: readonly object[], timeoutMs: number): Parked {
    if (this.#stopped || this.size >= this.#sizeMax) {
      delayed.complete(true);
      return { cancel() {} };
    }
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    const entry: Entry = { delayed, keys, deadlineMs, heapIndex: -1 };
    for (const key of keys) {
      const watchers = this.#watchers.get(key);
      if (watchers === undefined) this.#watchers.set(key, new Set([entry]));
      else watchers.add(entry);
    }
    this.#deadlines.add(entry);
    this.#schedule();
    return { cancel: () => this.#take(entry) };
  }

  /** Tells that something changed at `key`; those who watch it are looked at after this turn. */
  notify(key: object): void {
    if (!this.#watchers.has(key)) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#onChanged());
    this.#changed.add(key);
  }

  /** Completes all that wait, as expired, and takes no more. */
  stop(): void {
    this.#stopped = true;
    for (let entry = this.#deadlines.first(); entry !== null; entry = this.#deadlines.first()) {
      this.#take(entry);
      entry.delayed.complete(true);
    }
    this.#timer?.cancel();
    this.#timer = null;
  }

  #onChanged(): void {
    const changed = this.#changed;
    this.#changed = new Set();
    for (const key of changed) {
      for (const entry of this.#watchers.get(key) ?? []) {
        if (!entry.delayed.isReady(key)) continue;
        this.#take(entry);
        entry.delayed.complete(false);
      }
    }
  }

  #take(entry: Entry): void {
    if (entry.heapIndex < 0) return;
    this.#deadlines.remove(entry);
    for (const key of entry.keys) {
      const watchers = this.#watchers.get(key);
      watchers?.delete(entry);
      if (watchers?.size === 0) this.#watchers.delete(key);
    }
  }

  /** A timer that fires too early for a later deadline is left: it looks again. */
  #schedule(): void {
    const first = this.#deadlines.first();
    if (first === null || first.deadlineMs >= this.#timerMs) return;
    this.#timer?.cancel();
    this.#timerMs = first.deadlineMs;
    const delayMs = first.deadlineMs - this.#clock.monotonicMs();
    this.#timer = this.#clock.schedule(delayMs, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#timer = null;
    this.#timerMs = Infinity;
    const nowMs = this.#clock.monotonicMs();
    for (;;) {
      const entry = this.#deadlines.first();
      if (entry === null || entry.deadlineMs > nowMs) break;
      this.#take(entry);
      entry.delayed.complete(true);
    }
    this.#schedule();
  }
}
