import type { Context } from "hono";
import type { AppEnv } from "../http/mod.ts";
import { errorCodes, RegistryError } from "./store/mod.ts";

/** Marks a request that came from another instance: it is never handed on again. */
export const FORWARD_HEADER = "X-Forward";

/**
 * Where the primary read its topic on when it answered what was handed to it: who handed it on reads as far before
 * it answers, so that its client finds there what it wrote.
 */
export const POSITION_HEADER = "X-Topic-Position";

/** Headers that the primary sees as the client sent them. */
const COPIED = [
  "Content-Type",
  "Accept",
  "Authorization",
  "X-Request-ID",
  "Confluent-Accept-Unknown-Properties",
] as const;

/** Headers of the answer that the client sees as the primary sent them. */
const RELAYED = ["Content-Type", "Retry-After"] as const;

/** What came of handing a request on. */
export interface Forwarded {
  readonly answer: Response;
  /** See {@linkcode POSITION_HEADER}; 0 when the primary doesn't tell. */
  readonly position: number;
}

/**
 * Sends a request on to the primary and resolves to its answer, error answers included. Rejects with
 * RegistryError 50003 when the primary can't be reached or doesn't answer in time.
 */
export async function forward(
  c: Context<AppEnv>,
  primaryUrl: string,
  body: Uint8Array,
  { timeoutMs, replaced }: {
    readonly timeoutMs: number;
    /** Aborted when another takes writes. */
    readonly replaced: AbortSignal;
  },
): Promise<Forwarded> {
  const headers = new Headers({ [FORWARD_HEADER]: "true" });
  for (const name of COPIED) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const { pathname, search } = new URL(c.req.url);
  try {
    const answer = await fetch(`${primaryUrl}${pathname}${search}`, {
      method: c.req.method,
      headers,
      body: c.req.method === "GET" || body.length === 0 ? null : body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), replaced]),
      redirect: "error",
    });
    const relayed = new Headers();
    for (const name of RELAYED) {
      const value = answer.headers.get(name);
      if (value !== null) relayed.set(name, value);
    }
    const text = answer.status === 204 ? null : await answer.text();
    return {
      answer: new Response(text, { status: answer.status, headers: relayed }),
      position: readPosition(answer.headers.get(POSITION_HEADER)),
    };
  } catch (error) {
    const why = replaced.aborted
      ? "another took over before it answered"
      : (error as Error).name === "TimeoutError"
      ? `it does not answer in ${timeoutMs} ms`
      : "it can't be reached";
    throw new RegistryError(
      errorCodes.FORWARDING_FAILED,
      `Cannot hand the request to ${primaryUrl}, which took writes: ${why}`,
    );
  }
}

function readPosition(text: string | null): number {
  return text !== null && /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
}
