/** Text going out. */
export interface TextOutput {
  /** Resolves when the text is handed over. Rejects with BrokenPipe when nobody reads any more. */
  write(text: string): Promise<void>;
  /** As `write`, for what may not be text. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
}

/** The world as commands see it; tests hand in their own. */
export interface CommandIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether a person types the input. */
  readonly isInputTerminal: boolean;
  /** What is typed or piped in, piece by piece. */
  readInput(): AsyncIterable<Uint8Array>;
  /** Text of a file; throws an Error that names it. */
  readTextFile(path: string): Promise<string>;
  /** Calls `handler` when the process is asked to end, until the returned function is called. */
  onStop(handler: () => void): () => void;
  nowMs(): number;
}

/** The real world. */
export function systemIo(): CommandIo {
  return {
    stdout: output(Deno.stdout),
    stderr: output(Deno.stderr),
    get environment() {
      return Deno.env.toObject();
    },
    get isInputTerminal() {
      return Deno.stdin.isTerminal();
    },
    readInput: () => Deno.stdin.readable,
    readTextFile: (path) => Deno.readTextFile(path),
    onStop(handler) {
      // Windows knows SIGINT and SIGBREAK only.
      const names: Deno.Signal[] = Deno.build.os === "windows"
        ? ["SIGINT", "SIGBREAK"]
        : ["SIGINT", "SIGTERM"];
      for (const name of names) Deno.addSignalListener(name, handler);
      return () => {
        for (const name of names) Deno.removeSignalListener(name, handler);
      };
    },
    nowMs: () => Date.now(),
  };
}

function output(file: typeof Deno.stdout): TextOutput {
  const encoder = new TextEncoder();
  async function writeBytes(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
  }
  return {
    isTerminal: file.isTerminal(),
    write: (text) => writeBytes(encoder.encode(text)),
    writeBytes,
  };
}
