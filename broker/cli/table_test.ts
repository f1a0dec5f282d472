import { assertEquals } from "@std/assert";
import { table } from "./table.ts";

Deno.test("table() makes columns as wide as their widest cell", () => {
  assertEquals(
    table(
      [{ title: "GROUP", width: 8 }, { title: "ID" }, { title: "LAST" }],
      [["a", "long-id", "x"], ["b", "", "y"]],
    ),
    "GROUP    ID      LAST\na        long-id x\nb                y\n",
  );
  assertEquals(table([{ title: "ONLY", width: 20 }], []), "ONLY\n");
});
