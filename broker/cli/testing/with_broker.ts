import { type RunningBroker, startBroker } from "../../mod.ts";
import { run } from "../mod.ts";
import { type MemoryInput, memoryIo } from "./memory_io.ts";

/** What a command did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line against the broker of a test. */
export type RunCommand = (args: readonly string[], input?: MemoryInput) => Promise<Outcome>;

/** Runs `use` with a broker of its own, on a directory that is removed behind it. */
export async function withBroker(
  use: (run: RunCommand, broker: RunningBroker) => Promise<void>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<void> {
  const dataDirectory = await Deno.makeTempDir();
  try {
    await using broker = await startBroker({ dataDirectory, overrides });
    await use(async (args, input) => {
      const io = memoryIo(input);
      const code = await run([...args, "--bootstrap-server", broker.bootstrap], io);
      return { code, ...io.printed() };
    }, broker);
  } finally {
    await Deno.remove(dataDirectory, { recursive: true });
  }
}
