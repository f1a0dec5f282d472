import { errorCodes, errorMessage, errorName, isRetriable } from "../../broker/protocol/errors.ts";

/** What else a {@linkcode KafkaError} tells than its code and its sentence. */
export interface KafkaErrorOptions {
  readonly cause?: unknown;
  /** Default: what the code says. */
  readonly retriable?: boolean;
  /** See {@linkcode KafkaError.outcomeUnknown}; default false. */
  readonly outcomeUnknown?: boolean;
}

/**
 * A call that failed: with the code that the broker answered, or with the one that Kafka's own client
 * would use where no answer came (NETWORK_EXCEPTION, REQUEST_TIMED_OUT, BROKER_NOT_AVAILABLE).
 */
export class KafkaError extends Error {
  /** The code's name, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
  override readonly name: string;
  /** Kafka's number of the error. */
  readonly code: number;
  /** Whether the same call may succeed later. */
  readonly retriable: boolean;
  /** The request went out and no answer came: it may have been carried out or not. */
  readonly outcomeUnknown: boolean;

  /** `message` is a sentence; without one the code's own is taken. */
  constructor(code: number, message?: string | null, options: KafkaErrorOptions = {}) {
    const text = message === undefined || message === null || message === ""
      ? errorMessage(code)
      : message;
    super(text, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.name = errorName(code);
    this.retriable = options.retriable ?? isRetriable(code);
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** Throws a {@linkcode KafkaError} unless `code` is NONE; `what` goes in front of its sentence. */
export function throwOnCode(code: number, what: string, message: string | null = null): void {
  if (code === errorCodes.NONE) return;
  throw new KafkaError(code, `${what}: ${message || errorMessage(code)}`);
}

/** `error` itself when it is a {@linkcode KafkaError}; anything else is a bug and is thrown on. */
export function asKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  throw error;
}
