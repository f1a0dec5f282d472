import type { ControllerResult } from "./result.ts";
import type { ControllerView } from "./view.ts";

/** Something that the controller does from time to time by itself. */
export interface PeriodicTask {
  readonly name: string;
  readonly periodMs: number;
  /** The response tells whether there is more to do. */
  run(view: ControllerView): ControllerResult<boolean>;
}

/** How soon a task with more to do runs again: soon, and yet so that requests come in between. */
const REPEAT_MS = 10;

/** When each task is due. */
export class Periodic {
  readonly #due = new Map<PeriodicTask, number>();

  constructor(tasks: readonly PeriodicTask[], nowMs: number) {
    for (const task of tasks) this.#due.set(task, nowMs + task.periodMs);
  }

  get deadlineMs(): number {
    return Math.min(Infinity, ...this.#due.values());
  }

  /** A task that is due, which then counts as run; null when none is. */
  takeDue(nowMs: number): PeriodicTask | null {
    for (const [task, dueMs] of this.#due) {
      if (dueMs > nowMs) continue;
      this.#due.set(task, nowMs + task.periodMs);
      return task;
    }
    return null;
  }

  repeatSoon(task: PeriodicTask, nowMs: number): void {
    this.#due.set(task, nowMs + REPEAT_MS);
  }
}
