import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseFlags } from "../flags.ts";
import { entitiesOf, entityFlags } from "./config_entity.ts";

function entities(...args: string[]) {
  return entitiesOf(parseFlags(entityFlags, args).flags);
}

Deno.test("entitiesOf() reads long and short forms alike", () => {
  assertEquals(entities("--entity-type", "topics", "--entity-name", "t"), entities("--topic", "t"));
  assertEquals(entities("--entity-type", "brokers", "--entity-default"), [
    { type: "brokers", name: "" },
  ]);
  assertEquals(entities("--broker-defaults"), [{ type: "brokers", name: "" }]);
  assertEquals(entities("--entity-type", "groups"), [{ type: "groups", name: null }]);
  assertEquals(entities("--user", "a", "--client", "b"), [
    { type: "users", name: "a" },
    { type: "clients", name: "b" },
  ]);
});

Deno.test("entitiesOf() refuses what names nothing or too much", () => {
  for (
    const args of [
      [],
      ["--entity-type", "nope"],
      ["--entity-name", "x"],
      ["--topic", "t", "--broker", "1"],
      ["--entity-type", "topics", "--entity-name", "a", "--entity-name", "b"],
    ]
  ) {
    assertThrows(() => entities(...args), UsageError);
  }
});
