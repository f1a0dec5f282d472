/**
 * The wire side of a node: listeners and their limits, frames in, answers out in the order of the
 * requests, backpressure both ways, and the purgatory in which requests wait for data or
 * replication. What a request means is decided in `handlers/`.
 */
export {
  type BoundListener,
  type ListenerOptions,
  Server,
  type ServerLimits,
  type ServerOptions,
} from "./server.ts";
export type { ServerCounters } from "./connection.ts";
export type { ConnectionLimitOptions } from "./connection_limits.ts";
export { Dispatcher } from "./dispatcher.ts";
export { Purgatory, type PurgatoryOptions } from "./purgatory.ts";
