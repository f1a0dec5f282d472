/** How {@linkcode parseArgs} reads the arguments. */
export interface ParseOptions {
  /** Flags without a value. */
  boolean?: readonly string[];
  /** Flags whose value stays text. */
  string?: readonly string[];
  /** Flags that may be repeated; their values come as an array. */
  collect?: readonly string[];
  /** Boolean flags that `--no-name` sets to false. */
  negatable?: readonly string[];
  /** Other names of a flag. */
  alias?: Record<string, string | readonly string[]>;
  /** Values of flags that are not given. */
  default?: Record<string, unknown>;
  /** Stop at the first argument that is not a flag. */
  stopEarly?: boolean;
  /** Put what follows `--` into the field `--`. */
  "--"?: boolean;
  /** Called with each flag that is not declared; returning false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
/** What was given: flags by name, the rest in `_`. */
export type Args = { _: (string | number)[] } & Record<string, unknown>;
/** Reads command-line arguments. */
export function parseArgs(args: readonly string[], options?: ParseOptions): Args;
