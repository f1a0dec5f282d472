import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { alterConfigs, withChanges } from "./alter_configs.ts";
import { ConfigError } from "./config_problem.ts";
import { describeBroker, describeTopic } from "./describe_configs.ts";
import { loadConfig } from "./load_config.ts";
import { brokerOptionTable, topicOptionTable } from "./option_table.ts";
import { canonicalText, parseText } from "./option_value.ts";
import { parseProperties } from "./properties.ts";
import { topicSettings } from "./topic_settings.ts";
import type { OptionType } from "./option.ts";

const types: OptionType[] = [
  "BOOLEAN",
  "INT",
  "SHORT",
  "LONG",
  "DOUBLE",
  "STRING",
  "LIST",
  "PASSWORD",
];

/** Texts as people and programs put them into options. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom("", " ", "0", "-1", "1", "true", "9223372036854775807", "1e400", ",", "a,a", "*"),
  fc.bigInt().map(String),
  fc.double().map(String),
);

Deno.test("parseText() takes any text, and what it takes prints to itself", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), text, (type, value) => {
      const parsed = parseText(type, value);
      if (!parsed.ok) return;
      const canonical = canonicalText(type, value);
      const again = parseText(type, canonical);
      assert(again.ok, `${type} ${JSON.stringify(value)} -> ${JSON.stringify(canonical)}`);
      assertEquals(canonicalText(type, canonical), canonical);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("loadConfig() starts or names the option, whatever it is given", async () => {
  const names = [...brokerOptionTable.keys()];
  const override = fc.tuple(fc.constantFrom(...names), text);
  await fc.assert(
    fc.asyncProperty(fc.array(override, { maxLength: 4 }), async (overrides) => {
      try {
        const { config } = await loadConfig({
          overrides: overrides.map(([name, value]) => `${name}=${value}`),
        });
        describeBroker(config, { includeSynonyms: true });
        topicSettings(config);
      } catch (error) {
        assert(error instanceof ConfigError, String(error));
        assert(error.option !== "" && error.allowed !== "");
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("parseProperties() takes any text", async () => {
  await fc.assert(fc.asyncProperty(fc.string(), async (content) => {
    await parseProperties(content);
  }));
});

Deno.test("what alterConfigs() lets through, a topic can be described and run with", async () => {
  const { config } = await loadConfig({});
  const context = { config, elrEnabled: true };
  const alteration = fc.record({
    name: fc.constantFrom(...topicOptionTable.keys()),
    configOperation: fc.integer({ min: -1, max: 4 }),
    value: fc.option(text),
  });
  fc.assert(fc.property(fc.array(fc.array(alteration, { maxLength: 3 })), (rounds) => {
    let current = new Map<string, string>();
    for (const alterations of rounds) {
      const outcome = alterConfigs(context, 2, "t", current, alterations);
      if (outcome.changes !== null) current = withChanges(current, outcome.changes);
    }
    topicSettings(config, current);
    describeTopic(config, current, { includeSynonyms: true });
  }));
});
