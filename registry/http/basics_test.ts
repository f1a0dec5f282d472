import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { stream } from "hono/streaming";
import type { App } from "./app.ts";
import {
  answer,
  exchange,
  RawConnection,
  request,
  serving,
  temporaryFile,
} from "./harness_test.ts";
import { HttpError } from "./http_error.ts";
import { hashPassword } from "./passwords.ts";

function routes(app: App): void {
  app.get("/thing", (c) => c.json({ thing: 1 }));
  app.post("/thing", (c) => c.json({ thing: 2 }));
  app.get("/large", (c) => c.json({ text: "a".repeat(5000) }));
  app.get("/refused", () => {
    throw new HttpError(409, 40901, "Not like this", { "Retry-After": "3" });
  });
  app.get("/bug", () => {
    throw new TypeError("secret detail");
  });
}

Deno.test("errors have one form; what is inside stays inside and is logged with its request", async () => {
  await using server = await serving(routes);
  const refused = await answer(`${server.url}/refused`);
  assertEquals(refused.status, 409);
  assertEquals(refused.body, { error_code: 40901, message: "Not like this" });
  assertEquals(refused.headers.get("Retry-After"), "3");
  const bug = await answer(`${server.url}/bug`);
  assertEquals([bug.status, bug.body], [500, {
    error_code: 500,
    message: "The request failed inside the server",
  }]);
  assertEquals(server.logged.length, 1);
  assertStringIncludes(server.logged[0]!, "GET /bug failed: TypeError: secret detail");
  const lost = await answer(`${server.url}/nowhere`);
  assertEquals([lost.status, lost.body], [404, {
    error_code: 404,
    message: 'There is nothing at "/nowhere"',
  }]);
});

Deno.test("a method that is not served is 405 and told which are", async () => {
  await using server = await serving(routes);
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const { status, body, headers } = await answer(`${server.url}/thing`, { method });
    const message = `${method} is not served here; allowed: GET, POST`;
    assertEquals([status, body], [405, { error_code: 405, message }]);
    assertEquals(headers.get("Allow"), "GET, POST");
  }
  const head = await fetch(`${server.url}/thing`, { method: "HEAD" });
  assertEquals([head.status, await head.text()], [200, ""]);
});

Deno.test("each answer names its request: as the client did, or anew", async () => {
  await using server = await serving(routes);
  const idOf = async (path: string, id?: string) => {
    const response = await fetch(
      `${server.url}${path}`,
      id === undefined ? {} : {
        headers: { "X-Request-ID": id },
      },
    );
    await response.body!.cancel();
    return response.headers.get("X-Request-ID")!;
  };
  assertEquals(await idOf("/thing", "abc-1"), "abc-1");
  assertEquals(await idOf("/nowhere", "abc-2"), "abc-2");
  assertEquals(await idOf("/bug", "abc-3"), "abc-3");
  assertMatch(await idOf("/thing"), /^[0-9a-f-]{36}$/);
  assertMatch(await idOf("/thing", "has spaces"), /^[0-9a-f-]{36}$/);
  assertMatch(await idOf("/thing", "x".repeat(200)), /^[0-9a-f-]{36}$/);
});

Deno.test("the access log tells each request in a line, long paths cut, lost clients too", async () => {
  await using server = await serving((app) => {
    routes(app);
    app.post("/body", async (c) => c.json({ size: (await c.req.arrayBuffer()).byteLength }));
  }, { overrides: ["access.log.enable=true"] });
  await answer(`${server.url}/thing`);
  await answer(`${server.url}/${"x".repeat(5000)}`);
  assertMatch(server.logged[0]!, /^GET \/thing 200 in [0-9.]+ ms$/);
  assertMatch(server.logged[1]!, /^GET \/x{199} 404 in [0-9.]+ ms$/);
});

