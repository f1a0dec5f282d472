import { assertEquals } from "@std/assert";
import { type Lock, prunedLock } from "./compile.ts";

const LOCK: Lock = {
  version: "5",
  specifiers: {
    "npm:a@1.0.0": "1.0.0_b@2.0.0",
    "npm:@s/t@3.0.0": "3.0.0",
    "npm:unused@1.0.0": "1.0.0",
  },
  npm: {
    "a@1.0.0_b@2.0.0": { dependencies: ["b"] },
    "b@2.0.0": { optionalDependencies: ["c@1.0.0"] },
    "c@1.0.0": {},
    "c@2.0.0": {},
    "@s/t@3.0.0": {},
    "unused@1.0.0": { dependencies: ["c@2.0.0"] },
  },
};

Deno.test("prunedLock() keeps what the imports reach, near and far", () => {
  const { specifiers, npm } = prunedLock(LOCK, [
    "npm:/a@1.0.0/",
    "npm:@s/t@3.0.0/file.js",
    "./x.ts",
  ]);
  assertEquals(Object.keys(specifiers), ["npm:a@1.0.0", "npm:@s/t@3.0.0"]);
  assertEquals(Object.keys(npm), ["a@1.0.0_b@2.0.0", "b@2.0.0", "c@1.0.0", "@s/t@3.0.0"]);
});
