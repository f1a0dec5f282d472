import type { AnyApi, RequestOf, ResponseOf } from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";
import { type AnyHandler, handler } from "./handler.ts";

/** How long the controller may take for requests that don't say. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** What tells one forwarded API from another. */
export interface Forwarding<A extends AnyApi> {
  readonly api: A;
  readonly versions: readonly [number, number];
  /** What a client is answered when the controller can't be asked. */
  failed(request: RequestOf<A>, errorCode: number, context: HandlerContext): ResponseOf<A>;
}

/**
 * A handler that has the controller decide and passes its answer on (KIP-590). Controller listeners
 * serve the same APIs, and those that only brokers and controllers speak among themselves.
 */
export function forwarded<A extends AnyApi>({ api, versions, failed }: Forwarding<A>): AnyHandler {
  return handler<A>({
    api,
    versions,
    listeners: api.listeners,
    handle: (request, context) => askController(api, request, context),
    failed,
  });
}

/** Has the controller serve a client's request, or a part of it. */
export function askController<A extends AnyApi>(
  api: A,
  request: RequestOf<A>,
  { node, version, connection, clientId }: HandlerContext,
): Promise<ResponseOf<A>> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = request as { timeoutMs?: number };
  const { principal } = connection;
  return node.controller.submit(api, request, { version, principal, clientId, timeoutMs });
}
