import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { stream, streamSSE } from "hono/streaming";
import { bodyChunks } from "./body.ts";
import { answer, exchange, RawConnection, request, serving } from "./harness_test.ts";
import { createApp } from "./app.ts";
import { parseHttpListener, startHttp } from "./server.ts";

const quiet = { error() {} };

/** `error_code` and the status line of an answer as text. */
function refusal(text: string): { readonly line: string; readonly code: unknown } {
  const [head = "", body = "{}"] = text.split("\r\n\r\n");
  return { line: head.split("\r\n")[0]!, code: JSON.parse(body)["error_code"] };
}

Deno.test("what is no HTTP is 400 in the form of all errors, and the connection closes", async () => {
  await using server = await serving(() => {});
  const cases = [
    "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + "\0".repeat(50),
    "FOO BAR BAZ\r\n\r\n",
    "GET / HTTP/9.1\r\nHost: t\r\n\r\n",
    "GET / HTTP/1.1\r\nHost t\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: abc\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ];
  for (const text of cases) {
    const { line, code } = refusal(await exchange(server, text));
    assertEquals([line, code], ["HTTP/1.1 400 Bad Request", 400], JSON.stringify(text));
  }
});

Deno.test("a head that is too large is 431", async () => {
  await using server = await serving(() => {});
  const text = await exchange(server, request("GET /", { "X-Much": "a".repeat(33_000) }));
  assertEquals(refusal(text), { line: "HTTP/1.1 431 Request Header Fields Too Large", code: 431 });
});

Deno.test("targets that make no sense are 400, odd ones 404, none harms", async () => {
  await using server = await serving((app) => app.get("/a/:x", (c) => c.json(c.req.param("x"))));
  const statusOf = async (target: string, host = "t") =>
    Number((await exchange(server, request(`GET ${target}`, { Host: host }))).split(" ")[1]);
  assertEquals(await statusOf("*"), 400);
  assertEquals(await statusOf("/", "a b/c"), 400);
  assertEquals(await statusOf("/\\"), 400);
  for (
    const target of ["/../../etc/passwd", "/%2e%2e/x", "/%00", "//", "/%", "/a/b/../../..", "/a/"]
  ) {
    assertEquals(await statusOf(target), 404, target);
  }
  for (
    const target of [
      "/a/%zz",
      "/a/%00",
      "/a/%ff%fe",
      "/a/..%2f..%2f",
      `/a/${"x".repeat(10_240)}`,
      "/a/%",
    ]
  ) {
    assertEquals(await statusOf(target), 200, target);
  }
});

Deno.test("parameters are decoded, slashes and colons too", async () => {
  await using server = await serving((app) => app.get("/a/:x", (c) => c.json(c.req.param("x"))));
  assertEquals((await answer(`${server.url}/a/x%2Fy%3Az%C3%A4`)).body, "x/y:zä");
});

Deno.test("an expectation that is not known is 417, 100-continue is met", async () => {
  await using server = await serving((app) => app.post("/", (c) => c.json({})));
  const odd = await exchange(server, request("POST /", { Expect: "tea" }, "x"));
  assertEquals(refusal(odd), { line: "HTTP/1.1 417 Expectation Failed", code: 417 });
  using connection = await RawConnection.open(server);
  await connection.send(
    "POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
  );
  await connection.receive("100 Continue\r\n\r\n");
  await connection.send("abc");
  assertStringIncludes(await connection.receive("{}"), "HTTP/1.1 200 OK");
});

Deno.test("HTTP/1.0 without a Host is served", async () => {
  await using server = await serving((app) => app.get("/", (c) => c.json({ is: "here" })));
  assertStringIncludes(await exchange(server, "GET / HTTP/1.0\r\n\r\n"), '{"is":"here"}');
});

Deno.test("requests in a row on one connection are answered in order", async () => {
  await using server = await serving((app) => app.get("/:n", (c) => c.json(c.req.param("n"))));
  const rows = [1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: t\r\n\r\n`).join("");
  const text = await exchange(server, rows + request("GET /4"));
  assertEquals([...text.matchAll(/\r\n\r\n"(\d)"/g)].map(([, n]) => n), ["1", "2", "3", "4"]);
});

Deno.test("who offers h2c or TLS unasked is served by HTTP/1.1, body and all", async () => {
  await using server = await serving((app) =>
    app.post("/", async (c) => {
      let size = 0;
      for await (const chunk of bodyChunks(c)) size += chunk.length;
      return c.json({ size });
    })
  );
  for (const upgrade of ["h2c", "TLS/1.2"]) {
    using connection = await RawConnection.open(server);
    await connection.send(request("POST /", { Connection: "Upgrade", Upgrade: upgrade }, "abc"));
    assertStringIncludes(await connection.receive('{"size":3}'), "HTTP/1.1 200 OK");
  }
});

Deno.test("a body is read while its answer is written", async () => {
  await using server = await serving((app) =>
    app.post("/echo", (c) =>
      stream(c, async (out) => {
        for await (const chunk of bodyChunks(c)) await out.write(chunk);
      }))
  );
  using connection = await RawConnection.open(server);
  await connection.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const word of ["one", "two", "three"]) {
    await connection.send(`${word.length.toString(16)}\r\n${word}\r\n`);
    await connection.receive(`\r\n${word}\r\n`);
  }
  await connection.send("0\r\n\r\n");
  assertStringIncludes(await connection.receive("0\r\n\r\n"), "three");
});

Deno.test("a body that nobody reads holds its client back", async () => {
  const release = Promise.withResolvers<void>();
  await using server = await serving((app) =>
    app.post("/", async (c) => {
      await release.promise;
      let size = 0;
      for await (const chunk of bodyChunks(c, 1e9)) size += chunk.length;
      return c.json({ size });
    })
  );
  using connection = await RawConnection.open(server);
  const size = 50_000_000;
  await connection.send(`POST / HTTP/1.1\r\nHost: t\r\nContent-Length: ${size}\r\n\r\n`);
  const before = Deno.memoryUsage().rss;
  const sent = connection.send(new Uint8Array(size));
  // Another request's round trip: by then the first has sent what it can.
  for (let i = 0; i < 20; i++) await answer(`${server.url}/health`);
  assert(
    Deno.memoryUsage().rss - before < size * 2,
    "the body waits in the kernel and with the client",
  );
  release.resolve();
  await sent;
  assertStringIncludes(await connection.receive("}"), `{"size":${size}}`);
});

Deno.test("an answer waits for a client that reads slowly, and hears when it goes", async () => {
  const gone = Promise.withResolvers<number>();
  let written = 0;
  await using server = await serving((app) =>
    app.get("/flood", (c) =>
      stream(c, async (out) => {
        out.onAbort(() => gone.resolve(written));
        const chunk = new Uint8Array(65536);
        while (!out.aborted) {
          await out.write(chunk);
          written += chunk.length;
        }
      }))
  );
  const connection = await RawConnection.open(server);
  await connection.send("GET /flood HTTP/1.1\r\nHost: t\r\n\r\n");
  await connection.receive("\r\n\r\n");
  // It stands still once the kernel's buffers are full.
  let before = -1;
  while (written !== before) {
    before = written;
    for (let i = 0; i < 20; i++) await answer(`${server.url}/health`);
  }
  assert(written < 50_000_000, `${written} bytes were written to who reads none`);
  connection[Symbol.dispose]();
  assert(await gone.promise >= before);
});

Deno.test("events of a stream arrive as they are sent, and its end is heard", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = await serving((app) =>
    app.get("/events", (c) =>
      streamSSE(c, async (out) => {
        out.onAbort(() => gone.resolve());
        await out.writeSSE({ id: "1", data: "a" });
        await gone.promise;
      }))
  );
  const connection = await RawConnection.open(server);
  await connection.send(request("GET /events", { "Accept-Encoding": "gzip" }));
  assertStringIncludes(await connection.receive("id: 1"), "data: a");
  connection[Symbol.dispose]();
  await gone.promise;
});

Deno.test("stop() takes no connection, finishes what has begun, closes idle connections", async () => {
  const begun = Promise.withResolvers<void>(), go = Promise.withResolvers<void>();
  const server = await serving((app) =>
    app.get("/slow", async (c) => {
      begun.resolve();
      await go.promise;
      return c.json({ finished: true });
    })
  );
  using idle = await RawConnection.open(server);
  await idle.send("GET /health HTTP/1.1\r\nHost: t\r\n\r\n");
  await idle.receive("UP");
  using busy = await RawConnection.open(server);
  await busy.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  await begun.promise;
  const stopped = server.stop();
  await idle.receive();
  await assertRejects(() => RawConnection.open(server), Deno.errors.ConnectionRefused);
  go.resolve();
  assertStringIncludes(await busy.receive(), '{"finished":true}');
  await stopped;
});

Deno.test("stop() ends what does not finish in its time", async () => {
  const begun = Promise.withResolvers<void>(), never = Promise.withResolvers<Response>();
  const server = await serving((app) =>
    app.get("/never", () => {
      begun.resolve();
      return never.promise;
    }), { server: { drainMs: 50 } });
  using connection = await RawConnection.open(server);
  await connection.send("GET /never HTTP/1.1\r\nHost: t\r\n\r\n");
  await begun.promise;
  await server.stop();
  assertEquals(await connection.receive(), "");
});

Deno.test("startHttp() says why it can't listen, and then holds nothing", async () => {
  await using server = await serving(() => {});
  const app = createApp({
    logger: quiet,
    translate: () => null,
    errorType: () => "application/json",
  });
  const listeners = [parseHttpListener("http://127.0.0.1:0"), parseHttpListener(server.url)];
  await assertRejects(
    () => startHttp({ app, listeners }),
    Error,
    `Cannot listen on ${server.url}: the port is in use`,
  );
  await assertRejects(
    () => startHttp({ app, listeners: [parseHttpListener("https://127.0.0.1:0")] }),
    Error,
    "An https listener needs a certificate and a key",
  );
});

Deno.test("parseHttpListener() reads addresses and refuses what is none", () => {
  assertEquals(parseHttpListener("http://0.0.0.0:8081"), {
    scheme: "http",
    host: "0.0.0.0",
    port: 8081,
  });
  assertEquals(parseHttpListener("https://[::1]:0/"), { scheme: "https", host: "::1", port: 0 });
  assertEquals(parseHttpListener("http://:8082"), { scheme: "http", host: "", port: 8082 });
  for (const text of ["ftp://a:1", "http://a", "http://a:70000", "http://a:1/x", "a:1", ""]) {
    const error = (() => {
      try {
        return parseHttpListener(text);
      } catch (error) {
        return (error as Error).message;
      }
    })();
    assertEquals(
      error,
      `Listener ${JSON.stringify(text)}; allowed: http://host:port or https://host:port`,
    );
  }
});
