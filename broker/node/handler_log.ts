import { type LogFields, type Logger, parseLogLevel } from "../config/mod.ts";
import type { HandlerLog, LoggersRoom } from "../handlers/mod.ts";

/** The node's logger in the form that handlers and server use: facts first, errors among them. */
export function handlerLog(logger: Logger): HandlerLog {
  return {
    debug: (facts, message) => logger.debug(message, fields(facts)),
    info: (facts, message) => logger.info(message, fields(facts)),
    warn: (facts, message) => logger.warn(message, fields(facts)),
    error: (facts, message) => logger.error(message, fields(facts)),
  };
}

/** The node's only logger as KIP-412 lets clients see and set its level. */
export function rootLogger(logger: Logger): LoggersRoom {
  let told = logger.level.toUpperCase();
  return {
    levels: () => new Map([["root", told]]),
    setLevel: (_name, text) => {
      const level = parseLogLevel(text);
      if (level === null) return;
      logger.setLevel(level);
      told = level.toUpperCase();
    },
  };
}

function fields(facts: object): LogFields {
  const plain: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value instanceof Error) plain[name] = value.stack ?? value.message;
    else if (value === null || ["string", "number", "boolean"].includes(typeof value)) {
      plain[name] = value as string | number | boolean | null;
    } else plain[name] = JSON.stringify(value);
  }
  return plain;
}
