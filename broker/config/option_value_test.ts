import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import type { Option, OptionType } from "./option.ts";
import {
  brokerOptionTable,
  clientMetricsOptionTable,
  entityOptionTable,
  groupOptionTable,
  type OptionTable,
  topicOptionTable,
} from "./option_table.ts";
import {
  canonicalText,
  formatValue,
  hasRepeatedItems,
  parseOption,
  parseText,
} from "./option_value.ts";

const vectors = gunzipSync(
  Deno.readFileSync(new URL("../../tests/vectors/behaviour_config.jsonl.gz", import.meta.url)),
).toString().trimEnd().split("\n").map((line) => JSON.parse(line));

/** What Kafka's validator alone says of a text: type, then rule, without dropping repeated items. */
function accepts(option: Option, text: string): boolean {
  const parsed = parseText(option.type, text);
  if (!parsed.ok) return false;
  // Kafka's rule for lists refuses repetitions, which parsing has dropped before it is asked.
  const distinct = option.name.includes("throttled.replicas") || option.rule === null ||
    ["controller.quorum.voters", "controller.quorum.bootstrap.servers"].includes(option.name) ||
    !hasRepeatedItems(option.type, text);
  return distinct && (option.rule === null || option.rule.accepts(parsed.value));
}

Deno.test("parseText() reads what Kafka reads", () => {
  const cases = vectors.filter((vector) => vector.kind === "configParse");
  assertEquals(cases.length, 320);
  for (const { type, value, ok, parsed } of cases) {
    const ours = parseText(type as OptionType, value);
    assertEquals(ours.ok, ok, `${type} ${JSON.stringify(value)}`);
    if (ours.ok) assertEquals(ours.value, parsed, `${type} ${JSON.stringify(value)}`);
  }
});

Deno.test("topic options accept what Kafka's accept", () => {
  const cases = vectors.filter((vector) => vector.kind === "topicConfigValid");
  assertEquals(cases.length, 1520);
  for (const { name, value, ok } of cases) {
    const option = topicOptionTable.get(name);
    assert(option !== undefined, name);
    assertEquals(accepts(option, value), ok, `${name} ${JSON.stringify(value)}`);
  }
});

Deno.test("every option of every kind accepts what Kafka's accepts", () => {
  const tables: Record<string, OptionTable> = {
    broker: brokerOptionTable,
    topic: topicOptionTable,
    group: groupOptionTable,
    clientMetrics: clientMetricsOptionTable,
    quota: entityOptionTable,
    ip: entityOptionTable,
  };
  const values: string[] = vectors.find((vector) => vector.kind === "optionValues").values;
  const seen = new Set<string>();
  for (const { kind, scope, name, ok } of vectors) {
    if (kind !== "optionValid") continue;
    const option = tables[scope]?.get(name);
    assert(option !== undefined, `${scope} ${name}`);
    seen.add(`${scope} ${name}`);
    // Kafka looks up classes; we have none to look up.
    if (option.type === "CLASS") continue;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? "";
      assertEquals(accepts(option, value), ok[i] === "1", `${name} ${JSON.stringify(value)}`);
    }
  }
  for (const [scope, table] of Object.entries(tables)) {
    if (scope === "quota" || scope === "ip") continue;
    for (const name of table.keys()) assert(seen.has(`${scope} ${name}`), `extra option ${name}`);
  }
});

Deno.test("defaults obey their own rules", () => {
  for (const table of [brokerOptionTable, topicOptionTable, groupOptionTable, entityOptionTable]) {
    for (const option of table.values()) {
      const text = formatValue(option.type, option.defaultValue);
      if (text === null) continue;
      const parsed = parseOption(option, text);
      // An empty list that is allowed only as "unset" cannot be written.
      if (!parsed.ok) assertEquals(option.defaultValue, [], option.name);
      else assertEquals(parsed.value, option.defaultValue, option.name);
    }
  }
});

Deno.test("parseOption() says what is allowed", () => {
  const option = topicOptionTable.get("retention.ms");
  assert(option !== undefined);
  assertEquals(parseOption(option, "-2"), { ok: false, allowed: "-1 or more" });
  assertEquals(parseOption(option, "x"), {
    ok: false,
    allowed: "a whole number from -1 to 9223372036854775807",
  });
  const cases = [
    ["num.partitions", "abc", "a whole number from 1 to 2147483647"],
    ["num.partitions", "99999999999", "a whole number from 1 to 2147483647"],
    ["num.partitions", "0", "1 or more"],
    ["compression.gzip.level", "best", "a whole number, 1 to 9, or -1"],
    ["log.cleaner.min.cleanable.ratio", "half", "a number, 0 to 1"],
    ["node.id", "one", "a whole number from 0 to 2147483647"],
    ["auto.create.topics.enable", "yes", "true or false"],
  ] as const;
  for (const [name, text, allowed] of cases) {
    assertEquals(parseOption(brokerOptionTable.get(name)!, text), { ok: false, allowed }, name);
  }
});

Deno.test("canonicalText() prints numbers, lists and doubles as Kafka does", () => {
  const cases: [OptionType, string, string][] = [
    ["LONG", " +9007199254740993 ", "9007199254740993"],
    ["LONG", "9223372036854775807", "9223372036854775807"],
    ["INT", "007", "7"],
    ["INT", "-0", "0"],
    ["BOOLEAN", "TRUE", "true"],
    ["LIST", " compact , delete", "compact,delete"],
    ["LIST", "delete,delete", "delete"],
    ["DOUBLE", "1e-1", "0.1"],
    ["DOUBLE", "1e9", "1.0E9"],
    ["DOUBLE", "1.7976931348623157e308", "1.7976931348623157E308"],
    ["DOUBLE", "0.0001", "1.0E-4"],
    ["DOUBLE", "1", "1.0"],
    ["STRING", " a b ", "a b"],
  ];
  for (const [type, text, expected] of cases) {
    assertEquals(canonicalText(type, text), expected, `${type} ${text}`);
  }
});
