import { assertEquals } from "@std/assert";
import { codeOf } from "./harness_test.ts";
import {
  canonicalSubject,
  checkContext,
  checkScope,
  checkSubject,
  subjectInContext,
  subjectParts,
} from "./subject_name.ts";

Deno.test("subjectParts() takes a context off only where two colons hold one", () => {
  assertEquals(subjectParts("orders-value"), { context: ".", name: "orders-value" });
  assertEquals(subjectParts(":.ctx:orders"), { context: ".ctx", name: "orders" });
  assertEquals(subjectParts(":.ctx:a:b"), { context: ".ctx", name: "a:b" });
  assertEquals(subjectParts(":.ctx:"), { context: ".ctx", name: "" });
  assertEquals(subjectParts(":.:orders"), { context: ".", name: "orders" });
  assertEquals(subjectParts(":orders"), { context: ".", name: ":orders" });
  assertEquals(subjectParts(":.orders"), { context: ".", name: ":.orders" });
});

Deno.test("canonicalSubject() leaves the default context out", () => {
  assertEquals(canonicalSubject(":.:orders"), "orders");
  assertEquals(canonicalSubject(":.ctx:orders"), ":.ctx:orders");
});

Deno.test("subjectInContext() leaves a context that is named alone", () => {
  assertEquals(subjectInContext("orders", ".ctx"), ":.ctx:orders");
  assertEquals(subjectInContext("orders", "."), "orders");
  assertEquals(subjectInContext(":.other:orders", ".ctx"), ":.other:orders");
  assertEquals(subjectInContext(":.:orders", ".ctx"), "orders");
});

Deno.test("checkSubject() refuses control characters, reserved names and the global context", () => {
  for (const subject of ["a\nb", "a\u0000", "\u007f", "__GLOBAL", "__EMPTY", ":.ctx:__GLOBAL"]) {
    assertEquals(codeOf(() => checkSubject(subject)), 42208, JSON.stringify(subject));
  }
  assertEquals(codeOf(() => checkSubject(":.__GLOBAL:")), 42208);
  assertEquals(codeOf(() => checkSubject(":.__GLOBAL:orders")), 42208);
  assertEquals(checkSubject(""), "");
  assertEquals(codeOf(() => checkSubject("", true)), 42208);
  assertEquals(checkSubject("with/slash and ünicode: fine"), "with/slash and ünicode: fine");
});

Deno.test("checkScope() lets the global context pass, and knows the default one by its name", () => {
  assertEquals(checkScope(":.__GLOBAL:"), ":.__GLOBAL:");
  assertEquals(checkScope(":.:"), null);
  assertEquals(checkScope(null), null);
  assertEquals(codeOf(() => checkScope("__GLOBAL")), 42208);
});

Deno.test("checkContext() takes names with a dot first, in colons or not", () => {
  assertEquals(checkContext(".ctx"), ".ctx");
  assertEquals(checkContext(":.ctx:"), ".ctx");
  assertEquals(checkContext("."), ".");
  for (const context of ["ctx", "", ".a:b", ".a\tb"]) {
    assertEquals(codeOf(() => checkContext(context)), 400, context);
  }
});
