import { assertEquals, assertMatch } from "@std/assert";
import { run } from "./mod.ts";
import { memoryIo } from "./testing/memory_io.ts";

Deno.test("hash-password makes a line of a file of users", async () => {
  const io = memoryIo({ input: ["secret\n"] });
  assertEquals(await run(["hash-password", "--user", "ana", "--role", "write"], io), 0);
  assertMatch(io.printed().out, /^ana:write:scrypt\$[\w+/]{22}==\$[\w+/]{43}=\n$/);
});

Deno.test("hash-password refuses names that the file can't hold, and no password", async () => {
  const name = memoryIo({ input: ["secret\n"] });
  assertEquals(await run(["hash-password", "--user", "a:b"], name), 2);
  assertMatch(name.printed().err, /^--user a:b: allowed is a name without colons/);
  const empty = memoryIo({ input: ["\n"] });
  assertEquals(await run(["hash-password", "--user", "ana"], empty), 2);
  assertMatch(empty.printed().err, /^The password is empty/);
});
