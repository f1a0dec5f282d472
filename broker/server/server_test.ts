import { assert, assertEquals } from "@std/assert";
import { systemClock, systemNetwork } from "../base/mod.ts";
import {
  type AnyHandler,
  handler,
  type HandlerContext,
  type HandlerLog,
  type NodeRooms,
} from "../handlers/mod.ts";
import {
  apiVersions,
  decodeResponse,
  encodeRequest,
  fetch,
  heartbeat,
  make,
  type RecordsSource,
} from "../protocol/mod.ts";
import { Dispatcher, Server, type ServerLimits } from "./mod.ts";

const LIMITS: ServerLimits = {
  requestBytesMax: 1024 * 1024,
  queuedRequestBytesMax: -1,
  connectionIdleMs: 600_000,
  connections: {
    connectionsMax: 1_000,
    listenerMax: new Map(),
    perIpMax: 1_000,
    perIpOverrides: new Map(),
    creationsPerSecondMax: 10_000,
    interBrokerListener: null,
  },
};

/** A log whose lines can be waited for. */
class Lines implements HandlerLog {
  readonly lines: string[] = [];
  #waiting: (() => void)[] = [];
  readonly #add = (_facts: object, message: string) => {
    this.lines.push(message);
    for (const resume of this.#waiting.splice(0)) resume();
  };
  debug = this.#add;
  info = this.#add;
  warn = this.#add;
  error = this.#add;

  async until(text: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(text))) {
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
  }
}

/** A server with the handlers of one test on a free port. */
class TestServer {
  readonly log = new Lines();
  readonly server: Server;

  constructor(handlers: AnyHandler[], limits: Partial<ServerLimits> = {}) {
    // Dispatch needs no more of a node than its clock and log.
    const node = { clock: systemClock, log: this.log } as unknown as NodeRooms;
    const dispatcher = new Dispatcher(handlers, "broker", node);
    this.server = new Server({
      network: systemNetwork,
      clock: systemClock,
      log: this.log,
      listeners: [{ name: "PLAINTEXT", host: "127.0.0.1", port: 0, role: "broker", dispatcher }],
      limits: { ...LIMITS, ...limits },
    });
    this.server.bind();
    this.server.start();
  }

  get port(): number {
    return this.server.listeners[0]!.port;
  }

  connect(): Promise<Client> {
    return Client.connect(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop(1_000);
  }
}

/** A plain socket that reads frames. */
class Client implements Disposable {
  #rest = new Uint8Array(0);

  constructor(readonly socket: Deno.TcpConn) {}

