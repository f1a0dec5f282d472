/**
 * Plays one side of a recorded conversation: sends each line's request to a broker and gives the
 * answer in the form in which it was recorded.
 */
import {
  type AnyApi,
  apiByKey,
  apis,
  losslessCodec,
  requestHeader,
  requestHeaderVersion,
  UNKNOWN_TAGS,
  versionBounds,
  Writer,
} from "../../broker/protocol/mod.ts";
import { decodeAnswer, encodeBody } from "./body_json.ts";
import { Connection } from "./connection.ts";
import {
  isObject,
  type JsonObject,
  jsonText,
  type JsonValue,
  numberField,
  textField,
} from "./json_text.ts";

const ANSWER_MS_MAX = 10_000;
const RETRIES_MAX = 100;
const RETRY_PAUSE_MS = 100;
const PRODUCE_KEY = 0;

/** A request whose answer has not been read. */
interface Pending {
  readonly api: AnyApi;
  readonly version: number;
  readonly correlationId: number;
}

interface Line {
  readonly connection: Connection;
  readonly pending: Pending[];
}

/** Plays lines, one after the other, over named connections that stay open. */
export class Player {
  readonly #host: string;
  readonly #port: number;
  readonly #clientId: string;
  readonly #lines = new Map<string, Line>();
  readonly #saved = new Map<string, JsonValue>();

  /** `clientId` is that of requests which name none. */
  constructor(host: string, port: number, clientId: string) {
    this.#host = host;
    this.#port = port;
    this.#clientId = clientId;
    this.#saved.set("host", host).set("port", port);
  }

  /** Carries out one line; throws on one that makes no sense. */
  async play(written: JsonObject): Promise<JsonObject> {
    const input = this.#substitute(written) as JsonObject;
    const answer: JsonObject = written.id === undefined ? {} : { id: written.id };
    if (input.sleep !== undefined) {
      answer.slept = input.sleep;
      await pause(numberField(input, "sleep", 0));
    } else if (input.close !== undefined) {
      const name = textField(input, "close", "");
      answer.conn = name;
      answer.closed = await this.#close(name);
    } else if (input.receive !== undefined) {
      await this.#receiveLater(input, answer);
    } else if (input.raw !== undefined) {
      await this.#raw(input, answer);
    } else {
      await this.#requestUntil(input, answer);
      this.#save(written, answer);
    }
    return answer;
  }

  /** Closes all connections. */
  async end(): Promise<void> {
    for (const name of [...this.#lines.keys()]) await this.#close(name);
  }

  async #line(name: string): Promise<Line> {
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = { connection: await Connection.open(this.#host, this.#port), pending: [] };
      this.#lines.set(name, line);
    }
    return line;
  }

  async #close(name: string): Promise<boolean> {
    const line = this.#lines.get(name);
    this.#lines.delete(name);
    await line?.connection.close();
    return line !== undefined;
  }

  async #raw(input: JsonObject, answer: JsonObject): Promise<void> {
    const name = textField(input, "conn", "default");
    answer.conn = name;
    let bytes: Uint8Array = Uint8Array.fromHex(textField(input, "raw", ""));
    if (input.framed === true) bytes = framed([bytes]);
    const { connection } = await this.#line(name);
    await connection.send(bytes);
    if (input.wait === false) {
      answer.sent = bytes.length;
      return;
    }
    const received = await connection.receive(numberField(input, "timeout", ANSWER_MS_MAX));
    if ("frame" in received) answer.raw = received.frame.toHex();
    else await this.#failed(name, received.result, answer);
  }

