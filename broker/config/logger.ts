/** How grave an event is; a logger passes on its own level and graver ones. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** What an event carries beside its sentence. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Tells what happens, one event a call. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  fatal(message: string, fields?: LogFields): void;
  /** The least grave level that is passed on. */
  readonly level: LogLevel;
  /** Whether events of the level are passed on; ask before gathering costly fields. */
  isEnabled(level: LogLevel): boolean;
  /** A logger for a part of the node; it follows the level of this one. */
  named(name: string): Logger;
  /** Passes on events of this level and graver ones from now on, in all named loggers too. */
  setLevel(level: LogLevel): void;
}

/** Where log lines go, and in which form. */
export interface LoggerOptions {
  readonly level?: LogLevel;
  /** `line`: for people; `json`: one object a line, by pino. */
  readonly format: "line" | "json";
  /** Whether lines may be coloured. */
  readonly colors?: boolean;
  /** Takes each line, its end included. Must not block: see `boundedSink`. */
  write(text: string): void;
  /** Wall-clock time; Date.now where it is left out. */
  nowMs?(): number;
}

const LEVELS: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** The level that a text names in any case, or null. */
export function parseLogLevel(text: string): LogLevel | null {
  const lower = text.trim().toLowerCase();
  return lower in LEVELS ? lower as LogLevel : null;
}

/**
 * A logger. Loading pino takes some 20 ms, so it is loaded only for JSON, and a caller with other
 * things to start should start them meanwhile.
 */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const threshold = { level: LEVELS[options.level ?? "info"] };
  const emit = options.format === "json" ? await jsonEmitter(options) : lineEmitter(options);
  return loggerNamed(null, threshold, emit);
}

/** A logger that says nothing. */
export const silentLogger: Logger = loggerNamed(null, { level: Infinity }, () => {});

type Emit = (level: LogLevel, name: string | null, message: string, fields: LogFields) => void;

const NO_FIELDS: LogFields = {};

function loggerNamed(name: string | null, threshold: { level: number }, emit: Emit): Logger {
  function log(level: LogLevel, message: string, fields: LogFields = NO_FIELDS): void {
    if (LEVELS[level] >= threshold.level) emit(level, name, message, fields);
  }
  return {
    trace: (message, fields) => log("trace", message, fields),
    debug: (message, fields) => log("debug", message, fields),
    info: (message, fields) => log("info", message, fields),
    warn: (message, fields) => log("warn", message, fields),
    error: (message, fields) => log("error", message, fields),
    fatal: (message, fields) => log("fatal", message, fields),
    get level() {
      const levels = Object.keys(LEVELS) as LogLevel[];
      return levels.find((level) => LEVELS[level] >= threshold.level) ?? "fatal";
    },
    isEnabled: (level) => LEVELS[level] >= threshold.level,
    named: (part) => loggerNamed(part, threshold, emit),
    setLevel: (level) => {
      if (threshold.level !== Infinity) threshold.level = LEVELS[level];
    },
  };
}

async function jsonEmitter({ write, nowMs = Date.now }: LoggerOptions): Promise<Emit> {
  const { default: pino } = await import("pino");
  const logger = pino({
    level: "trace", // The threshold is ours: it must hold for all names at once.
    base: null,
    timestamp: () => `,"time":"${new Date(nowMs()).toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  }, { write });
  return (level, name, message, fields) =>
    logger[level](name === null ? fields : { room: name, ...fields }, message);
}

const COLORS: Readonly<Record<LogLevel, string>> = {
  trace: "\x1b[2m",
  debug: "\x1b[2m",
  info: "\x1b[32m",
  warn: "\x1b[33m",
  error: "\x1b[31m",
  fatal: "\x1b[31;1m",
};

/** `2025-11-25 02:28:13.042 WARN  log: Cut 12 bytes off the tail  partition=t-0`, one line. */
function lineEmitter({ write, colors = false, nowMs = Date.now }: LoggerOptions): Emit {
  return (level, name, message, fields) => {
    const time = new Date(nowMs()).toISOString().slice(0, -1).replace("T", " ");
    const label = level.toUpperCase().padEnd(5);
    const shown = colors ? `${COLORS[level]}${label}\x1b[0m` : label;
    const details = Object.entries(fields).map(([key, value]) => ` ${key}=${quoted(value)}`);
    const text = `${name === null ? "" : `${name}: `}${message}${details.join("")}`;
    write(`${time} ${shown} ${text.replace(/\r?\n/g, "\\n")}\n`);
  };
}

function quoted(value: LogFields[string] | undefined): string {
  const text = String(value);
  return typeof value === "string" && /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
