import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context } from "hono";
import type { AppEnv, Middleware } from "./app.ts";

/** Shorter answers cost more to pack than to send. */
const PACKED_BYTES_MIN = 1024;
/** Fast rather than small. */
const LEVEL = 1;
const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|yaml|javascript))/i;
const GZIP_WANTED = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

const pack = promisify<string | Uint8Array, { level: number }, Uint8Array>(gzip);

/**
 * Packs answers that a route made whole, for who accepts gzip. Streams are left as they are, each piece is to
 * arrive when it is written.
 */
export const compressed: Middleware = async (c, next) => {
  const accept = c.req.header("Accept-Encoding");
  if (accept === undefined || !GZIP_WANTED.test(accept)) return await next();
  const made = watched(c);
  await next();
  const { body } = made;
  if (body === null || body.length < PACKED_BYTES_MIN) return;
  const { status, headers } = c.res;
  if (!COMPRESSIBLE.test(headers.get("Content-Type") ?? "")) return;
  if (headers.has("Content-Encoding")) return;
  const packed = new Headers(headers);
  packed.set("Content-Encoding", "gzip");
  packed.delete("Content-Length");
  c.env.outgoing.appendHeader("Vary", "Accept-Encoding");
  const bytes = await pack(body, { level: LEVEL });
  c.res = undefined;
  c.res = new Response(bytes as Uint8Array<ArrayBuffer>, { status, headers: packed });
};

/** How a context makes an answer, whatever its types promise of the body. */
type Maker = (data: unknown, ...rest: readonly unknown[]) => Response;

/**
 * The body that the route gave its answer last, where it is whole. Taken here because an answer itself hands its
 * body out as a stream only, which costs more than packing a small one.
 */
function watched(c: Context<AppEnv>): { readonly body: string | Uint8Array | null } {
  const made: { body: string | Uint8Array | null } = { body: null };
  function noting(make: Maker): Maker {
    return (data, ...rest) => {
      made.body = typeof data === "string" || data instanceof Uint8Array ? data : null;
      return make(data, ...rest);
    };
  }
  c.newResponse = noting(c.newResponse as Maker) as typeof c.newResponse;
  c.body = noting(c.body as Maker) as unknown as typeof c.body;
  c.text = noting(c.text as Maker) as unknown as typeof c.text;
  c.json =
    ((value: unknown, status?: never, headers?: Record<string, string>) =>
      c.newResponse(JSON.stringify(value), status, {
        "Content-Type": "application/json",
        ...headers,
      })) as typeof c.json;
  return made;
}
