import { Buffer } from "node:buffer";
import type { Context } from "hono";
import { createGunzip } from "node:zlib";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { HttpError } from "./http_error.ts";
import type { AppEnv } from "./app.ts";

/** Most bytes of a body where the route sets no other limit. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true });

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 413, `The body is larger than the ${limit} bytes that are allowed`);
}

/**
 * The bytes of the body as they arrive, whatever the method (a GET may have one here), with gzip undone.
 * Throws 413 past `limit` bytes, before or after unpacking, and 415 for another encoding.
 */
export async function* bodyChunks(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): AsyncGenerator<Uint8Array> {
  const { incoming } = c.env;
  const declared = Number(incoming.headers["content-length"] ?? 0);
  if (declared > limit) throw tooLarge(limit);
  const encoding = (incoming.headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip") {
    throw new HttpError(415, 415, `Content-Encoding is ${encoding}; allowed: gzip, identity`);
  }
  let size = 0;
  try {
    for await (const chunk of encoding === "gzip" ? unzipped(incoming) : incoming) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > limit) throw tooLarge(limit);
      yield bytes;
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const what = encoding === "gzip" ? "is no gzip or broke off" : "broke off";
    throw new HttpError(400, 400, `The body ${what}`);
  }
}

function unzipped(incoming: IncomingMessage): Readable {
  const gunzip = createGunzip();
  incoming.on("error", (error) => gunzip.destroy(error));
  return incoming.pipe(gunzip);
}

/** The whole body. Throws as {@linkcode bodyChunks} does. */
export async function readBody(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(c, limit)) chunks.push(chunk);
  if (chunks.length === 1) return chunks[0]!;
  return Buffer.concat(chunks);
}

/** The body's JSON; undefined when it is empty. Throws 400 for what is no JSON, 413 past `limit`. */
export async function readJson(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): Promise<unknown> {
  const bytes = await readBody(c, limit);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new HttpError(400, 400, `The body is no JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}