  async #failed(name: string, result: "timeout" | "closed", answer: JsonObject): Promise<void> {
    answer.result = result;
    if (result === "closed") await this.#close(name);
  }

  async #requestUntil(input: JsonObject, answer: JsonObject): Promise<void> {
    const before = { ...answer };
    const retryOn = (input.retryOn ?? []) as number[];
    await this.#request(input, answer);
    for (let tries = 0; tries < RETRIES_MAX && hasError(answer.body, retryOn); tries++) {
      await pause(RETRY_PAUSE_MS);
      for (const field of Object.keys(answer)) delete answer[field];
      Object.assign(answer, before);
      await this.#request(input, answer);
    }
  }

  async #request(input: JsonObject, answer: JsonObject): Promise<void> {
    const api = apiOf(input.api!);
    const version = numberField(input, "version", versionBounds(api.request.versions).last);
    const name = textField(input, "conn", "default");
    answer.api = api.name;
    answer.version = version;
    if (input.conn !== undefined) answer.conn = name;
    const body = input.bodyHex === undefined
      ? encodeBody(api, version, input.body ?? {})
      : Uint8Array.fromHex(textField(input, "bodyHex", ""));
    const line = await this.#line(name);
    const correlationId = numberField(input, "correlationId", line.connection.correlationId++);
    const header = encodeHeader(api, version, correlationId, {
      clientId: this.#clientId,
      ...input,
    });
    const isTaken = await line.connection.send(framed([header, body]));
    const isSilent = api.key === PRODUCE_KEY && input.bodyHex === undefined &&
      numberField(input.body as JsonObject, "acks", 0) === 0;
    if (isTaken && isSilent) {
      answer.result = "sent";
      return;
    }
    line.pending.push({ api, version, correlationId });
    if (input.wait === false) {
      answer.correlationId = correlationId;
      answer.result = "sent";
      return;
    }
    await this.#receive(name, numberField(input, "timeout", ANSWER_MS_MAX), answer);
  }

  async #receiveLater(input: JsonObject, answer: JsonObject): Promise<void> {
    const name = textField(input, "receive", "");
    answer.conn = name;
    await this.#receive(name, numberField(input, "timeout", ANSWER_MS_MAX), answer);
  }

  async #receive(name: string, timeoutMs: number, answer: JsonObject): Promise<void> {
    const line = this.#lines.get(name);
    if (line === undefined) throw new Error(`No open connection ${name} to receive on`);
    const received = await line.connection.receive(timeoutMs);
    if (!("frame" in received)) return await this.#failed(name, received.result, answer);
    const asked = line.pending.shift();
    if (asked === undefined) {
      answer.raw = received.frame.toHex();
      answer.parseError = "no request was waiting for an answer";
      return;
    }
    answer.api = asked.api.name;
    answer.version = asked.version;
    try {
      const found = decodeAnswer(asked.api, asked.version, received.frame);
      answer.correlationId = found.correlationId;
      if (found.correlationId !== asked.correlationId) {
        answer.expectedCorrelationId = asked.correlationId;
      }
      answer.headerTags = found.headerTags;
      if (found.version !== asked.version) answer.answeredVersion = found.version;
      answer.body = found.body;
      if (found.trailingBytes > 0) answer.trailingBytes = found.trailingBytes;
    } catch (error) {
      answer.raw = received.frame.toHex();
      answer.parseError = String(error);
    }
  }

  #save(written: JsonObject, answer: JsonObject): void {
    for (const [name, path] of Object.entries((written.save ?? {}) as Record<string, string>)) {
      let at: JsonValue | undefined = answer.body;
      for (const part of path.split(".")) {
        at = Array.isArray(at) ? at[Number(part)] : isObject(at) ? at[part] : undefined;
      }
      if (at === undefined) {
        answer.notSaved = [...(answer.notSaved ?? []) as JsonValue[], name];
      }
      this.#saved.set(name, at ?? null);
    }
  }

  /** `"$name"` becomes what was saved; `"..${name}.."` has its text put in. */
  #substitute(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return value.map((item) => this.#substitute(item));
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          name === "save" ? inner : this.#substitute(inner),
        ]),
      );
    }
    if (typeof value !== "string") return value;
    const whole = value.match(/^\$(\w+)$/);
    if (whole) return this.#variable(whole[1]!);
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => String(this.#variable(name)));
  }

  #variable(name: string): JsonValue {
    const value = this.#saved.get(name);
    if (value === undefined) throw new Error(`Nothing was saved as ${name}`);
    return value;
  }
}

function apiOf(name: JsonValue): AnyApi {
  const api = typeof name === "number"
    ? apiByKey(name)
    : apis.find((known) => known.name.toLowerCase() === String(name).toLowerCase());
  if (api === undefined) throw new Error(`Unknown API ${jsonText(name)}`);
  return api;
}

function encodeHeader(
  api: AnyApi,
  version: number,
  correlationId: number,
  input: JsonObject,
): Uint8Array {
  const headerVersion = numberField(input, "headerVersion", requestHeaderVersion(api, version));
  const tags = ((input.headerTags ?? []) as JsonObject[]).map((tag) => ({
    tag: numberField(tag, "tag", 0),
    bytes: Uint8Array.fromHex(textField(tag, "data", "")),
  }));
  const writer = new Writer();
  losslessCodec(requestHeader, headerVersion).encode(writer, {
    requestApiKey: api.key,
    requestApiVersion: version,
    correlationId,
    clientId: input.clientId,
    [UNKNOWN_TAGS]: tags,
  });
  return writer.toBytes();
}

/** The parts behind their common length. */
function framed(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = new Uint8Array(4 + size);
  new DataView(frame.buffer).setInt32(0, size);
  let at = 4;
  for (const part of parts) {
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

/** Whether an error code anywhere in the answer is one of these. */
function hasError(value: JsonValue | undefined, codes: readonly number[]): boolean {
  if (codes.length === 0 || value === undefined) return false;
  if (Array.isArray(value)) return value.some((item) => hasError(item, codes));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, inner]) =>
    name === "errorCode" || name === "partitionErrorCode"
      ? codes.includes(inner as number)
      : hasError(inner, codes)
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
