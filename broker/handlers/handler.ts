import type { AnyApi, ListenerRole, RequestOf, ResponseOf } from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";

/** What a handler gives for a request: null when the client is not to be answered (acks=0). */
export type Answer<S> = S | null | Promise<S | null>;

/** What serves one API. */
export interface Handler<Q, S> {
  readonly api: AnyApi;
  /** First and last version that are served as Kafka serves them. */
  readonly versions: readonly [number, number];
  /** What ApiVersions names as the first version where that is not the first one served. */
  readonly advertisedFrom?: number;
  /** Which listeners serve it. */
  readonly listeners: readonly ListenerRole[];
  /** Answers a request. What it throws is a bug: see `failed`. */
  handle(request: Q, context: HandlerContext): Answer<S>;
  /**
   * The answer when nothing of the request could be done: `handle` threw, or the room that it asked
   * refused. Without it, the connection is closed.
   */
  failed?(request: Q, errorCode: number, context: HandlerContext): S;
  /**
   * The answer, in version 0, to a version that is not served. Without it, the connection is closed,
   * as Kafka does for all apis but ApiVersions.
   */
  unsupported?(context: HandlerContext): S;
}

/** A handler of whatever API. */
export type AnyHandler = Handler<unknown, unknown>;

/** Declares the handler of `api`; request and response types follow from it. */
export function handler<A extends AnyApi>(
  declaration: Handler<RequestOf<A>, ResponseOf<A>> & { readonly api: A },
): AnyHandler {
  // The dispatcher hands each handler what the codec of its own api has decoded.
  return declaration as unknown as AnyHandler;
}

/** A version range as ApiVersions names it. */
export interface ServedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}
