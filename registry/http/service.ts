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

const SILENT: ServiceLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** The two steps of which the start of a service is made. */
export interface ServiceSteps<L> {
  /** Reads its options; throws for the one at fault. */
  load(inputs: ServiceInputs): L;
  /** Starts it, putting into `parts` what a stop undoes, the last first; resolves to where it listens. */
  start(loaded: L, logger: ServiceLogger, parts: AsyncDisposableStack): Promise<readonly string[]>;
}

/** Starts a service; one that fails to start leaves nothing behind. */
export async function runService<L extends { readonly warnings: readonly string[] }>(
  inputs: ServiceInputs,
  { load, start }: ServiceSteps<L>,
): Promise<RunningService> {
  const logger = inputs.logger ?? SILENT;
  const loaded = load(inputs);
  for (const warning of loaded.warnings) logger.warn(warning);
  const parts = new AsyncDisposableStack();
  try {
    const urls = await start(loaded, logger, parts);
    return {
      urls,
      stop: () => parts.disposeAsync(),
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}
