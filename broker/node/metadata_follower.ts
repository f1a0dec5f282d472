import type { Clock } from "../base/mod.ts";

/** How long changes may hold the event loop before others get a turn. */
const TURN_MS = 10;

/**
 * Carries out metadata changes one after the other, in the order in which they are committed. A small
 * one is done within the turn that brings it; one of thousands of partitions, which all have files to
 * make, in turns of {@linkcode TURN_MS} with requests served in between.
 */
export class MetadataFollower {
  readonly #clock: Clock;
  readonly #changes: Iterator<void, void>[] = [];
  #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Carries out `change` when all before it are done. It stops where it yields when its turn is over. */
  follow(change: Iterator<void, void>): void {
    this.#changes.push(change);
    if (this.#changes.length === 1) this.#takeTurn();
  }

  /** Resolves when every change that was handed over so far is carried out. */
  settled(): Promise<void> {
    if (this.#changes.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #takeTurn(): void {
    const endMs = this.#clock.monotonicMs() + TURN_MS;
    while (this.#changes.length > 0) {
      if (this.#changes[0]!.next().done) this.#changes.shift();
      else if (this.#clock.monotonicMs() >= endMs) {
        this.#clock.schedule(0, () => this.#takeTurn());
        return;
      }
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
