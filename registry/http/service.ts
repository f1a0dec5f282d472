/** Tells what happens, one event a call. */
export interface ServiceLogger {
  debug(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  info(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  warn(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
  error(message: string, fields?: Readonly<Record<string, string | number | boolean | null>>): void;
}

/** Where a service's options come from, weakest first, and who hears its events. */
export interface ServiceInputs {
  /** What whoever starts it prefers to the options' own defaults. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Text of a properties file. */
  readonly properties?: string;
  /** Variables such as `SCHEMA_REGISTRY_LISTENERS`; default: none are looked at. */
  readonly environment?: Readonly<Record<string, string>>;
  /** `name=value`. */
  readonly overrides?: readonly string[];
  /** Default: nothing is told. */
  readonly logger?: ServiceLogger;
}

/** A service that takes requests until it is stopped. */
export interface RunningService extends AsyncDisposable {
  /** Where it listens, such as `http://localhost:8081`. */
  readonly urls: readonly string[];
  /** Answers what has begun, then closes. */
  stop(): Promise<void>;
}
