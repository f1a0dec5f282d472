import type { Clock, Timer } from "../base/mod.ts";

/** What {@linkcode IdleWheel} watches. */
export interface Idling {
  /** Since when it has not been in use, in the clock's monotonic milliseconds; `nowMs` while it is. */
  idleSinceMs(nowMs: number): number;
  /** Called once when it has been idle for too long; it is not watched any more. */
  expire(): void;
}

const SLOTS = 64;

/**
 * Finds what has been idle for longer than `connections.max.idle.ms` with one timer: each watched
 * thing sits in the slot of the moment when it could expire at the earliest and is looked at again
 * there, so using it costs nothing and a turn looks at a small part of all. Expiry is late by up to
 * two turns (a thirtieth of the time allowed), never early.
 */
export class IdleWheel {
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #turnMs: number;
  readonly #slots: Set<Idling>[] = Array.from({ length: SLOTS }, () => new Set());
  readonly #slotOf = new Map<Idling, Set<Idling>>();
  #current = 0;
  #timer: Timer | null = null;

  /** With an `idleMs` below 1 nothing expires. */
  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#turnMs = Math.max(1, Math.ceil(idleMs / (SLOTS - 2)));
  }

  /** Number of things watched. */
  get size(): number {
    return this.#slotOf.size;
  }

  watch(thing: Idling): void {
    if (this.#idleMs < 1) return;
    this.#place(thing, this.#idleMs);
    this.#timer ??= this.#clock.schedule(this.#turnMs, () => this.#onTurn());
  }

  unwatch(thing: Idling): void {
    this.#slotOf.get(thing)?.delete(thing);
    this.#slotOf.delete(thing);
    if (this.#slotOf.size > 0) return;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Puts `thing` where it is looked at in `inMs` milliseconds or a turn later. */
  #place(thing: Idling, inMs: number): void {
    const turns = Math.min(SLOTS - 1, Math.ceil(inMs / this.#turnMs) + 1);
    const slot = this.#slots[(this.#current + turns) % SLOTS]!;
    slot.add(thing);
    this.#slotOf.set(thing, slot);
  }

  #onTurn(): void {
    this.#timer = null;
    this.#current = (this.#current + 1) % SLOTS;
    const slot = this.#slots[this.#current]!;
    const nowMs = this.#clock.monotonicMs();
    for (const thing of slot) {
      slot.delete(thing);
      const leftMs = thing.idleSinceMs(nowMs) + this.#idleMs - nowMs;
      if (leftMs > 0) {
        this.#place(thing, leftMs);
      } else {
        this.#slotOf.delete(thing);
        thing.expire();
      }
    }
    if (this.#slotOf.size > 0) {
      this.#timer = this.#clock.schedule(this.#turnMs, () => this.#onTurn());
    }
  }
}
