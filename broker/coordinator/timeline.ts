import { assert } from "../base/mod.ts";

/** One change to replicated state whose record is written but not committed yet. */
export interface Change {
  /** The record is committed: what it changed is what readers of committed state see from now on. */
  commit(): void;
  /** The record is lost: the state becomes what it was before. */
  revert(): void;
}

/**
 * Keeps the changes of a shard's uncommitted records in the order of the log, so that readers can be
 * shown the committed state while handlers work on the newest, and so that a failed append is undone
 * instead of reloading the whole partition. Committed records cost nothing here.
 *
 * ```text
 *   committed          uncommitted (journal)
 * ------------|------------------------------------> offset
 *   commit(n): moves the bar right     revert(n): drops everything from n on, newest first
 * ```
 */
export class Timeline {
  readonly #offsets: number[] = [];
  readonly #changes: Change[] = [];
  /** How many entries at the front of both arrays are done. */
  #done = 0;
  #offset = 0;
  #isRecording = false;

  /** Whether changes made now belong to an uncommitted record and have to be remembered. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** How many changes wait for their commit. */
  get size(): number {
    return this.#changes.length - this.#done;
  }

  /** States that the changes to come are those of the record at `offset`. */
  replaying(offset: number, options: { readonly isCommitted: boolean }): void {
    assert(options.isCommitted || offset >= this.#offset, "Timeline: records out of order");
    this.#offset = offset;
    this.#isRecording = !options.isCommitted;
  }

  /** Remembers a change of the record being replayed; only while {@linkcode isRecording}. */
  record(change: Change): void {
    assert(this.#isRecording, "Timeline: change outside an uncommitted record");
    this.#offsets.push(this.#offset);
    this.#changes.push(change);
  }

  /** Commits the changes of all records below `offset`. */
  commit(offset: number): void {
    while (this.#done < this.#offsets.length && this.#offsets[this.#done]! < offset) {
      this.#changes[this.#done]!.commit();
      this.#done++;
    }
    if (this.#done === this.#offsets.length) {
      this.#offsets.length = 0;
      this.#changes.length = 0;
      this.#done = 0;
    } else if (this.#done >= 1024 && this.#done * 2 >= this.#offsets.length) {
      this.#offsets.splice(0, this.#done);
      this.#changes.splice(0, this.#done);
      this.#done = 0;
    }
  }

  /** Undoes the changes of all records from `offset` on, newest first. */
  revert(offset: number): void {
    while (this.#offsets.length > this.#done && this.#offsets.at(-1)! >= offset) {
      this.#offsets.pop();
      this.#changes.pop()!.revert();
    }
    this.#offset = Math.min(this.#offset, offset);
  }
}

/** What is known of a key with uncommitted changes. */
interface Uncommitted<V> {
  /** The value in committed state; undefined: the key is absent there. */
  committed: V | undefined;
  /** How many changes of the key wait for their commit. */
  changes: number;
}

/**
 * A map with two views: the newest state, and the committed state. Values are replaced, never
 * changed in place.
 */
export class TimelineMap<K, V> {
  readonly #timeline: Timeline;
  readonly #onUnused: (() => void) | null;
  readonly #newest = new Map<K, V>();
  /** Keys whose views differ, or may; null while there are none, which is nearly always. */
  #uncommitted: Map<K, Uncommitted<V>> | null = null;

  /** `onUnused` is called whenever nothing is left in either view. */
  constructor(timeline: Timeline, onUnused: (() => void) | null = null) {
    this.#timeline = timeline;
    this.#onUnused = onUnused;
  }

  /** How many keys the newest state has. */
  get size(): number {
    return this.#newest.size;
  }

  get(key: K): V | undefined {
    return this.#newest.get(key);
  }

  has(key: K): boolean {
    return this.#newest.has(key);
  }

  /** The newest state, in the order in which keys were added. */
  entries(): MapIterator<[K, V]> {
    return this.#newest.entries();
  }

  keys(): MapIterator<K> {
    return this.#newest.keys();
  }

  values(): MapIterator<V> {
    return this.#newest.values();
  }

  /** The value in committed state. */
  committed(key: K): V | undefined {
    const uncommitted = this.#uncommitted?.get(key);
    return uncommitted === undefined ? this.#newest.get(key) : uncommitted.committed;
  }

  /** The committed state; keys whose deletion is not committed come last. */
  *committedEntries(): Generator<[K, V]> {
    for (const [key, newest] of this.#newest) {
      const uncommitted = this.#uncommitted?.get(key);
      const value = uncommitted === undefined ? newest : uncommitted.committed;
      if (value !== undefined) yield [key, value];
    }
    if (this.#uncommitted === null) return;
    for (const [key, { committed }] of this.#uncommitted) {
      if (committed !== undefined && !this.#newest.has(key)) yield [key, committed];
    }
  }

  set(key: K, value: V): void {
    this.#remember(key, value);
    this.#newest.set(key, value);
  }

  /** Returns what was removed. */
  delete(key: K): V | undefined {
    const removed = this.#newest.get(key);
    if (removed === undefined) return undefined;
    this.#remember(key, undefined);
    this.#newest.delete(key);
    this.#reportUnused();
    return removed;
  }

  #remember(key: K, after: V | undefined): void {
    if (!this.#timeline.isRecording) return;
    this.#uncommitted ??= new Map();
    const before = this.#newest.get(key);
    const known = this.#uncommitted.get(key);
    if (known === undefined) this.#uncommitted.set(key, { committed: before, changes: 1 });
    else known.changes++;
    this.#timeline.record({
      commit: () => {
        this.#uncommitted!.get(key)!.committed = after;
        this.#forget(key);
      },
      revert: () => {
        if (before === undefined) this.#newest.delete(key);
        else this.#newest.set(key, before);
        this.#forget(key);
      },
    });
  }

  #forget(key: K): void {
    const uncommitted = this.#uncommitted!.get(key)!;
    if (--uncommitted.changes > 0) return;
    this.#uncommitted!.delete(key);
    if (this.#uncommitted!.size === 0) this.#uncommitted = null;
    this.#reportUnused();
  }

  #reportUnused(): void {
    if (this.#newest.size === 0 && this.#uncommitted === null) this.#onUnused?.();
  }
}
