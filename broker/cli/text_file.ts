import { CommandError } from "./command_error.ts";
import type { CommandIo } from "./io.ts";
import { inPlainWords } from "./plain_words.ts";

/** Reads a file that the command line names. Rejects with {@linkcode CommandError}. */
export async function readTextFile(
  path: string,
  io: Pick<CommandIo, "readTextFile">,
): Promise<string> {
  try {
    return await io.readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "no such file"
      : cause instanceof Error
      ? inPlainWords(cause.message)
      : String(cause);
    throw new CommandError(`Cannot read ${path}: ${reason}`, { cause });
  }
}
