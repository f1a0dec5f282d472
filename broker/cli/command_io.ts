/** The world as a command sees it; tests hand in their own. */
export interface CommandIo {
  /** Bytes typed or piped in; read by one reader at a time. */
  readonly stdin: ReadableStream<Uint8Array>;
  /** Whether a person types stdin. */
  readonly isStdinTerminal: boolean;
  /** Whether a person reads stdout. */
  readonly isStdoutTerminal: boolean;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Prints text for the reader or the next program. Throws BrokenPipe when nobody reads any more. */
  stdout(text: string): void;
  /** Writes bytes to stdout; resolves when they are taken. Rejects with BrokenPipe as `stdout` does. */
  writeStdout(bytes: Uint8Array): Promise<void>;
  /** Prints text for the user alone: errors, warnings, progress, prompts. */
  stderr(text: string): void;
  /**
   * From the first call on SIGINT (Ctrl-C) and SIGTERM abort this signal instead of ending the
   * process; a second one ends it at once. Commands that just look something up never ask for it.
   */
  interruption(): AbortSignal;
}

const encoder = new TextEncoder();

/** The process's own streams, environment and signals. */
export function systemIo(): CommandIo {
  let interruption: AbortSignal | null = null;
  return {
    get stdin() {
      return Deno.stdin.readable;
    },
    get isStdinTerminal() {
      return Deno.stdin.isTerminal();
    },
    get isStdoutTerminal() {
      return Deno.stdout.isTerminal();
    },
    get environment() {
      return Deno.env.toObject();
    },
    stdout: (text) => writeAllSync(Deno.stdout, encoder.encode(text)),
    async writeStdout(bytes) {
      let rest = bytes;
      while (rest.length > 0) rest = rest.subarray(await Deno.stdout.write(rest));
    },
    stderr(text) {
      try {
        writeAllSync(Deno.stderr, encoder.encode(text));
      } catch (error) {
        // Telling the user is all that stderr is for; when it is closed the work still counts.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      }
    },
    interruption: () => interruption ??= listenForInterruption(),
  };
}

function writeAllSync(
  stream: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}

/** Windows knows no SIGTERM that a program could hear. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  function onSignal(): void {
    // Without a listener the next signal has its usual effect: it ends the process.
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
    controller.abort();
  }
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  return controller.signal;
}
