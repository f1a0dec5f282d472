/** How requests are answered that no app gets to see: what is no HTTP, or names no place here. */
import { Buffer } from "node:buffer";
import { RequestError } from "@hono/node-server";
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const TYPE = "application/json";
/** How long a refused client may take to read why. */
const LINGER_MS = 500;

const BY_CODE: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "The head of the request is too large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The head of the request took too long"],
};

function bodyOf(status: number, message: string): string {
  return JSON.stringify({ error_code: status, message });
}

/** An answer as bytes of HTTP/1.1, after which the connection closes. */
export function rawAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  const lines = Object.entries({
    ...(hasType ? {} : { "Content-Type": TYPE }),
    ...headers,
    "Content-Length": String(Buffer.byteLength(body)),
    "Connection": "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`;
}

/** The answer to a request whose target or Host can't be understood. */
export function refuseTarget(error: unknown): Response {
  const [status, message] = error instanceof RequestError
    ? [400, `The request's target is not understood: ${error.message}`]
    : [500, "The request failed inside the server"];
  return new Response(bodyOf(status, message), { status, headers: { "Content-Type": TYPE } });
}

/** Answers on a connection what is no request, in the form of all errors, and closes it. */
export function refuseBadRequests(server: Server): void {
  server.on("clientError", (error: Error & { code?: string }, socket: Duplex) => {
    const { _httpMessage: begun } = socket as { _httpMessage?: ServerResponse | null };
    if (error.code === "ECONNRESET" || begun?.headersSent === true) {
      socket.destroy();
    } else if (socket.writable) {
      const [status, message] = BY_CODE[error.code ?? ""] ?? [400, "This is no HTTP request"];
      closeWith(socket, rawAnswer(status, bodyOf(status, message)));
    }
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const message = `Expect is ${JSON.stringify(request.headers.expect)}; allowed: 100-continue`;
    const body = Buffer.from(bodyOf(417, message));
    response.writeHead(417, {
      "Content-Type": TYPE,
      "Content-Length": body.length,
      "Connection": "close",
    });
    response.end(body);
  });
}

/** Writes a last answer; a reset would take it from a client that still sends, so that waits a moment. */
export function closeWith(socket: Duplex, text: string): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(timer));
  socket.end(text);
  socket.resume();
}
