import { assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { bodyChunks, readBody, readJson } from "./body.ts";
import type { App } from "./app.ts";
import { answer, exchange, RawConnection, request, serving } from "./harness_test.ts";

const LIMIT = 10_000;

function routes(app: App): void {
  app.on(["GET", "POST"], "/size", async (c) => {
    return c.json({ size: (await readBody(c, LIMIT)).length });
  });
  app.on(["GET", "POST", "DELETE"], "/json", async (c) => {
    return c.json({ value: await readJson(c, LIMIT) ?? "nothing" });
  });
  app.post("/chunks", async (c) => {
    let size = 0;
    for await (const chunk of bodyChunks(c, LIMIT)) size += chunk.length;
    return c.json({ size });
  });
  app.post("/first", async (c) => {
    for await (const chunk of bodyChunks(c)) return c.json({ size: chunk.length });
    return c.json({ size: 0 });
  });
  app.post("/unread", (c) => c.json({ size: null }));
}

function chunked(path: string, sizes: readonly number[], method = "POST"): string {
  const chunks = [...sizes, 0].map((size) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`);
  return `${method} ${path} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n${
    chunks.join("")
  }`;
}

const NEXT = request("GET /json");

Deno.test("a GET may have a body, with a length and in chunks, and the next request follows", async () => {
  await using server = await serving(routes);
  const sized = await exchange(
    server,
    `GET /size HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc${NEXT}`,
  );
  assertStringIncludes(sized, '{"size":3}');
  assertStringIncludes(sized, '{"value":"nothing"}');
  const inChunks = await exchange(server, chunked("/size", [5, 7], "GET") + NEXT);
  assertStringIncludes(inChunks, '{"size":12}');
  assertStringIncludes(inChunks, '{"value":"nothing"}');
});

Deno.test("a request without a body has none, whatever the method", async () => {
  await using server = await serving(routes);
  for (const method of ["GET", "POST", "DELETE"]) {
    const { body } = await answer(`${server.url}/json`, { method });
    assertEquals(body, { value: "nothing" });
  }
});

Deno.test("a body of the limit is read, one byte more is 413", async () => {
  await using server = await serving(routes);
  for (const path of ["/size", "/chunks"]) {
    const post = (size: number) =>
      answer(`${server.url}${path}`, { method: "POST", body: "x".repeat(size) });
    assertEquals((await post(LIMIT)).body, { size: LIMIT });
    const { status, body } = await post(LIMIT + 1);
    assertEquals(status, 413);
    assertEquals(body, {
      error_code: 413,
      message: "The body is larger than the 10000 bytes that are allowed",
    });
  }
});

Deno.test("a body in chunks past the limit is 413, and the connection goes on", async () => {
  await using server = await serving(routes);
  for (const path of ["/size", "/chunks"]) {
    for (const method of ["POST", "GET"]) {
      if (path === "/chunks" && method === "GET") continue;
      const text = await exchange(server, chunked(path, Array(8).fill(5000), method) + NEXT);
      assertStringIncludes(text, "HTTP/1.1 413");
      assertStringIncludes(text, '{"value":"nothing"}', `${method} ${path}`);
    }
  }
});

Deno.test("a body that nobody reads does not keep the next request from its answer", async () => {
  await using server = await serving(routes);
  for (const path of ["/unread", "/first"]) {
    const text = await exchange(server, chunked(path, Array(100).fill(50_000)) + NEXT);
    assertStringIncludes(text, "HTTP/1.1 200");
    assertStringIncludes(text, '{"value":"nothing"}', path);
  }
});

Deno.test("a client that goes on with a refused body loses its connection, after its answer", async () => {
  await using server = await serving(routes);
  using connection = await RawConnection.open(server);
  await connection.send("POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000000\r\n\r\nabc");
  assertStringIncludes(await connection.receive(), "HTTP/1.1 413");
});

Deno.test("gzip is undone, within the limit", async () => {
  await using server = await serving(routes);
  const headers = { "Content-Encoding": "gzip" };
  const post = (path: string, body: Uint8Array<ArrayBuffer>) =>
    answer(`${server.url}${path}`, { method: "POST", headers, body });
  const packed = (text: string) => new Uint8Array(gzipSync(text));
  assertEquals((await post("/json", packed('{"a":1}'))).body, { value: { a: 1 } });
  for (const path of ["/size", "/chunks"]) {
    assertEquals((await post(path, packed("x".repeat(LIMIT)))).body, { size: LIMIT });
    assertEquals((await post(path, packed("x".repeat(LIMIT + 1)))).status, 413);
    assertEquals((await post(path, packed("0".repeat(5_000_000)))).status, 413);
    const whole = packed(crypto.randomUUID().repeat(100));
    for (const broken of [whole.subarray(0, whole.length - 12), new Uint8Array(500)]) {
      const { status, body } = await post(path, broken.slice());
      assertEquals(status, 400);
      assertEquals(body, { error_code: 400, message: "The body is no gzip or broke off" });
    }
  }
});

Deno.test("another Content-Encoding is 415", async () => {
  await using server = await serving(routes);
  const headers = { "Content-Encoding": "br" };
  const { status, body } = await answer(`${server.url}/json`, {
    method: "POST",
    headers,
    body: "1",
  });
  assertEquals(status, 415);
  const message = 'Content-Encoding is "br"; allowed: gzip, identity';
  assertEquals(body, { error_code: 415, message });
});

Deno.test("what is no JSON is 400", async () => {
  await using server = await serving(routes);
  const bodies = ["{", "nope", "[".repeat(9000), '{"a":1}x', new Uint8Array([0x22, 0xff, 0x22])];
  for (const body of bodies) {
    const { status } = await answer(`${server.url}/json`, { method: "POST", body });
    assertEquals(status, 400);
  }
});

Deno.test("a client that goes away in the middle of a body harms nobody", async () => {
  await using server = await serving(routes);
  for (const path of ["/size", "/chunks", "/json"]) {
    using connection = await RawConnection.open(server);
    await connection.send(`POST ${path} HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nabc`);
  }
  assertEquals((await answer(`${server.url}/json`)).status, 200);
  assertEquals(server.logged, []);
});
