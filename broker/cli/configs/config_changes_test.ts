import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseAddedConfigs, parseDeletedConfigs } from "./config_changes.ts";

Deno.test("parseAddedConfigs() keeps what stands in brackets together", () => {
  assertEquals(
    [...parseAddedConfigs("retention.ms = 5, cleanup.policy=[compact,delete],match=[a=b,c=d],x=")],
    [["retention.ms", "5"], ["cleanup.policy", "compact,delete"], ["match", "a=b,c=d"], ["x", ""]],
  );
});

Deno.test("parseAddedConfigs() refuses what is no list of options", () => {
  for (const text of ["retention.ms", "=5", "a=[1,2", "a b=1"]) {
    assertThrows(() => parseAddedConfigs(text), UsageError);
  }
});

Deno.test("parseDeletedConfigs() takes commas and repeated flags", () => {
  assertEquals(parseDeletedConfigs(["a,b", " c "]), ["a", "b", "c"]);
});
