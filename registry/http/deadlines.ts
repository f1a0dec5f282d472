/** How exact deadlines are. */
const TICK_MS = 1000;

/** Something that is to end before a certain tick; a link of the list of those that are open. */
export interface Deadline {
  readonly tick: number;
  readonly onLate: () => void;
  before: Deadline | null;
  after: Deadline | null;
}

/**
 * Deadlines of a server's requests, on one timer for all: a timer for each would cost a small request a tenth of
 * its time. They pass up to two seconds late.
 */
export class Deadlines {
  readonly #timer: ReturnType<typeof setInterval>;
  #tick = 0;
  /** A list by hand, since a Set of what comes and goes at once is made anew again and again. */
  #first: Deadline | null = null;

  constructor() {
    this.#timer = setInterval(() => this.#onTick(), TICK_MS);
  }

  /** Calls `onLate` once, unless the deadline is lifted within `ms`. */
  set(ms: number, onLate: () => void): Deadline {
    const tick = this.#tick + Math.ceil(ms / TICK_MS) + 1;
    const deadline: Deadline = { tick, onLate, before: null, after: this.#first };
    if (this.#first !== null) this.#first.before = deadline;
    this.#first = deadline;
    return deadline;
  }

  /** Forgets a deadline; one that passed or was lifted may be lifted again. */
  lift(deadline: Deadline): void {
    if (!this.#isOpen(deadline)) return;
    const { before, after } = deadline;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after !== null) after.before = before;
    deadline.before = deadline.after = null;
  }

  /** Ends the timer; no deadline passes any more. */
  close(): void {
    clearInterval(this.#timer);
  }

  #isOpen(deadline: Deadline): boolean {
    return deadline.before !== null || this.#first === deadline;
  }

  #onTick(): void {
    this.#tick += 1;
    const late: Deadline[] = [];
    for (let open = this.#first; open !== null; open = open.after) {
      if (open.tick <= this.#tick) late.push(open);
    }
    for (const deadline of late) {
      // One that is late may lift another.
      if (!this.#isOpen(deadline)) continue;
      this.lift(deadline);
      deadline.onLate();
    }
  }
}
