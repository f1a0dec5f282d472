import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./mod.ts";
import { memoryIo } from "./testing/memory_io.ts";

Deno.test("run() tells its commands, and how to misuse none", async () => {
  const io = memoryIo();
  assertEquals(await run(["--help"], io), 0);
  for (const name of ["broker", "topics", "configs", "groups", "produce", "consume", "storage"]) {
    assertStringIncludes(io.printed().out, `  ${name} `);
  }
  const wrong = memoryIo();
  assertEquals(await run(["topcis"], wrong), 2);
  assertStringIncludes(wrong.printed().err, "There is no command topcis: did you mean topics?");
  assertEquals(await run([], memoryIo()), 2);
});

Deno.test("every command has help with examples", async () => {
  const names = ["broker", "topics", "configs", "groups", "produce", "consume", "offsets"];
  for (const name of [...names, "storage", "version", "up", "registry", "rest", "hash-password"]) {
    const io = memoryIo();
    assertEquals(await run([name, "--help"], io), 0, name);
    const { out } = io.printed();
    assertStringIncludes(out, `Usage: kafkats ${name}`);
    assertStringIncludes(out, "Examples:\n  ");
    for (const line of out.split("\n")) assert(line.length <= 120, line);
    const same = memoryIo();
    assertEquals(await run(["help", name], same), 0);
    assertEquals(same.printed().out, out);
  }
});

Deno.test("a command without arguments says what it needs, then how it is used", async () => {
  const cases = {
    topics: "Exactly one of --list, --describe, --create, --alter, --delete must be given",
    groups: "No action is given: allowed is one of --list, --describe",
    configs: "Exactly one of --describe and --alter must be given",
    produce: "--topic is needed",
    consume: "Neither --topic nor --include: needed is one of them",
    storage: "An action is needed: allowed is format, info",
  };
  for (const [name, needed] of Object.entries(cases)) {
    const io = memoryIo();
    assertEquals(await run([name], io), 2, name);
    const { out, err } = io.printed();
    assertEquals(out, "");
    assert(err.startsWith(needed), err);
    assertStringIncludes(err, `\n\nUsage: kafkats ${name}`);
  }
});

Deno.test("an action without its dashes is recognised", async () => {
  const io = memoryIo();
  assertEquals(await run(["topics", "create", "--topic", "t"], io), 2);
  assertEquals(
    io.printed().err,
    "create is no flag: did you mean --create?\nSee: kafkats topics --help\n",
  );
  const far = memoryIo();
  assertEquals(await run(["groups", "bananas"], far), 2);
  assertStringIncludes(far.printed().err, "bananas is no flag: flags begin with --\n");
});

Deno.test("version tells kafkats, Kafka and Deno", async () => {
  const io = memoryIo();
  assertEquals(await run(["--version"], io), 0);
  const { out } = io.printed();
  assert(/^kafkats \d+\.\d+\.\d+ \(from source, Apache Kafka 4\.4, Deno \d/.test(out), out);
  const json = memoryIo();
  assertEquals(await run(["version", "--json"], json), 0);
  assertEquals(JSON.parse(json.printed().out).kafka, "4.4");
});
