import { assertEquals } from "@std/assert";
import { codeOf } from "./harness_test.ts";
import { mergeRuleSets, readRuleSet, ruleSetJson, validateRuleSet } from "./rule_set.ts";

const good = { name: "check", kind: "CONDITION", mode: "WRITE", type: "CEL" };

/** The code with which a set of domain rules is refused; 0 when it isn't. */
function refused(...rules: Record<string, unknown>[]): number {
  return codeOf(() => validateRuleSet(readRuleSet({ domainRules: rules }, "ruleSet", false)));
}

Deno.test("validateRuleSet() takes well-formed rules", () => {
  assertEquals(refused(good, { ...good, name: "_other", mode: "WRITEREAD" }), 0);
  const pair = { ...good, mode: "WRITEREAD", onSuccess: "NONE,NONE", onFailure: "ERROR,DLQ" };
  assertEquals(refused(pair), 0);
});

for (
  const [what, change] of Object.entries({
    "no name": { name: "" },
    "a name that starts with a digit": { name: "1a" },
    "a name with a control character": { name: "a\u0007" },
    "a name of 257 characters": { name: "a".repeat(257) },
    "an unknown kind": { kind: "GUESS" },
    "an unknown mode": { mode: "SOMETIMES" },
    "a migration's mode in a domain rule": { mode: "UPGRADE" },
    "no type": { type: "" },
    "a pair of actions for one direction": { onSuccess: "NONE,ERROR" },
    "three actions": { mode: "WRITEREAD", onFailure: "A,B,C" },
  })
) {
  Deno.test(`validateRuleSet() refuses ${what}`, () => {
    assertEquals(refused({ ...good, ...change }), 42210);
  });
}

Deno.test("validateRuleSet() refuses one name twice across the lists", () => {
  const migration = { ...good, mode: "UPGRADE" };
  const set = readRuleSet({ domainRules: [good], migrationRules: [migration] }, "ruleSet", false);
  assertEquals(codeOf(() => validateRuleSet(set)), 42210);
});

Deno.test("readRuleSet() names fields that it can't use with 422, unless lenient", () => {
  const read = (json: unknown, lenient: boolean) => codeOf(() => readRuleSet(json, "r", lenient));
  assertEquals(read({ domainRules: [{ ...good, unknown: 1 }] }, false), 422);
  assertEquals(read({ domainRules: [{ ...good, unknown: 1 }] }, true), 0);
  assertEquals(read({ domainRules: {} }, true), 422);
  assertEquals(read({ domainRules: [{ ...good, params: { a: 1 } }] }, true), 422);
  assertEquals(read("rules", true), 422);
});

Deno.test("mergeRuleSets() puts later rules in place of those of their name, new ones behind", () => {
  const set = (...rules: Record<string, unknown>[]) =>
    readRuleSet({ domainRules: rules }, "ruleSet", false);
  const merged = mergeRuleSets(
    set({ ...good, name: "a", expr: "1" }, { ...good, name: "b", expr: "1" }),
    set({ ...good, name: "c", expr: "2" }, { ...good, name: "a", expr: "2" }),
  );
  assertEquals(
    merged!.domainRules.map(({ name, expr }) => [name, expr]),
    [["a", "2"], ["b", "1"], ["c", "2"]],
  );
});

Deno.test("ruleSetJson() leaves out what is empty", () => {
  const set = readRuleSet({ domainRules: [good], encodingRules: [] }, "ruleSet", false);
  assertEquals(ruleSetJson(set!), { domainRules: [{ ...good, disabled: false }] });
});
