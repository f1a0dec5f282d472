import { assertEquals } from "@std/assert";
import { inPlainWords } from "./plain_words.ts";

Deno.test("inPlainWords() leaves out what the runtime adds for programmers", () => {
  const cases: [string, string][] = [
    [
      "Cannot make directory /f/data: ENOTDIR: not a directory, mkdir '/f/data'",
      "Cannot make directory /f/data: not a directory",
    ],
    [
      "Cannot move /a: EACCES: permission denied, rename '/a' -> '/b'",
      "Cannot move /a: permission denied",
    ],
    [
      "Cannot read /x: ENOSPC: no space left on device, write",
      "Cannot read /x: no space left on device",
    ],
    [
      "Cannot read /x: Is a directory (os error 21): readfile '/x'",
      "Cannot read /x: is a directory",
    ],
    [
      "Cannot listen on h:80: Permission denied (os error 13)",
      "Cannot listen on h:80: permission denied",
    ],
    ["--topic ERROR: a, b 'c'", "--topic ERROR: a, b 'c'"],
    ["There is no topic EU: small", "There is no topic EU: small"],
  ];
  for (const [message, plain] of cases) assertEquals(inPlainWords(message), plain);
});
