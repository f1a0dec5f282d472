/** A failure to tell the user in one sentence; the command ends with exit code 1. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** A command line that cannot be meant; told with a hint at `--help`. */
export class UsageError extends CommandError {
  override readonly name: string = "UsageError";
}
