import { assertEquals } from "@std/assert";
import { check, importsOf, roomOf } from "./check_imports.ts";

/** The messages about a repository of these files. */
function broken(files: Record<string, string>): string[] {
  return check(new Map(Object.entries(files)), ["fast-check", "@std/assert"])
    .map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

Deno.test("importsOf() reads every form of import with its line", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    "import {",
    "  type C,",
    "  type D,",
    '} from "./c.ts";',
    "import {",
    "  type E,",
    "  f,",
    '} from "./e.ts";',
    'export * from "./g.ts";',
    'import "./h.ts";',
    'const module = await import("./i.ts");',
    'type J = import("./j.ts").J;',
    '// const k = await import("./k.ts");',
    'import fs from "node:fs";',
    'import type from "./l.ts";',
  ].join("\n");
  assertEquals(
    importsOf(text).map((found) =>
      `${found.line} ${found.typeOnly ? "type " : ""}${found.specifier}`
    ),
    [
      "1 ./a.ts",
      "2 type ./b.ts",
      "3 type ./c.ts",
      "7 ./e.ts",
      "11 ./g.ts",
      "12 ./h.ts",
      "13 ./i.ts",
      "14 type ./j.ts",
      "16 node:fs",
      "17 ./l.ts",
    ],
  );
});

Deno.test("roomOf() names the room of a path", () => {
  assertEquals(roomOf("main.ts"), "main");
  assertEquals(roomOf("broker/mod.ts"), "broker");
  assertEquals(roomOf("broker/log/segment.ts"), "broker/log");
  assertEquals(roomOf("broker/coordinator/group/member.ts"), "broker/coordinator");
  assertEquals(roomOf("registry/mod.ts"), "registry");
  assertEquals(roomOf("registry/schema/routes/config.ts"), "registry/schema");
  assertEquals(roomOf("registry/schema/store/ids.ts"), "registry/schema/store");
});

Deno.test("check() lets allowed arrows through a door pass", () => {
  assertEquals(
    broken({
      "main.ts": 'import { run } from "./broker/cli/mod.ts";',
      "broker/log/segment.ts": [
        'import { BatchCursor } from "../protocol/records/mod.ts";',
        'import { errorCodes } from "../protocol/errors.ts";',
        'import { assert } from "../base/mod.ts";',
      ].join("\n"),
      "broker/raft/raft_driver.ts": 'import { PartitionLog } from "../log/mod.ts";',
      "broker/config/topic.ts": 'import type { LogSettings } from "../log/settings.ts";',
      "registry/rest/app.ts": 'import { errorName } from "../../broker/protocol/mod.ts";',
      "tests/wire/play_test.ts": 'import { startBroker } from "../../broker/mod.ts";',
    }),
    [],
  );
});

Deno.test("check() refuses to pass a room's door", () => {
  assertEquals(broken({ "broker/handlers/a.ts": 'import { x } from "../log/segment.ts";' }), [
    "broker/handlers/a.ts:1: broker/log/segment.ts is not a door: import broker/log/mod.ts",
  ]);
  assertEquals(broken({ "tests/a_test.ts": 'import type { X } from "../broker/log/index.ts";' }), [
    "tests/a_test.ts:1: broker/log/index.ts is not a door: import broker/log/mod.ts",
  ]);
});

Deno.test("check() refuses arrows that point the wrong way", () => {
  assertEquals(broken({ "broker/raft/core.ts": 'import { Log } from "../log/mod.ts";' }), [
    "broker/raft/core.ts:1: broker/raft may not import broker/log",
  ]);
  assertEquals(broken({ "broker/log/a.ts": 'import { x } from "../protocol/mod.ts";' }), [
    "broker/log/a.ts:1: broker/log may not import broker/protocol",
  ]);
  assertEquals(broken({ "connect/a.ts": 'import { x } from "../broker/log/mod.ts";' }), [
    "connect/a.ts:1: connect may not import broker/log",
  ]);
  assertEquals(broken({ "broker/config/a.ts": 'import { x } from "../log/settings.ts";' }), [
    "broker/config/a.ts:1: broker/config may import types alone from broker/log/settings",
  ]);
});

Deno.test("check() refuses tests and scripts as a source", () => {
  assertEquals(broken({ "broker/log/a.ts": 'import { x } from "../../scripts/std/assert.ts";' }), [
    "broker/log/a.ts:1: broker/log may not import from scripts",
  ]);
  assertEquals(broken({ "broker/mod.ts": 'import { x } from "../tests/wire/play.ts";' }), [
    "broker/mod.ts:1: broker may not import from tests",
  ]);
});

Deno.test("check() wants libraries in the import map and rooms in the table", () => {
  assertEquals(
    broken({ "broker/log/a.ts": 'import x from "npm:left-pad@1.0.0";\nimport "fast-check";' }),
    ["broker/log/a.ts:1: npm:left-pad@1.0.0 is not in the import map of deno.json"],
  );
  assertEquals(broken({ "broker/novelty/a.ts": "" }), [
    "broker/novelty/a.ts:1: broker/novelty has no arrows in check_imports.ts",
  ]);
});

Deno.test("check() names a circle of rooms once, at the import that closes it", () => {
  assertEquals(
    broken({
      "broker/controller/a.ts": 'import type { X } from "../metadata/mod.ts";',
      "broker/metadata/b.ts": '// above\nimport type { Y } from "../controller/mod.ts";',
    }),
    [
      "broker/metadata/b.ts:2: broker/metadata may not import broker/controller",
      "broker/metadata/b.ts:2: rooms import in a circle: " +
      "broker/controller -> broker/metadata -> broker/controller",
    ],
  );
});
