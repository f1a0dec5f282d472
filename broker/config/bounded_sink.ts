/** Takes text at any speed and hands it on, in order, without making anyone wait. */
export interface BoundedSink {
  /** Takes text, or drops it where too much waits already. */
  write(text: string): void;
  /** Settles when everything taken so far is handed on. */
  flush(): Promise<void>;
}

/** How many characters of log may wait for a slow reader. */
const WAITING_MAX = 1_048_576;

/**
 * A sink before a destination that may be slow, such as a pipe that nobody reads: at most `limit`
 * characters wait; what comes on top is dropped, and a line says how much when there is room again.
 * A destination that fails is written to no more.
 */
export function boundedSink(
  destination: (bytes: Uint8Array) => Promise<void>,
  options: { readonly limit?: number; dropped(lines: number): string } = {
    dropped: (lines) => `${lines} log lines were dropped: their reader is too slow\n`,
  },
): BoundedSink {
  const limit = options.limit ?? WAITING_MAX;
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  let waitingSize = 0;
  let droppedLines = 0;
  let draining: Promise<void> | null = null;
  let hasFailed = false;

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const text = waiting.join("");
        waiting = [];
        waitingSize = 0;
        await destination(encoder.encode(text));
        if (droppedLines > 0) {
          waiting.push(options.dropped(droppedLines));
          droppedLines = 0;
        }
      }
    } catch {
      hasFailed = true; // Whom could it be told? The log's reader has gone.
      waiting = [];
    }
    draining = null;
  }

  return {
    write(text) {
      if (hasFailed) return;
      if (waitingSize + text.length > limit) {
        droppedLines++;
        return;
      }
      waiting.push(text);
      waitingSize += text.length;
      draining ??= drain();
    },
    flush: () => draining ?? Promise.resolve(),
  };
}
