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
  for (const name of [...names, "storage", "version"]) {
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

Deno.test("version tells kafkats, Kafka and Deno", async () => {
  const io = memoryIo();
  assertEquals(await run(["--version"], io), 0);
  assert(/^kafkats \d+\.\d+\.\d+ \(Apache Kafka 4\.4, Deno \d/.test(io.printed().out));
  const json = memoryIo();
  assertEquals(await run(["version", "--json"], json), 0);
  assertEquals(JSON.parse(json.printed().out).kafka, "4.4");
});
