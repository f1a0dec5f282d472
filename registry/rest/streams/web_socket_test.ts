import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { write } from "./stream_asking_test.ts";
import { withProxy } from "./proxy_world_test.ts";

const encoder = new TextEncoder();

Deno.test("a WebSocket tells the same as messages, and takes up where another stream was", async () => {
  await withProxy({ limits: { heartbeatMs: 50 } }, async (proxy) => {
    await proxy.topic("t");
    await write(proxy, "t", ["1", "2"]);
    const url = `${proxy.cluster.replace("http", "ws")}/topics/t/records:stream`;
    const socket = new SocketClient(`${url}?from=earliest`);
    assertEquals(await socket.next(), { event: "start", id: "0", data: null });
    const [first, second] = [await socket.next(), await socket.next()];
    assertEquals([first.id, first.data.value.data, second.id], ["1", 1, "2"]);
    socket.close();
    await write(proxy, "t", ["3"]);
    const resumed = new SocketClient(`${url}?last_event_id=${first.id}`);
    assertEquals((await resumed.next()).id, "1");
    assertEquals([(await resumed.next()).data.offset, (await resumed.next()).data.offset], [1, 2]);
    const stopped = proxy.stop();
    assertEquals(await resumed.next(), {
      event: "end",
      id: "3",
      data: { reason: "the server stops" },
    });
    assertEquals(await resumed.closed, 1001);
    await stopped;
    assertEquals(proxy.errors, []);
  });
});

Deno.test("a WebSocket is refused to pages of other origins, and where a stream would be", async () => {
  await withProxy({
    settings: { "access.control.allow.origin": "https://friend.example" },
  }, async (proxy) => {
    await proxy.topic("t");
    const path = new URL(`${proxy.cluster}/topics/t/records:stream`);
    async function upgrade(query: string, headers: string): Promise<string> {
      const socket = await Deno.connect({ hostname: path.hostname, port: Number(path.port) });
      await socket.write(encoder.encode(
        `GET ${path.pathname}${query} HTTP/1.1\r\nHost: ${path.host}\r\nConnection: Upgrade\r\n` +
          `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
          `Sec-WebSocket-Key: ${
            Buffer.from("0123456789abcdef").toString("base64")
          }\r\n${headers}\r\n`,
      ));
      const bytes = new Uint8Array(4096);
      const count = await socket.read(bytes);
      socket.close();
      return new TextDecoder().decode(bytes.subarray(0, count ?? 0)).split(" ")[1]!;
    }
    assertEquals(await upgrade("", ""), "101");
    assertEquals(await upgrade("", `Origin: http://${path.host}\r\n`), "101");
    assertEquals(await upgrade("", "Origin: https://friend.example\r\n"), "101");
    assertEquals(await upgrade("", "Origin: https://evil.example\r\n"), "403");
    assertEquals(await upgrade("", "Origin: null\r\n"), "403");
    assertEquals(await upgrade("?from=never", ""), "400");
  });
});

/** Messages of a WebSocket one by one. */
class SocketClient {
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #messages: string[] = [];
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => {
      this.#messages.push(data);
      this.#wake();
    };
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code }) => {
        this.#isClosed = true;
        resolve(code);
        this.#wake();
      };
    });
  }

  // deno-lint-ignore no-explicit-any
  async next(): Promise<any> {
    while (this.#messages.length === 0) {
      if (this.#isClosed) throw new Error("The socket is closed");
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return JSON.parse(this.#messages.shift()!);
  }

  close(): void {
    this.#socket.close();
  }
}
