import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../command_error.ts";
import { formatPlan, parsePlan, type PlannedOffset } from "./reset_plan.ts";

const PLAN: PlannedOffset[] = [
  { group: "g1", topic: "orders", partition: 0, offset: 12 },
  { group: 'a "b", c', topic: "orders", partition: 10, offset: 0 },
];

Deno.test("formatPlan() leaves the group out for one group", () => {
  assertEquals(formatPlan(PLAN.slice(0, 1), false), "orders,0,12\n");
  assertEquals(formatPlan(PLAN, true), 'g1,orders,0,12\n"a ""b"", c",orders,10,0\n');
});

Deno.test("parsePlan() reads what formatPlan() writes", () => {
  assertEquals(parsePlan(formatPlan(PLAN, true), "f.csv", null), PLAN);
  assertEquals(parsePlan(formatPlan(PLAN.slice(0, 1), false), "f.csv", "g1"), PLAN.slice(0, 1));
});

Deno.test("parsePlan() passes over empty lines, blanks and carriage returns", () => {
  assertEquals(parsePlan("\r\norders, 0 ,12\r\n\n", "f.csv", "g1"), PLAN.slice(0, 1));
});

Deno.test("parsePlan() names file and line of what is no plan", () => {
  const wrong: [string, string | null][] = [
    ["a,0,1\nb,0", "g"],
    ["a,0,1\na,x,1", "g"],
    ["a,0,1\na,0,-1", "g"],
    ["a,0,1\ng,a,0,1,2", "g"],
    ["g,a,0,1\na,0,1", null],
    ["a,0,1\n,0,1", "g"],
  ];
  for (const [text, group] of wrong) {
    assertThrows(() => parsePlan(text, "plan.csv", group), CommandError, "line 2 of plan.csv");
  }
});