  static async connect(port: number): Promise<Client> {
    return new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  async send(...parts: Uint8Array[]): Promise<void> {
    for (let rest = concat(parts); rest.length > 0;) {
      rest = rest.subarray(await this.socket.write(rest));
    }
  }

  /** Exactly `byteCount` bytes, or null when the server closes before. */
  async bytes(byteCount: number): Promise<Uint8Array | null> {
    while (this.#rest.length < byteCount) {
      const chunk = new Uint8Array(64 * 1024);
      const read = await this.socket.read(chunk).catch(() => null);
      if (read === null) return null;
      this.#rest = concat([this.#rest, chunk.subarray(0, read)]);
    }
    const bytes = this.#rest.subarray(0, byteCount);
    this.#rest = this.#rest.subarray(byteCount);
    return bytes;
  }

  async frame(): Promise<Uint8Array | null> {
    const length = await this.bytes(4);
    return length === null
      ? null
      : await this.bytes(new DataView(length.slice().buffer).getInt32(0));
  }

  /** The correlation id of the next answer, null when the server closes. */
  async correlationId(): Promise<number | null> {
    const frame = await this.frame();
    return frame === null ? null : new DataView(frame.slice().buffer).getInt32(0);
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function heartbeatFrame(correlationId: number, groupId = "g"): Uint8Array {
  const body = make(heartbeat.request, { groupId });
  const { parts } = encodeRequest(heartbeat, 4, { correlationId, clientId: "test" }, body);
  return concat(parts as Uint8Array[]);
}

function fetchFrame(correlationId: number): Uint8Array {
  const body = make(fetch.request, {});
  const { parts } = encodeRequest(fetch, 12, { correlationId, clientId: null }, body);
  return concat(parts as Uint8Array[]);
}

type HeartbeatHandle = (
  groupId: string,
  context: HandlerContext,
) => number | null | Promise<number>;

/** Answers heartbeats with the code that `handle` gives. */
function heartbeats(handle: HeartbeatHandle = () => 0): AnyHandler {
  return handler({
    api: heartbeat,
    versions: [0, 4],
    listeners: ["broker"],
    handle({ groupId }, context) {
      const code = handle(groupId, context);
      if (code === null) return null;
      if (typeof code === "number") return { throttleTimeMs: 0, errorCode: code };
      return code.then((errorCode) => ({ throttleTimeMs: 0, errorCode }));
    },
    failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode }),
  });
}

Deno.test("a frame that arrives byte by byte is answered", async () => {
  await using server = new TestServer([heartbeats(() => 27)]);
  using client = await server.connect();
  for (const byte of heartbeatFrame(7)) await client.send(new Uint8Array([byte]));
  const { correlationId, body } = decodeResponse(heartbeat, 4, (await client.frame())!);
  assertEquals([correlationId, body.errorCode], [7, 27]);
});

Deno.test("pipelined requests are taken up one at a time and answered in their order", async () => {
  const held: (() => void)[] = [];
  const taken: string[] = [];
  await using server = new TestServer([heartbeats((groupId) => {
    taken.push(groupId);
    if (groupId !== "slow") return 0;
    return new Promise((resolve) => held.push(() => resolve(0)));
  })]);
  using client = await server.connect();
  const frames = Array.from({ length: 50 }, (_, id) => heartbeatFrame(id, `${id}`));
  frames.splice(20, 0, heartbeatFrame(100, "slow"));
  await client.send(...frames);
  for (let id = 0; id < 20; id++) assertEquals(await client.correlationId(), id);
  assertEquals(taken.length, 21, "nothing behind the slow request was taken up");
  held[0]!();
  assertEquals(await client.correlationId(), 100);
  for (let id = 20; id < 50; id++) assertEquals(await client.correlationId(), id);
});

Deno.test("frames of every size around the buffers' come through whole", async () => {
  const lengths: number[] = [];
  await using server = new TestServer([heartbeats((groupId) => {
    lengths.push(groupId.length);
    return 0;
  })]);
  using client = await server.connect();
  const sizes = [1, 900, 1_000, 1_100, 2_000, 20_000, 32_000, 5, 32_767, 1];
  await client.send(...sizes.flatMap((size, id) => heartbeatFrame(id, "x".repeat(size))));
  for (const id of sizes.keys()) assertEquals(await client.correlationId(), id);
  assertEquals(lengths, sizes);
});

Deno.test("a length that is negative, too large or another protocol's closes, with one line", async () => {
  const cases: [string, Uint8Array][] = [
    ["Frame of -1 bytes", new Uint8Array([255, 255, 255, 255])],
    ["Frame of 2147483647 bytes", new Uint8Array([127, 255, 255, 255])],
    ["Frame of 1048577 bytes; allowed are 0 to 1048576", new Uint8Array([0, 16, 0, 1])],
    ["Cannot decode the header of a request", new Uint8Array([0, 0, 0, 0])],
    ["it speaks HTTP", new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")],
    ["it speaks TLS", new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])],
  ];
  for (const [line, bytes] of cases) {
    await using server = new TestServer([heartbeats()]);
    using client = await server.connect();
    await client.send(bytes);
    assertEquals(await client.frame(), null);
    await server.log.until(line);
    assertEquals(server.log.lines.length, 1, server.log.lines.join());
  }
});

Deno.test("what was asked before a bad frame is answered before the connection closes", async () => {
  await using server = new TestServer([heartbeats()]);
  using client = await server.connect();
  await client.send(heartbeatFrame(1), heartbeatFrame(2), new Uint8Array([255, 0, 0, 0]));
  assertEquals(await client.correlationId(), 1);
  assertEquals(await client.correlationId(), 2);
  assertEquals(await client.correlationId(), null);
});

Deno.test("an api or version that is not served closes; ApiVersions tells its range", async () => {
  const apis = handler({
    api: apiVersions,
    versions: [0, 4],
    listeners: ["broker"],
    handle: (_request, context) => make(apiVersions.response, { apiKeys: [...context.apis] }),
    unsupported: (context) =>
      make(apiVersions.response, { errorCode: 35, apiKeys: [...context.apis] }),
  });
  await using server = new TestServer([apis, heartbeats()]);
  const header = (key: number, version: number) =>
    new Uint8Array([0, 0, 0, 11, key >> 8, key, version >> 8, version, 0, 0, 0, 9, 255, 255, 0]);
  for (const [key, version] of [[999, 0], [-1, 0], [1, 12], [12, 5], [12, -1]] as const) {
    using client = await server.connect();
    await client.send(header(key, version));
    assertEquals(await client.frame(), null, `api ${key} version ${version}`);
  }
  using client = await server.connect();
  await client.send(header(18, 90));
  const { correlationId, body } = decodeResponse(apiVersions, 0, (await client.frame())!);
  assertEquals([correlationId, body.errorCode], [9, 35]);
  assertEquals(body.apiKeys, [
    { apiKey: 12, minVersion: 0, maxVersion: 4 },
    { apiKey: 18, minVersion: 0, maxVersion: 4 },
  ]);
});

Deno.test("a handler that throws is answered by its api's error, and the log says why", async () => {
  await using server = new TestServer([heartbeats((groupId) => {
    if (groupId === "now") throw new Error("boom");
    return groupId === "late" ? Promise.reject(new Error("boom")) : 0;
  })]);
  using client = await server.connect();
  for (const [id, groupId, code] of [[1, "now", -1], [2, "late", -1], [3, "fine", 0]] as const) {
    await client.send(heartbeatFrame(id, groupId));
    const { correlationId, body } = decodeResponse(heartbeat, 4, (await client.frame())!);
    assertEquals([correlationId, body.errorCode], [id, code]);
  }
  assertEquals(server.log.lines, ["Heartbeat request failed", "Heartbeat request failed"]);
});

Deno.test("close() lets earlier answers out and nothing after", async () => {
  await using server = new TestServer([heartbeats((groupId, { connection }) => {
    if (groupId !== "last") return 0;
    connection.close("enough");
    return null;
  })]);
  using client = await server.connect();
  await client.send(heartbeatFrame(1), heartbeatFrame(2, "last"), heartbeatFrame(3));
  assertEquals(await client.correlationId(), 1);
  assertEquals(await client.correlationId(), null);
  await server.log.until("enough");
});

Deno.test("a slow reader is held by backpressure: its answer is read from disk as it takes it", async () => {
  const sizeBytes = 256 * 1024 * 1024;
  let readTo = 0;
  const source: RecordsSource = {
    sizeBytes,
    read(buffer, from) {
      buffer.fill(from / (1024 * 1024));
      readTo = from + buffer.length;
    },
  };
  const partition = { partitionIndex: 0, records: source };
  const fetches = handler({
    api: fetch,
    versions: [4, 18],
    listeners: ["broker"],
    handle: () => {
      const response = make(fetch.response, { responses: [{ topic: "t", partitions: [{}] }] });
      Object.assign(response.responses[0]!.partitions[0]!, partition);
      return response;
    },
  });
  await using server = new TestServer([fetches]);
  using client = await server.connect();
  await client.send(fetchFrame(1), fetchFrame(2));
  const frameBytes = new DataView((await client.bytes(4))!.slice().buffer).getInt32(0);
  assert(frameBytes > sizeBytes);
  const before = readTo;
  // Other connections go on meanwhile, and nothing more is read for this one.
  using other = await server.connect();
  await other.send(fetchFrame(3));
  assert(await other.bytes(1024 * 1024) !== null);
  assert(before < 32 * 1024 * 1024, `${before} bytes were read ahead`);
  let left = frameBytes;
  const chunk = new Uint8Array(1024 * 1024);
  const buffered = (await client.bytes(16))!.length;
  left -= buffered;
  while (left > 4 * 1024 * 1024) {
    left -= (await client.socket.read(chunk.subarray(0, Math.min(chunk.length, left))))!;
  }
});

Deno.test("connections above the limit of their address are closed at once", async () => {
  const connections = { ...LIMITS.connections, perIpMax: 2 };
  await using server = new TestServer([heartbeats()], { connections });
  const first = await server.connect();
  using second = await server.connect();
  for (const client of [first, second]) {
    await client.send(heartbeatFrame(1));
    assertEquals(await client.correlationId(), 1);
  }
  {
    using third = await server.connect();
    assertEquals(await third.frame(), null);
  }
  first.socket.close();
  for (;;) {
    using again = await server.connect();
    await again.send(heartbeatFrame(2)).catch(() => {});
    if (await again.correlationId() === 2) break;
  }
  assert(server.server.counters.connectionsRefused >= 1);
});

Deno.test("connections above max.connections wait for one to close", async () => {
  const connections = { ...LIMITS.connections, connectionsMax: 1 };
  await using server = new TestServer([heartbeats()], { connections });
  const first = await server.connect();
  await first.send(heartbeatFrame(1));
  assertEquals(await first.correlationId(), 1);
  using second = await server.connect();
  await second.send(heartbeatFrame(2));
  const answer = second.correlationId();
  await first.send(heartbeatFrame(3));
  assertEquals(await first.correlationId(), 3);
  assertEquals(server.server.counters.connectionsAccepted, 1);
  first.socket.close();
  assertEquals(await answer, 2);

  using third = await server.connect();
  await third.send(heartbeatFrame(4));
  const later = third.correlationId();
  server.server.updateConnectionLimits({ ...connections, connectionsMax: 2 });
  assertEquals(await later, 4, "the limit rose");
});

Deno.test("idle connections are closed, those that wait for an answer are not", async () => {
  const held: (() => void)[] = [];
  const waits: HeartbeatHandle = () => new Promise((resolve) => held.push(() => resolve(0)));
  await using server = new TestServer([heartbeats(waits)], { connectionIdleMs: 100 });
  using idle = await server.connect();
  using waiting = await server.connect();
  await waiting.send(heartbeatFrame(1));
  const startMs = performance.now();
  assertEquals(await idle.frame(), null);
  const tookMs = performance.now() - startMs;
  assert(tookMs > 60 && tookMs < 2_000, `closed after ${tookMs} ms`);
  held[0]!();
  assertEquals(await waiting.correlationId(), 1);
  assertEquals(await waiting.frame(), null, "idle since its answer");
});

Deno.test("stop() lets requests under way be answered and closes the others", async () => {
  const held: (() => void)[] = [];
  const server = new TestServer([
    heartbeats(() => new Promise((resolve) => held.push(() => resolve(0)))),
  ]);
  using idle = await server.connect();
  using busy = await server.connect();
  await busy.send(heartbeatFrame(1));
  while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const stopped = server.server.stop(10_000);
  assertEquals(await idle.frame(), null);
  held[0]!();
  assertEquals(await busy.correlationId(), 1);
  assertEquals(await busy.frame(), null);
  await stopped;
  assertEquals(server.server.counters.connectionsOpen, 0);
});

Deno.test("what waits for an answer is cancelled when the drain time is over", async () => {
  let cancelled = 0;
  const server = new TestServer([
    heartbeats((_groupId, { connection }) =>
      new Promise((resolve) =>
        connection.onClose(() => {
          cancelled++;
          resolve(0);
        })
      )
    ),
  ]);
  using client = await server.connect();
  await client.send(heartbeatFrame(1));
  while (server.server.counters.requests === 0) await new Promise((r) => setTimeout(r, 1));
  await server.server.stop(10);
  assertEquals(cancelled, 1);
  assertEquals(await client.frame(), null);
});
