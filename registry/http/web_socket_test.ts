import { assertEquals, assertStringIncludes } from "@std/assert";
import type { App } from "./app.ts";
import { exchange, request, serving, temporaryFile } from "./harness_test.ts";
import { hashPassword } from "./passwords.ts";
import { acceptWebSocket, isWebSocketRequest } from "./web_socket.ts";

function routes(app: App): void {
  app.get("/both/:name", (c) => {
    const name = c.req.param("name");
    if (!isWebSocketRequest(c)) return c.json({ name });
    return acceptWebSocket(c, (socket) => {
      socket.send(`hello ${name}`);
      socket.on("message", (data) => socket.send(`you said ${data}`));
    });
  });
  app.get("/only", (c) => acceptWebSocket(c, (socket) => socket.close()));
}

const UPGRADE = {
  "Connection": "Upgrade",
  "Upgrade": "websocket",
  "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
  "Sec-WebSocket-Version": "13",
};

function next(socket: WebSocket, type: "message" | "close"): Promise<MessageEvent & CloseEvent> {
  return new Promise((resolve) =>
    socket.addEventListener(type, (event) => resolve(event as MessageEvent & CloseEvent), {
      once: true,
    })
  );
}

Deno.test("a route answers as a WebSocket who asks for one, as HTTP who does not", async () => {
  await using server = await serving(routes);
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/both/ana`);
  assertEquals((await next(socket, "message")).data, "hello ana");
  socket.send("x");
  assertEquals((await next(socket, "message")).data, "you said x");
  const closed = next(socket, "close");
  socket.close();
  await closed;
  assertStringIncludes(await exchange(server, request("GET /both/ana")), '{"name":"ana"}');
  assertStringIncludes(await exchange(server, request("GET /only")), "HTTP/1.1 426 ");
});

Deno.test("a request for a WebSocket that is refused gets the answer of the app", async () => {
  await using users = await temporaryFile(`ana:read:${await hashPassword("x")}`);
  await using server = await serving(routes, {
    overrides: ["authentication.method=BASIC", `authentication.users.file=${users.path}`],
  });
  const refused = await exchange(server, request("GET /both/a", UPGRADE));
  assertStringIncludes(refused, "HTTP/1.1 401 ");
  assertStringIncludes(refused, '"error_code":40101');
  assertStringIncludes(refused.toLowerCase(), "\r\nwww-authenticate: basic");
  const authorized = { ...UPGRADE, Authorization: `Basic ${btoa("ana:x")}` };
  const lost = await exchange(server, request("GET /nowhere", authorized));
  assertStringIncludes(lost, "HTTP/1.1 404 ");
  assertStringIncludes(lost, '"error_code":404');
  const unversioned = { ...authorized, "Sec-WebSocket-Version": "7" };
  assertStringIncludes(await exchange(server, request("GET /both/a", unversioned)), "HTTP/1.1 4");
});

Deno.test("stop() says goodbye on WebSockets and ends those that don't listen", async () => {
  const server = await serving(routes, { server: { drainMs: 200 } });
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/both/ana`);
  await next(socket, "message");
  const closed = next(socket, "close");
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode(request("GET /both/deaf", UPGRADE)));
  await connection.read(new Uint8Array(1000));
  await server.stop();
  assertEquals((await closed).code, 1001);
  connection.close();
});
