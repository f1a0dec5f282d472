import { assertEquals } from "@std/assert";
import { SortedNames } from "./sorted_names.ts";

Deno.test("SortedNames stays sorted through changes made after it was listed", () => {
  const names = new SortedNames();
  const list = (prefix: string) => [...names.startingWith(prefix)];
  for (const name of ["b", "ab", "a", "c"]) names.add(name);
  assertEquals(list(""), ["a", "ab", "b", "c"]);
  names.add("aa");
  names.add("d");
  names.add("aa");
  names.delete("b");
  names.delete("nothing");
  assertEquals(list(""), ["a", "aa", "ab", "c", "d"]);
  assertEquals(list("a"), ["a", "aa", "ab"]);
  assertEquals(list("e"), []);
});
