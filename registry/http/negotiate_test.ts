import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "./http_error.ts";
import { checkContentType, mediaType, negotiate } from "./negotiate.ts";

const OFFERED = [
  "application/vnd.a.v1+json",
  "application/vnd.a+json",
  "application/json",
] as const;

Deno.test("negotiate() gives what the client wants most, the first of equals", () => {
  const cases: [string | null, string][] = [
    [null, OFFERED[0]],
    ["", OFFERED[0]],
    ["*/*", OFFERED[0]],
    ["application/*", OFFERED[0]],
    ["application/json", OFFERED[2]],
    ["APPLICATION/JSON; charset=utf-8", OFFERED[2]],
    ["application/json;q=0.1, application/vnd.a+json;q=0.9", OFFERED[1]],
    ["application/json, application/vnd.a.v1+json", OFFERED[0]],
    ["text/html, */*;q=0.1", OFFERED[0]],
    ["application/json, */*;q=0.5", OFFERED[2]],
    ["application/vnd.a.v1+json;q=0, */*", OFFERED[1]],
    [", ,application/json", OFFERED[2]],
    ["application/json;q=oops, application/vnd.a+json;q=0.1", OFFERED[1]],
  ];
  for (const [accept, wanted] of cases) {
    assertEquals(negotiate(accept, OFFERED), wanted, accept ?? "");
  }
});

Deno.test("negotiate() refuses with 406 what can't be had", () => {
  for (const accept of ["text/html", "application/json;q=0", "x", "application", "text/*", "*"]) {
    const error = assertThrows(() => negotiate(accept, OFFERED), HttpError);
    assertEquals(error.status, 406);
    assertEquals(error.message, `Accept is "${accept}"; offered: ${OFFERED.join(", ")}`);
  }
});

Deno.test("negotiate() remembers few headers however many come", () => {
  for (let i = 0; i < 10_000; i++) negotiate(`text/x${i}, application/json`, OFFERED);
  assertEquals(negotiate("text/x1, application/json", OFFERED), "application/json");
});

Deno.test("checkContentType() lets through what is allowed, or nothing", () => {
  for (const type of [null, "", "application/json", "Application/JSON ;charset=utf-8"]) {
    checkContentType(type, OFFERED);
  }
  for (const type of ["text/plain", "application", "application/jsonx", "a".repeat(10_000)]) {
    const error = assertThrows(() => checkContentType(type, OFFERED), HttpError);
    assertEquals(error.status, 415);
  }
  assertEquals(mediaType("text/HTML; a=b"), "text/html");
});
