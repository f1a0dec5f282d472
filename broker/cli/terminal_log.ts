import { boundedSink, type LoggerOptions, type LogLevel } from "../config/mod.ts";
import { text } from "./flags.ts";
import type { CommandIo } from "./io.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** How lines of a log look on an output. */
export type LogLook = Required<Pick<LoggerOptions, "level" | "format" | "colors">>;

/** `--log-level`, for a command whose level is `otherwise` where it is not given. */
export function logLevelFlag(otherwise: LogLevel) {
  return text("level", `The least grave events that are told; ${otherwise} by default.`, {
    allowed: LOG_LEVELS,
  });
}

/** Lines for people on a terminal, JSON elsewhere. */
export function logLookOf(io: CommandIo, level: string | null, otherwise: LogLevel): LogLook {
  const { isTerminal } = io.stdout;
  return {
    level: (level ?? otherwise) as LogLevel,
    format: isTerminal ? "line" : "json",
    colors: isTerminal && (io.environment["NO_COLOR"] ?? "") === "",
  };
}

/** The output of a command that serves, which waits for no reader. */
export function serviceOutput(io: CommandIo) {
  return boundedSink((bytes) => io.stdout.writeBytes(bytes));
}

/** Calls `stop` at the first signal; a second one has its usual effect and ends the process at once. */
export function onFirstStop(io: CommandIo, stop: () => void): () => void {
  const unlisten = io.onStop(() => {
    unlisten();
    stop();
  });
  return unlisten;
}
