import type { CommandIo, TextOutput } from "../io.ts";

/** What a test sets up before it runs a command. */
export interface MemoryInput {
  /** Typed or piped in, one chunk per element. */
  readonly input?: readonly string[];
  /** Files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isInputTerminal?: boolean;
  readonly nowMs?: number;
}

/** A command's world in memory, and what became of it. */
export interface MemoryIo extends CommandIo {
  /** All that was printed, as text. */
  printed(): { readonly out: string; readonly err: string };
  /** Bytes written to stdout. */
  printedBytes(): Uint8Array;
  /** Does as Ctrl-C. */
  stop(): void;
}

/** A world for one run of a command. */
export function memoryIo(input: MemoryInput = {}): MemoryIo {
  const stdout = new MemoryOutput(), stderr = new MemoryOutput();
  const handlers = new Set<() => void>();
  const encoder = new TextEncoder();
  return {
    stdout,
    stderr,
    environment: input.environment ?? {},
    isInputTerminal: input.isInputTerminal ?? false,
    async *readInput() {
      for (const chunk of input.input ?? []) yield await Promise.resolve(encoder.encode(chunk));
    },
    readTextFile(path) {
      const text = input.files?.[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(path))
        : Promise.resolve(text);
    },
    onStop(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    nowMs: () => input.nowMs ?? Date.now(),
    printed: () => ({ out: stdout.text(), err: stderr.text() }),
    printedBytes: () => stdout.bytes(),
    stop: () => handlers.forEach((handler) => handler()),
  };
}

class MemoryOutput implements TextOutput {
  readonly isTerminal = false;
  readonly #chunks: Uint8Array[] = [];

  write(text: string): Promise<void> {
    return this.writeBytes(new TextEncoder().encode(text));
  }

  writeBytes(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes.slice());
    return Promise.resolve();
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}