Deno.test("long answers are packed for who accepts gzip, short ones and streams are not", async () => {
  await using server = await serving((app) => {
    routes(app);
    app.get("/stream", (c) => {
      c.header("Content-Type", "application/json");
      return stream(c, async (out) => void await out.write("a".repeat(5000)));
    });
    app.get(
      "/binary",
      (c) => c.body(new Uint8Array(5000), 200, { "Content-Type": "application/octet-stream" }),
    );
    app.get("/text", (c) => c.text("a".repeat(5000)));
    app.get(
      "/made",
      (c) =>
        c.newResponse("a".repeat(5000), 200, { "Content-Type": "application/vnd.kafka.v2+json" }),
    );
  });
  async function encodingOf(path: string, accept = "gzip, deflate, br"): Promise<string | null> {
    const text = await exchange(server, request(`GET ${path}`, { "Accept-Encoding": accept }));
    return text.match(/\r\ncontent-encoding: (\w+)/i)?.[1] ?? null;
  }
  for (const path of ["/large", "/text", "/made"]) {
    assertEquals(await encodingOf(path), "gzip", path);
  }
  for (const path of ["/thing", "/stream", "/binary", "/nowhere", "/health"]) {
    assertEquals(await encodingOf(path), null, path);
  }
  for (const accept of ["br", "gzip;q=0", "gzip; q=0.0, br", "identity"]) {
    assertEquals(await encodingOf("/large", accept), null, accept);
  }
  using connection = await RawConnection.open(server);
  await connection.send(request("GET /large", { "Accept-Encoding": "gzip" }));
  const text = await connection.receive();
  const [head = "", body = ""] = text.split("\r\n\r\n");
  assertMatch(head, /\r\nvary: Accept-Encoding/i);
  assertMatch(head, new RegExp(`\\r\\ncontent-length: ${body.length}`, "i"));
  assert(body.length < 200);
  const json = gunzipSync(Uint8Array.from(body, (c) => latin1(c))).toString();
  assertEquals(JSON.parse(json), { text: "a".repeat(5000) });
});

/** The byte of a character as TextDecoder("latin1"), which is windows-1252, gives it. */
function latin1(character: string): number {
  const code = character.charCodeAt(0);
  if (code < 256) return code;
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  return new TextDecoder("latin1").decode(bytes).indexOf(character);
}

Deno.test("a route that takes too long is 503", async () => {
  const never = Promise.withResolvers<Response>();
  await using server = await serving((app) => app.get("/never", () => never.promise), {
    overrides: ["request.timeout.ms=1"],
  });
  const { status, body } = await answer(`${server.url}/never`);
  const message = "The request took longer than 1 ms";
  assertEquals([status, body], [503, { error_code: 503, message }]);
});

Deno.test("pages of origins that are named may call, others get no permission", async () => {
  await using server = await serving(routes, {
    overrides: ["access.control.allow.origin=http://a.test,http://b.test"],
  });
  async function headersOf(init: RequestInit): Promise<Headers> {
    const response = await fetch(`${server.url}/thing`, init);
    await response.body?.cancel();
    return response.headers;
  }
  const origin = "Access-Control-Allow-Origin";
  const named = await headersOf({ headers: { Origin: "http://b.test" } });
  assertEquals(named.get(origin), "http://b.test");
  assertEquals(named.get("Vary"), "Origin");
  assertEquals((await headersOf({ headers: { Origin: "http://c.test" } })).get(origin), null);
  assertEquals((await headersOf({})).get(origin), null);
});

Deno.test("preflights are answered before users are asked for", async () => {
  await using users = await temporaryFile("");
  await using server = await serving(routes, {
    overrides: [
      "access.control.allow.origin=*",
      "access.control.allow.methods=GET,POST",
      "authentication.method=BASIC",
      `authentication.users.file=${users.path}`,
    ],
  });
  const response = await fetch(`${server.url}/thing`, {
    method: "OPTIONS",
    headers: {
      "Origin": "http://a.test",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "content-type",
    },
  });
  assertEquals(response.status, 204);
  assertEquals(response.headers.get("Access-Control-Allow-Origin"), "*");
  assertEquals(response.headers.get("Access-Control-Allow-Methods"), "GET, POST");
  assertEquals(response.headers.get("Access-Control-Allow-Headers"), "content-type");
  const refused = await fetch(`${server.url}/thing`, { headers: { Origin: "http://a.test" } });
  await refused.body!.cancel();
  assertEquals([refused.status, refused.headers.get("Access-Control-Allow-Origin")], [401, "*"]);
});

