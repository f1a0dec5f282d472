import { assertEquals } from "@std/assert";
import plugin from "./pure_core_lint.ts";

const ROOT = new URL("../", import.meta.url).pathname;

/** The messages of our rules about `source` at `path` of this repository. */
function messages(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + path, source).map(({ message }) => message);
}

const IMPURE: readonly [source: string, what: string][] = [
  ["const t = Date.now();", "Date.now"],
  ['const t = Date["now"]();', "Date.now"],
  ["const t = globalThis.Date.now();", "Date.now"],
  ["const t = new Date();", "new Date()"],
  ["const t = Date();", "Date()"],
  ["const t = performance.now();", "performance.now"],
  ["const r = Math.random();", "Math.random"],
  ["const id = crypto.randomUUID();", "crypto.randomUUID"],
  ["crypto.getRandomValues(bytes);", "crypto.getRandomValues"],
  ["Deno.readFileSync(path);", "Deno.readFileSync"],
  ["console.log(1);", "console.log"],
  ["queueMicrotask(f);", "queueMicrotask()"],
  ["fetch(url);", "fetch()"],
  ["const p = new Promise(f);", "new Promise"],
  ["async function f() {}", "async function"],
  ["const f = async () => {};", "async function"],
  ["const o = { async f() {} };", "async function"],
  ["class C { async f() {} }", "async function"],
  ["await ready;", "await"],
  ["for await (const x of xs) use(x);", "for await"],
  ['import fs from "node:fs";', "import of node:fs"],
  ['import { randomBytes } from "node:crypto";', "import of node:crypto"],
];

Deno.test("pure-core bites on every way to the world, in every pure room", () => {
  const rooms = ["protocol", "raft", "metadata", "controller", "replication", "coordinator/group"];
  for (const room of rooms) {
    for (const [source, what] of IMPURE) {
      const found = messages(`broker/${room}/core.ts`, source);
      assertEquals(found, [`${what} in a pure room`], `${room}: ${source}`);
    }
  }
});

Deno.test("pure-core spares drivers, tests and other rooms", () => {
  for (const [source] of IMPURE) {
    for (const path of ["raft/raft_driver.ts", "raft/core_test.ts", "log/segment.ts"]) {
      assertEquals(messages(`broker/${path}`, source), [], `${path}: ${source}`);
    }
  }
});

Deno.test("pure-core lets computing pass", () => {
  const source = [
    'import zlib from "node:zlib";',
    'import type { Stats } from "node:fs";',
    "const text = new Date(nowMs).toISOString();",
    "const most = Math.max(a, b);",
    "function step(event, nowMs) { return event.at < nowMs; }",
    "for (const x of xs) use(x);",
  ].join("\n");
  assertEquals(messages("broker/raft/core.ts", source), []);
});

Deno.test("no-eval leaves the message compiler alone", () => {
  for (const source of ["eval(text);", 'new Function("a", body);', "Function(body);"]) {
    const name = source.startsWith("eval") ? "eval" : "Function";
    const expected = [`${name}() makes code of text`];
    assertEquals(messages("broker/protocol/reader.ts", source), expected);
    assertEquals(messages("tests/wire/play.ts", source), expected);
    assertEquals(messages("broker/protocol/compile.ts", source), []);
  }
});

Deno.test("clock-alone wants timers through the clock in broker/", () => {
  for (const source of ["setTimeout(f, 5);", "globalThis.setInterval(f, 5);"]) {
    assertEquals(messages("broker/server/idle.ts", source).length, 1, source);
    assertEquals(messages("broker/base/clock.ts", source), []);
    assertEquals(messages("broker/server/idle_test.ts", source), []);
    assertEquals(messages("tests/clients/run.ts", source), []);
  }
  assertEquals(messages("broker/log/a.ts", 'import { setTimeout } from "node:timers/promises";'), [
    "node:timers/promises passes by the clock",
  ]);
});

Deno.test("one-entry keeps arguments and the exit in main.ts", () => {
  assertEquals(messages("broker/cli/topics.ts", "Deno.exit(1);"), ["Deno.exit outside main.ts"]);
  assertEquals(messages("registry/rest/cli.ts", "run(Deno.args);"), ["Deno.args outside main.ts"]);
  assertEquals(messages("main.ts", "Deno.exit(run(Deno.args));"), []);
  assertEquals(messages("scripts/ok.ts", "Deno.exit(1);"), []);
});
