/** Bytes that are no requests close their own connection and harm nobody else. */
import { assert, assertEquals } from "@std/assert";
import { SeededPrng } from "../../broker/base/mod.ts";
import { Connection } from "../wire/connection.ts";
import { isForeignTarget, openTarget, type Target } from "../wire/target.ts";
import { Asker } from "./asking.ts";

const CLOSING_MS_MAX = 5000;
/** What a broker may take more for hostile bytes than for honest ones. */
const MEMORY_BYTES_MAX = 200 * 2 ** 20;

async function answersStill(target: Target): Promise<void> {
  const asker = new Asker(target);
  const { errorCode } = await asker.ask({ api: "ApiVersions", version: 0 });
  assertEquals(errorCode, 0, "it answers");
  await asker.end();
}

/** Sends bytes on a connection of its own; what came back. */
async function send(target: Target, bytes: Uint8Array): Promise<"answered" | "closed" | "timeout"> {
  const connection = await Connection.open(target.host, target.port);
  await connection.send(bytes);
  const received = await connection.receive(CLOSING_MS_MAX);
  await connection.close();
  return "frame" in received ? "answered" : received.result;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function framed(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setInt32(0, body.length);
  frame.set(body, 4);
  return frame;
}

const CLOSING: readonly [what: string, bytes: Uint8Array][] = [
  ["an HTTP request", text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  [
    "a TLS hello",
    Uint8Array.fromHex("16030102000100 01fc0303".replaceAll(" ", "") + "00".repeat(64)),
  ],
  ["an SSH greeting", text("SSH-2.0-OpenSSH_9.6\r\n")],
  ["a length of 2 GiB", Uint8Array.fromHex("7fffffff00120000")],
  ["a negative length", Uint8Array.fromHex("80000000")],
  ["a length of zero", Uint8Array.fromHex("00000000")],
  ["an unknown API key", framed(Uint8Array.fromHex("7fff000000000001ffff"))],
  ["an unknown version", framed(Uint8Array.fromHex("0003006400000001ffff"))],
  ["a client id past the end", framed(Uint8Array.fromHex("00120000000000017000aa"))],
  ["an array of 2^31 - 1 topics", framed(Uint8Array.fromHex("0003000100000001ffff7fffffff"))],
];

for (const [what, bytes] of CLOSING) {
  Deno.test(`${what} closes the connection`, async () => {
    await using target = await openTarget({});
    assertEquals(await send(target, bytes), "closed");
    await answersStill(target);
  });
}

Deno.test("random frames are answered or closed, and the broker goes on", async () => {
  await using target = await openTarget({});
  const random = new SeededPrng(20261125);
  const before = Deno.memoryUsage().rss;
  const sends: Promise<unknown>[] = [];
  for (let n = 0; n < 300; n++) {
    const body = new Uint8Array(random.uint32() % 200);
    for (let at = 0; at < body.length; at++) body[at] = random.uint32();
    // Most get a key and version that exist, so that their garbage reaches the decoders.
    if (n % 4 !== 0 && body.length > 4) body.set([0, random.uint32() % 80, 0, n % 4]);
    sends.push(send(target, framed(body)).catch(() => {}));
    if (sends.length === 30) await Promise.all(sends.splice(0));
  }
  await Promise.all(sends);
  await answersStill(target);
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < MEMORY_BYTES_MAX, `${grown} bytes more memory`);
});

Deno.test("half frames, in pieces or left alone, hold nobody up", async () => {
  await using target = await openTarget({});
  const request = framed(Uint8Array.fromHex("001200000000000affff"));
  const slow = await Connection.open(target.host, target.port);
  for (const byte of request.subarray(0, -1)) await slow.send(new Uint8Array([byte]));
  const left = await Promise.all(Array.from({ length: 50 }, async () => {
    const connection = await Connection.open(target.host, target.port);
    await connection.send(Uint8Array.fromHex("0000100000120000"));
    return connection;
  }));
  await answersStill(target);
  await slow.send(request.subarray(-1));
  assert("frame" in await slow.receive(CLOSING_MS_MAX), "the last byte completes the request");
  await Promise.all([slow, ...left].map((connection) => connection.close()));
  await answersStill(target);
});

/** Not asked of a foreign broker: Apache Kafka sets all of it aside, and does not survive. */
Deno.test({
  name: "frames announced large cost no memory until their bytes come",
  ignore: isForeignTarget(),
  fn: announcedFrames,
});

async function announcedFrames(): Promise<void> {
  await using target = await openTarget({});
  const before = Deno.memoryUsage().rss;
  const connections = await Promise.all(Array.from({ length: 100 }, async () => {
    const connection = await Connection.open(target.host, target.port);
    // 96 MiB are announced, which is allowed, and a few bytes sent.
    await connection.send(Uint8Array.fromHex("0600000000120000"));
    return connection;
  }));
  await answersStill(target);
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < MEMORY_BYTES_MAX, `${grown} bytes more memory`);
  await Promise.all(connections.map((connection) => connection.close()));
}

Deno.test("many requests in one write are answered in their order", async () => {
  await using target = await openTarget({});
  const connection = await Connection.open(target.host, target.port);
  const requests = Array.from({ length: 200 }, (_, id) => {
    const body = Uint8Array.fromHex("0012000000000000ffff");
    new DataView(body.buffer).setInt32(4, id);
    return framed(body);
  });
  const all = new Uint8Array(requests.reduce((size, request) => size + request.length, 0));
  requests.forEach((request, index) => all.set(request, index * request.length));
  await connection.send(all);
  for (let id = 0; id < requests.length; id++) {
    const received = await connection.receive(CLOSING_MS_MAX);
    assert("frame" in received, `answer ${id}`);
    assertEquals(new DataView(received.frame.buffer).getInt32(0), id, "correlation id");
  }
  await connection.close();
});
