import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { HttpError } from "./http_error.ts";
import { hashPassword, Users } from "./passwords.ts";

const basic = (credentials: string) => `Basic ${btoa(credentials)}`;

Deno.test("hashPassword() never gives the same twice, and the right password alone fits", async () => {
  const [one, other] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
  assertMatch(one, /^scrypt\$[\w+/]{22}==\$[\w+/]{43}=$/);
  assert(one !== other);
  const users = Users.parse(`a:read:${one}\nb:write:${other}\n`);
  assertEquals(await users.identify(basic("a:secret")), { name: "a", role: "read" });
  assertEquals(await users.identify(basic("b:secret")), { name: "b", role: "write" });
  for (const credentials of ["a:Secret", "a:", "a", ":secret", "c:secret", "", ":"]) {
    assertEquals(await users.identify(basic(credentials)), null, credentials);
  }
});

Deno.test("a hash of another program with the same parameters fits", async () => {
  // Python: hashlib.scrypt(b"pencil", salt=bytes(range(16)), n=16384, r=8, p=1, dklen=32)
  const users = Users.parse(
    "u:read:scrypt$AAECAwQFBgcICQoLDA0ODw==$41hRQCULKCSmNSQUP16QHPd1FwUxnAwu+hJRJRyml98=\n",
  );
  assertEquals(await users.identify(basic("u:pencil")), { name: "u", role: "read" });
});

Deno.test("a password that was right is known at once, a wrong one never", async () => {
  const users = Users.parse(`a:read:${await hashPassword("secret")}`);
  assertEquals(users.known(basic("a:secret")), null);
  await users.identify(basic("a:secret"));
  assertEquals(users.known(basic("a:secret")), { name: "a", role: "read" });
  await users.identify(basic("a:wrong"));
  assertEquals(users.known(basic("a:wrong")), null);
  assertEquals(users.known(undefined), null);
});

Deno.test("the same password is tried once at a time, and few at a time in all", async () => {
  const users = Users.parse(`a:read:${await hashPassword("secret")}`);
  const same = Array.from({ length: 100 }, () => users.identify(basic("a:secret")));
  assertEquals(new Set(same).size, 1);
  const others = Array.from({ length: 7 }, (_, i) => users.identify(basic(`a:${i}`)));
  const error = await assertRejects(() => users.identify(basic("a:8")), HttpError);
  assertEquals([error.status, error.headers["Retry-After"]], [429, "1"]);
  assertEquals(await same[0], { name: "a", role: "read" });
  assertEquals(await Promise.all(others), Array(7).fill(null));
  assertEquals(await users.identify(basic("a:8")), null);
});

Deno.test("trying passwords does not block what else there is to do", async () => {
  const users = Users.parse(`a:read:${await hashPassword("secret")}`);
  let turns = 0, isOver = false;
  const trials = Promise.all([1, 2, 3, 4].map((i) => users.identify(basic(`a:${i}`))))
    .finally(() => isOver = true);
  while (!isOver) {
    turns += 1;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await trials;
  assert(turns > 4, `${turns} turns of the event loop while four passwords were tried`);
});

Deno.test("a file of users is refused at the line at fault", async () => {
  const hash = await hashPassword("x");
  const cases: [string, string][] = [
    [`a:admin:${hash}`, "Line 1 of the users is not name:role:hash, with role read or write"],
    [`\na:read:plain`, "Line 2 of the users is not name:role:hash, with role read or write"],
    [`a:read:${hash}\n# a\na:write:${hash}`, "Line 3 of the users names a again"],
    [`:read:${hash}`, "Line 1 of the users is not name:role:hash, with role read or write"],
  ];
  for (const [text, message] of cases) {
    assertEquals(assertThrows(() => Users.parse(text), Error).message, message);
  }
  assertEquals(await Users.parse(`\r\n# nobody\r\n`).identify(basic("a:x")), null);
  assertEquals(await Users.parse(`a:read:${hash}\r\n`).identify(basic("a:x")), {
    name: "a",
    role: "read",
  });
});