Deno.test("users read and write as their roles say; wrong passwords are nobody's", async () => {
  await using users = await temporaryFile(
    `# people\nana:write:${await hashPassword("s:e cret")}\n\nbob:read:${await hashPassword(
      "ß",
    )}\n`,
  );
  const overrides = ["authentication.method=BASIC", `authentication.users.file=${users.path}`];
  const authorization = (credentials: string) => {
    const bytes = new TextEncoder().encode(credentials);
    return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
  };
  async function statusOf(url: string, method: string, credentials: string | null) {
    const headers: HeadersInit = credentials === null ? {} : authorization(credentials);
    return (await answer(`${url}/thing`, { method, headers })).status;
  }
  {
    await using server = await serving(routes, { overrides });
    const { url } = server;
    for (const _ of ["tried", "known"]) {
      assertEquals(await statusOf(url, "POST", "ana:s:e cret"), 200);
      assertEquals(await statusOf(url, "GET", "bob:ß"), 200);
      assertEquals(await statusOf(url, "POST", "bob:ß"), 403);
      assertEquals(await statusOf(url, "GET", "bob:x"), 401);
      assertEquals(await statusOf(url, "GET", "eve:ß"), 401);
      assertEquals(await statusOf(url, "GET", null), 401);
    }
    const { body, headers } = await answer(`${url}/thing`);
    const message = "The request needs a user and a password that are right";
    assertEquals(body, { error_code: 40101, message });
    assertEquals(headers.get("WWW-Authenticate"), 'Basic realm="kafkats", charset="UTF-8"');
    for (const Authorization of ["Basic", "Basic !!!", "Bearer abc", "Basic YQ=="]) {
      const { status } = await answer(`${url}/thing`, { headers: { Authorization } });
      assertEquals(status, 401, Authorization);
    }
    for (const path of ["/health", "/openapi.json"]) {
      assertEquals((await answer(`${url}${path}`)).status, 200);
    }
    assertEquals((await answer(`${url}/metrics`)).status, 401);
  }
  await using open = await serving(routes, {
    overrides: [...overrides, "authentication.anonymous.read=true"],
  });
  assertEquals(await statusOf(open.url, "GET", null), 200);
  assertEquals(await statusOf(open.url, "POST", null), 401);
  assertEquals(await statusOf(open.url, "GET", "bob:x"), 401);
});

Deno.test("BASIC without a usable file of users is refused at the start", async () => {
  const start = async (file: string) => {
    try {
      await using _server = await serving(() => {}, {
        overrides: ["authentication.method=BASIC", `authentication.users.file=${file}`],
      });
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  };
  assertEquals(await start(""), "authentication.method=BASIC needs authentication.users.file");
  assertEquals(
    await start("/nowhere/users"),
    "Cannot use authentication.users.file=/nowhere/users: no such file",
  );
  await using broken = await temporaryFile("ana:admin:x\n");
  assertStringIncludes(await start(broken.path) ?? "", "Line 1 of the users is not name:role:hash");
});

Deno.test("a client past its rate is 429 and told when to come back", async () => {
  await using server = await serving(routes, {
    overrides: ["rate.limit.enable=true", "rate.limit.permits.per.sec=3"],
  });
  let last = await answer(`${server.url}/thing`), served = 0;
  for (; last.status === 200 && served < 1000; served++) last = await answer(`${server.url}/thing`);
  assert(served >= 3, `${served} were served`);
  assertEquals([last.status, (last.body as { error_code: number }).error_code], [429, 429]);
  assertEquals(last.headers.get("Retry-After"), "1");
});

Deno.test("/health tells why a service can't work, /metrics what it did", async () => {
  let reason: Error | null = null;
  await using server = await serving(routes, {
    health: () => reason === null ? Promise.resolve() : Promise.reject(reason),
  });
  assertEquals((await answer(`${server.url}/health`)).body, { status: "UP" });
  reason = new Error("no broker");
  const down = await answer(`${server.url}/health`);
  assertEquals([down.status, down.body], [503, { status: "DOWN", reason: "no broker" }]);
  server.metrics.addGauges({ name: "things", help: "Things.", value: () => 7 });
  const text = await (await fetch(`${server.url}/metrics`)).text();
  assertStringIncludes(text, 'http_request_duration_seconds_count{method="GET",status="200"} 1\n');
  assertStringIncludes(text, 'http_request_duration_seconds_count{method="GET",status="503"} 1\n');
  assertStringIncludes(text, "# TYPE things gauge\nthings 7\n");
  assertThrows(() => JSON.parse(text));
});
