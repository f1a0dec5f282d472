/** A pending callback of {@linkcode TimerQueue}. */
export interface Timer {
  /** Whether it still waits to fire. */
  readonly isPending: boolean;
  /** Makes it fire at `deadlineMs` instead; a timer that fired or was cancelled waits again. */
  reschedule(deadlineMs: number): void;
  /** Drops it; calling it again does nothing. */
  cancel(): void;
}

const NOWHERE = -1;
/** Out of the heap, about to fire. */
const DUE = -2;

class QueuedTimer implements Timer {
  /** Its place in the heap; NOWHERE when it does not wait. */
  index = NOWHERE;
  /** When the heap looks at it: its deadline, or an earlier one that it had before. */
  wakeMs = 0;
  deadlineMs = 0;

  constructor(readonly queue: TimerQueue, readonly callback: () => void) {}

  get isPending(): boolean {
    return this.index !== NOWHERE;
  }

  reschedule(deadlineMs: number): void {
    this.queue.place(this, deadlineMs);
  }

  cancel(): void {
    this.queue.remove(this);
  }
}

/**
 * Deadlines in a binary heap. Putting a waiting timer off, which is what every heartbeat does to its
 * member's session, costs one write: the heap looks at the timer when its old deadline comes and
 * only then moves it. Cancelling frees the entry at once.
 */
export class TimerQueue {
  readonly #heap: QueuedTimer[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When {@linkcode fire} should be called next, in the caller's milliseconds; null: never. */
  get nextWakeMs(): number | null {
    return this.#heap.length === 0 ? null : this.#heap[0]!.wakeMs;
  }

  /** Calls `callback` from the first {@linkcode fire} at or after `deadlineMs`. */
  schedule(deadlineMs: number, callback: () => void): Timer {
    const timer = new QueuedTimer(this, callback);
    this.place(timer, deadlineMs);
    return timer;
  }

  /**
   * Fires what is due at `nowMs`, earliest first. Callbacks may cancel and schedule timers; one that
   * is due at once waits for the next call, so that this one ends.
   */
  fire(nowMs: number): void {
    const due: QueuedTimer[] = [];
    while (this.#heap.length > 0 && this.#heap[0]!.wakeMs <= nowMs) {
      const timer = this.#heap[0]!;
      if (timer.deadlineMs > nowMs) {
        timer.wakeMs = timer.deadlineMs;
        this.#sink(0);
      } else {
        this.remove(timer);
        timer.index = DUE;
        due.push(timer);
      }
    }
    for (const timer of due) {
      if (timer.index !== DUE) continue;
      timer.index = NOWHERE;
      timer.callback();
    }
  }

  /** Of {@linkcode Timer.reschedule}. */
  place(timer: QueuedTimer, deadlineMs: number): void {
    timer.deadlineMs = deadlineMs;
    if (timer.index < 0) {
      timer.wakeMs = deadlineMs;
      timer.index = this.#heap.push(timer) - 1;
      this.#rise(timer.index);
    } else if (deadlineMs < timer.wakeMs) {
      timer.wakeMs = deadlineMs;
      this.#rise(timer.index);
    }
  }

  /** Of {@linkcode Timer.cancel}. */
  remove(timer: QueuedTimer): void {
    const { index } = timer;
    timer.index = NOWHERE;
    if (index < 0) return;
    const last = this.#heap.pop()!;
    if (last === timer) return;
    this.#heap[index] = last;
    last.index = index;
    this.#rise(index);
    this.#sink(last.index);
  }

  #rise(from: number): void {
    const timer = this.#heap[from]!;
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#heap[parent]!;
      if (above.wakeMs <= timer.wakeMs) break;
      this.#put(above, index);
      index = parent;
    }
    this.#put(timer, index);
  }

  #sink(from: number): void {
    const timer = this.#heap[from]!;
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.#heap.length) break;
      const right = child + 1;
      if (right < this.#heap.length && this.#heap[right]!.wakeMs < this.#heap[child]!.wakeMs) {
        child = right;
      }
      if (timer.wakeMs <= this.#heap[child]!.wakeMs) break;
      this.#put(this.#heap[child]!, index);
      index = child;
    }
    this.#put(timer, index);
  }

  #put(timer: QueuedTimer, index: number): void {
    this.#heap[index] = timer;
    timer.index = index;
  }
}
