/**
 * Lets many callers share few syncs: whoever asks while one is under way joins the next one, which
 * begins when that one ends, and not before the present turn of the event loop is over.
 */
export class GroupSync {
  readonly #work: (withActive: boolean) => Promise<void>;
  #running: Promise<void> | null = null;
  #queued: Promise<void> | null = null;
  #withActive = false;

  /** `work` syncs all segments of a log, the active one too if `withActive`. */
  constructor(work: (withActive: boolean) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when a sync that began after this call has ended; rejects when that one fails. */
  request(withActive: boolean): Promise<void> {
    this.#withActive ||= withActive;
    return this.#queued ??= this.#after(this.#running);
  }

  /** Resolves when no sync is under way, whatever became of it. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => "told to those who asked for it");
  }

  async #after(running: Promise<void> | null): Promise<void> {
    await running?.catch(() => "told to those who asked for it");
    const withActive = this.#withActive;
    this.#withActive = false;
    this.#queued = null;
    const work = this.#running = this.#work(withActive);
    try {
      await work;
    } finally {
      if (this.#running === work) this.#running = null;
    }
  }
}
