/** What `kafkats up` and the Worker of an HTTP service tell each other. */

import type { ServiceInputs } from "../../../registry/mod.ts";
import type { LogLook } from "../terminal_log.ts";

/** The services that run in Workers. */
export type ServiceName = "registry" | "rest";

/** Where a service's options come from: what a Worker can be sent of it. */
export type SentInputs = Omit<ServiceInputs, "logger">;

/** To a Worker. */
export type ToService =
  | {
    readonly type: "start";
    readonly inputs: SentInputs;
    readonly log: LogLook;
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
