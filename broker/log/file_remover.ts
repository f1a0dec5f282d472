import { type Clock, type Disk, DiskError, type Timer } from "../base/mod.ts";
import type { LogLogger } from "./log_environment.ts";

/**
 * Removes files and directories after a delay, one at a time, so that readers can finish and the
 * event loop is not held up. What is left when the node stops is removed when it starts again.
 */
export class FileRemover {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #logger: LogLogger;
  readonly #timers = new Set<Timer>();
  readonly #due: string[] = [];
  #working = false;
  #closed = false;

  constructor(disk: Disk, clock: Clock, logger: LogLogger) {
    this.#disk = disk;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** How many paths wait for their time or their turn. */
  get pending(): number {
    return this.#timers.size + this.#due.length;
  }

  /** Removes the paths, `delayMs` from now or later; directories go with all in them. */
  removeLater(paths: readonly string[], delayMs: number): void {
    if (this.#closed || paths.length === 0) return;
    const timer = this.#clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      this.#due.push(...paths);
      this.#work();
    });
    this.#timers.add(timer);
  }

  /** Stops; what was not removed yet stays. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#due.length = 0;
  }

  #work(): void {
    if (this.#working) return;
    const path = this.#due.shift();
    if (path === undefined) return;
    try {
      const inside = this.#disk.stat(path)?.isDirectory ? this.#disk.list(path) : [];
      if (inside.length > 0) this.#due.unshift(...inside.map((name) => `${path}/${name}`), path);
      else this.#disk.remove(path);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.#logger.error(error.message);
    }
    if (this.#due.length === 0) return;
    this.#working = true;
    const timer = this.#clock.schedule(0, () => {
      this.#timers.delete(timer);
      this.#working = false;
      this.#work();
    });
    this.#timers.add(timer);
  }
}
