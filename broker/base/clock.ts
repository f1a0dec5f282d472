/** A pending callback of {@linkcode Clock.schedule}. */
export interface Timer {
  /** Drops the callback if it has not run; calling it again does nothing. */
  cancel(): void;
}

/** Time as a room may see it. Drivers own one; cores are handed `nowMs`. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonicMs(): number;
  /** Calls `callback` once, `delayMs` from now or later. A pending timer keeps the process alive. */
  schedule(delayMs: number, callback: () => void): Timer;
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, callback) {
    // setTimeout fires at once for delays past 2^31 - 1 ms, so a longer wait is cut there: firing
    // early is the caller's normal case (it looks at the time again), firing at once is not.
    const id = setTimeout(callback, Math.min(Math.max(0, delayMs), 0x7fffffff));
    return { cancel: () => clearTimeout(id) };
  },
};
