/** Lets one waiter sleep until something happens or a time is over. */
export class Wake {
  #end: (() => void) | null = null;

  /** Resolves when {@linkcode wake} is called or `timeoutMs` are over; wakes before are not remembered. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      this.#end = end;
    });
  }

  wake(): void {
    this.#end?.();
  }
}
