import { assertEquals, assertThrows } from "@std/assert";
import { fill, mask, parseSession, partOf } from "./golden_session.ts";
import { CheckError } from "./suite.ts";

Deno.test("a session is its calls, with the headers of all where they have none", () => {
  const [first, second] = parseSession(`About it.

Content-Type: text/plain
Accept: text/plain

=== one
POST /a b
accept: image/png
@keep id data.0.id

line

line

--- 200 text/plain
x

=== two
GET /

--- 204
`);
  assertEquals(first, {
    name: "one",
    method: "POST",
    path: "/a b",
    headers: ["Content-Type: text/plain", "accept: image/png"],
    asks: new Map([["keep", "id data.0.id"]]),
    body: "line\n\nline",
    answer: "200 text/plain\nx",
  });
  assertEquals(second!.headers, ["Accept: text/plain"]);
  assertEquals([second!.body, second!.answer], [null, "204"]);
});

Deno.test("a call without an answer or a path is none", () => {
  assertThrows(() => parseSession("=== one\nGET /\n"), CheckError, '"one" has no answer');
  assertThrows(() => parseSession("=== one\nGET\n\n--- 200\n"), CheckError, "METHOD PATH");
});

Deno.test("names stand for what differs each time, short values aside", () => {
  const names = new Map([["rest", "http://localhost:1"], ["cursor", "3"]]);
  assertEquals(
    fill("{rest}/{cursor}?{4*ab}{other}", names),
    "http://localhost:1/3?abababab{other}",
  );
  assertEquals(
    mask('http://localhost:1/3 1764000000000 2026-01-02T03:04:05.678Z "port":9092', names),
    '{rest}/3 {time} {time} "port":{port}',
  );
  assertEquals(mask("x".repeat(1000), names), "{1000*x}");
});

Deno.test("a part of a JSON text is found by its path", () => {
  assertEquals(partOf('{"data":[{"id":7}]}', "data.0.id"), 7);
  assertEquals(partOf('{"data":null}', "data.0.id"), undefined);
});
