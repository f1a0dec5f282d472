import type { MapKey, PersistentMap } from "./persistent_map.ts";

/** Changes to a map, gathered before they are applied in one go. */
export class MapDelta<K extends MapKey, V> {
  readonly before: PersistentMap<K, V>;
  /** The new value of each changed key; null where it was removed. */
  readonly changes: Map<K, V | null> = new Map<K, V | null>();

  constructor(before: PersistentMap<K, V>) {
    this.before = before;
  }

  get isEmpty(): boolean {
    return this.changes.size === 0;
  }

  /** The value with the changes so far. */
  get(key: K): V | undefined {
    const changed = this.changes.get(key);
    return changed === undefined ? this.before.get(key) : changed ?? undefined;
  }

  set(key: K, value: V): void {
    this.changes.set(key, value);
  }

  /** Removes a key, which may be missing. */
  remove(key: K): void {
    if (this.before.has(key)) this.changes.set(key, null);
    else this.changes.delete(key);
  }

  /** Removes all that was there before and was not set since: a snapshot holds what is, not what went. */
  removeUnchanged(): void {
    for (const key of this.before.keys()) if (!this.changes.has(key)) this.changes.set(key, null);
  }

  apply(): PersistentMap<K, V> {
    if (this.isEmpty) return this.before;
    return this.before.mutate((draft) => {
      for (const [key, value] of this.changes) {
        value === null ? draft.delete(key) : draft.set(key, value);
      }
    });
  }
}
