import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "./command_error.ts";
import { keyValues, unknownNamesWarning } from "./key_values.ts";

Deno.test("keyValues() cuts at the first =, and the last of a name counts", () => {
  assertEquals(
    keyValues("property", ["a=1", "b==", "a=2", "key.separator= "]),
    new Map([["a", "2"], ["b", "="], ["key.separator", " "]]),
  );
});

Deno.test("keyValues() names flag and value without =", () => {
  assertThrows(
    () => keyValues("property", ["a"]),
    UsageError,
    "--property a: allowed is name=value",
  );
  assertThrows(() => keyValues("property", ["=a"]), UsageError);
});

Deno.test("unknownNamesWarning() is empty when all names are known", () => {
  assertEquals(unknownNamesWarning(new Map([["a", ""]]), ["a", "b"]), "");
  assertEquals(
    unknownNamesWarning(new Map([["c", ""], ["a", ""]]), ["a", "b"]),
    "Warning: ignored properties: c; known are a, b\n",
  );
});
