import { Buffer } from "node:buffer";
import type { Context } from "hono";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { HttpError, shown } from "./http_error.ts";
import type { AppEnv } from "./app.ts";

/** Most bytes of a body where the route sets no other limit. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** How long the rest of a whole body may stay away, and how long the whole may take. */
const STALL_MS = 30_000;
const BODY_MS = 300_000;
/** How long a client may go on with a body that is not wanted, once it has its answer. */
const DISCARD_MS = 1000;

const NO_BYTES = new Uint8Array(0);
const decoder = new TextDecoder("utf-8", { fatal: true });
const gunzipWhole = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip);

function tooLarge(limit: number): HttpError {
  return new HttpError(413, 413, `The body is larger than the ${limit} bytes that are allowed`);
}

function brokenOff(): HttpError {
  return new HttpError(400, 400, "The body broke off");
}

function badGzip(): HttpError {
  return new HttpError(400, 400, "The body is no gzip or broke off");
}

/** Whether the head announces a body; one that does not has none, whatever the method. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Whether the body is packed. Throws 415 for a packing that is not known, 413 for a length past the limit. */
function checkHead(incoming: IncomingMessage, limit: number): boolean {
  if (Number(incoming.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (encoding === "gzip" || encoding === "x-gzip") return true;
  if (encoding === "" || encoding === "identity") return false;
  throw new HttpError(
    415,
    415,
    `Content-Encoding is ${shown(encoding)}; allowed: gzip, identity`,
  );
}

/**
 * Reads away what a client still sends of a body that was refused, so that it gets to read the answer; one that
 * goes on after it has the answer loses its connection.
 */
function discardRest(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.complete || incoming.destroyed) return;
  incoming.resume();
  const { socket } = incoming;
  function endSoon(): void {
    const timer = setTimeout(() => {
      if (!incoming.complete) (socket as Socket | null)?.destroy();
    }, DISCARD_MS);
    incoming.once("close", () => clearTimeout(timer));
    incoming.once("end", () => clearTimeout(timer));
  }
  if (outgoing.writableFinished) endSoon();
  else outgoing.once("finish", endSoon);
}

/**
 * The bytes of the body as they arrive, whatever the method (a GET may have one here), with gzip undone; reading
 * none holds the client back. Throws 413 past `limit` bytes, before or after unpacking, 415 for another
 * packing, 400 when the client goes away.
 */
export async function* bodyChunks(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): AsyncGenerator<Uint8Array> {
  const { incoming, outgoing } = c.env;
  if (!hasBody(incoming)) return;
  const unpacker = checkHead(incoming, limit) ? createGunzip() : null;
  if (unpacker !== null) {
    incoming.once("error", (error) => unpacker.destroy(error));
    incoming.pipe(unpacker);
  }
  let size = 0;
  try {
    // Breaking off must not destroy the request: its answer would be lost with it.
    for await (const chunk of (unpacker ?? incoming).iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > limit) throw tooLarge(limit);
      yield bytes;
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw unpacker === null ? brokenOff() : badGzip();
  } finally {
    unpacker?.destroy();
    discardRest(incoming, outgoing);
  }
}

/** The whole body. Throws as {@linkcode bodyChunks} does, and 408 when the client is too slow. */
export async function readBody(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): Promise<Uint8Array> {
  const { incoming, outgoing } = c.env;
  if (!hasBody(incoming) || incoming.readableEnded) return NO_BYTES;
  const isPacked = checkHead(incoming, limit);
  let bytes: Uint8Array;
  try {
    bytes = await collect(c.env, limit);
  } catch (error) {
    discardRest(incoming, outgoing);
    throw error;
  }
  return isPacked ? await unpacked(bytes, limit) : bytes;
}

async function unpacked(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await gunzipWhole(bytes, { maxOutputLength: limit });
  } catch (error) {
    throw (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE"
      ? tooLarge(limit)
      : badGzip();
  }
}

/** By events: an iterator would cost a third of what a small request costs in all. */
function collect(
  { incoming, deadlines }: AppEnv["Bindings"],
  limit: number,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Uint8Array[] = [];
  let size = 0, sizeBefore = 0, checks = 0;
  let deadline = deadlines.set(STALL_MS, onCheck);
  function onCheck(): void {
    checks += 1;
    if (size === sizeBefore || checks * STALL_MS >= BODY_MS) {
      fail(new HttpError(408, 408, `The body stopped or crept: ${size} bytes have come`));
      return;
    }
    sizeBefore = size;
    deadline = deadlines.set(STALL_MS, onCheck);
  }
  function stop(): void {
    deadlines.lift(deadline);
    incoming.off("data", onData).off("end", onEnd).off("error", onBreak).off("close", onBreak);
  }
  function fail(error: HttpError): void {
    stop();
    // Without a listener a late error of the connection would end the process.
    incoming.on("error", () => {});
    reject(error);
  }
  function onData(chunk: Uint8Array): void {
    size += chunk.length;
    if (size > limit) fail(tooLarge(limit));
    else chunks.push(chunk);
  }
  function onEnd(): void {
    stop();
    resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  }
  function onBreak(): void {
    fail(brokenOff());
  }
  incoming.on("data", onData).on("end", onEnd).on("error", onBreak).on("close", onBreak);
  if (incoming.destroyed) onBreak();
  return promise;
}

/** The body's JSON; undefined when it is empty. Throws 400 for what is no JSON, else as readBody does. */
export async function readJson(
  c: Context<AppEnv>,
  limit: number = BODY_BYTES_MAX,
): Promise<unknown> {
  const bytes = await readBody(c, limit);
  return bytes.length === 0 ? undefined : parseJson(bytes);
}

/** The JSON of a body that was read. Throws 400 for what is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    throw new HttpError(400, 400, `The body is no JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}
