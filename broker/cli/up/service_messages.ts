/** What `kafkats up` and the Worker of an HTTP service tell each other. */

/** The services that run in Workers. */
export type ServiceName = "registry" | "rest";

/** Where a service's options come from, weakest first. */
export interface ServiceInputs {
  /** What `up` chooses: the broker beside it, ports. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** `name=value`. */
  readonly overrides: readonly string[];
}

/** What it tells of what happens. */
export interface ServiceLog {
  readonly level: string;
  readonly format: "line" | "json";
  readonly colors: boolean;
}

/** To a Worker. */
export type ToService =
  | {
    readonly type: "start";
    readonly service: ServiceName;
    readonly inputs: ServiceInputs;
    readonly log: ServiceLog;
  }
  | { readonly type: "stop" };

/** From a Worker. */
export type FromService =
  /** It takes requests. */
  | { readonly type: "started"; readonly urls: readonly string[] }
  /** It can't start, or can't go on; a sentence. */
  | { readonly type: "failed"; readonly message: string }
  /** Everything is answered and closed. */
  | { readonly type: "stopped" }
  /** Lines of its log. */
  | { readonly type: "log"; readonly text: string };
