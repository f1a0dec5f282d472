/** Limits of connections and requests hold, and slow readers cost no memory. */
import { assert, assertEquals } from "@std/assert";
import { Connection } from "../wire/connection.ts";
import { encodeBody } from "../wire/body_json.ts";
import { fetch } from "../../broker/protocol/mod.ts";
import { isForeignTarget, openTarget, type Target } from "../wire/target.ts";
import { Asker } from "./asking.ts";

const WAIT_MS = 5000;
const MEMORY_BYTES_MAX = 150 * 2 ** 20;
const API_VERSIONS = Uint8Array.fromHex("0000000a001200000000000affff");

async function isServed(connection: Connection): Promise<boolean> {
  await connection.send(API_VERSIONS);
  return "frame" in await connection.receive(WAIT_MS);
}

async function open(target: Target, count: number): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (let n = 0; n < count; n++) connections.push(await Connection.open(target.host, target.port));
  return connections;
}

async function closeAll(connections: readonly Connection[]): Promise<void> {
  await Promise.all(connections.map((connection) => connection.close()));
}

/** A limit is a property, so it can be tried on a broker of our own alone. */
function test(name: string, body: () => Promise<void>): void {
  Deno.test({ name, ignore: isForeignTarget(), fn: body });
}

test("max.connections.per.ip closes those above it", async () => {
  await using target = await openTarget({ "max.connections.per.ip": "3" });
  const connections = await open(target, 3);
  for (const connection of connections) assert(await isServed(connection), "within the limit");
  const [above] = await open(target, 1);
  assertEquals(await isServed(above!), false, "above it");
  await connections.pop()!.close();
  // The broker sees the close a moment later.
  let served = false;
  for (let tries = 0; tries < 100 && !served; tries++) {
    const [next] = await open(target, 1);
    served = await isServed(next!);
    await next!.close();
  }
  assert(served, "there is room again");
  await closeAll([above!, ...connections]);
});

for (const option of ["max.connections", "listener.name.plaintext.max.connections"]) {
  test(`${option} lets those above it wait until one closes`, async () => {
    await using target = await openTarget({ [option]: "2" });
    const connections = await open(target, 2);
    for (const connection of connections) assert(await isServed(connection), "within the limit");
    const [waiting] = await open(target, 1);
    const served = isServed(waiting!);
    const others = [isServed(connections[0]!), isServed(connections[1]!)];
    assert(await Promise.race([served.then(() => false), Promise.all(others).then(() => true)]));
    await connections[0]!.close();
    assert(await served, "there is room again");
    await closeAll([waiting!, connections[1]!]);
  });
}

test("connections.max.idle.ms closes a connection that is silent", async () => {
  await using target = await openTarget({ "connections.max.idle.ms": "300" });
  const [idle] = await open(target, 1);
  assert(await isServed(idle!), "at first");
  assertEquals(await idle!.receive(WAIT_MS), { result: "closed" });
  await idle!.close();
});

test("socket.request.max.bytes closes on a larger request", async () => {
  await using target = await openTarget({ "socket.request.max.bytes": "1000" });
  const [small, large] = await open(target, 2);
  assert(await isServed(small!), "within the limit");
  await large!.send(Uint8Array.fromHex("000003e900120000"));
  assertEquals(await large!.receive(WAIT_MS), { result: "closed" });
  await closeAll([small!, large!]);
});

test("a reader that takes nothing is held back, not kept in memory", async () => {
  await using target = await openTarget({});
  const asker = new Asker(target);
  await asker.createTopic("slow");
  const value = { repeat: "x", times: 900_000 };
  for (let n = 0; n < 20; n++) await asker.produce("slow", { records: [{ value }] });
  const body = encodeBody(fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    topics: [{
      topic: "slow",
      partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 50_000_000 }],
    }],
  });
  const header = Uint8Array.fromHex("0001000c00000001ffff00");
  const frame = new Uint8Array(4 + header.length + body.length);
  new DataView(frame.buffer).setInt32(0, frame.length - 4);
  frame.set(header, 4);
  frame.set(body, 4 + header.length);
  const before = Deno.memoryUsage().rss;
  // Each of the connections asks for 18 MB four times and reads nothing.
  const sockets: Deno.TcpConn[] = [];
  for (let n = 0; n < 20; n++) {
    const socket = await Deno.connect({ hostname: target.host, port: target.port });
    sockets.push(socket);
    for (let times = 0; times < 4; times++) await socket.write(frame);
  }
  const { end } = await asker.offsets("slow");
  assertEquals(end, 20, "others are served");
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < MEMORY_BYTES_MAX, `${grown} bytes more memory`);
  for (const socket of sockets) socket.close();
  assertEquals((await asker.readAll("slow")).length, 20);
  await asker.end();
});
