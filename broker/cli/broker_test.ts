import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./mod.ts";
import { type MemoryIo, memoryIo } from "./testing/memory_io.ts";

/** Resolves when the log has a line with `text`; rejects when the command ends before. */
async function heard(io: MemoryIo, text: string, ended: Promise<number>): Promise<void> {
  let code: number | null = null;
  void ended.then((value) => code = value);
  while (!io.printed().out.includes(text)) {
    if (code !== null) throw new Error(`ended with ${code}: ${io.printed().err}`);
    // The broker starts on real files and sockets: there is nothing to step.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function overrides(directory: string): string[] {
  const options = [
    "listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
    "controller.listener.names=CONTROLLER",
    `log.dirs=${directory}`,
  ];
  return options.flatMap((option) => ["--override", option]);
}

Deno.test("broker runs until it is asked to end, and tells what it does as JSON", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const io = memoryIo({ files: { "server.properties": "num.partitions=3\nno.such=1\n" } });
    const ended = run(["broker", "server.properties", ...overrides(directory)], io);
    await heard(io, "Listening on PLAINTEXT://127.0.0.1:", ended);
    io.stop();
    assertEquals(await ended, 0);
    const events = io.printed().out.trimEnd().split("\n").map((line) => JSON.parse(line));
    const warning = events.find(({ level }) => level === "warn");
    assertEquals(warning.msg, "no.such is no option that this broker knows; it is ignored");
    assertEquals(events.at(-1).msg, "Stopped");
    for (const event of events) assert(!Number.isNaN(Date.parse(event.time)));
    assertEquals(io.printed().err, "");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("broker says in one sentence why it can't start", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const running = memoryIo();
    const ended = run(["broker", ...overrides(directory)], running);
    await heard(running, "Listening on", ended);
    const cases: [string[], number, string][] = [
      [["missing.properties"], 1, "Cannot read missing.properties: no such file\n"],
      [
        ["--override", "nonsense"],
        2,
        "Cannot use --override=nonsense: allowed is name=value\nSee: ",
      ],
      [["a", "b"], 2, "b is one argument too many"],
      [["--override", "num.partitions=0"], 1, "Cannot use num.partitions=0: allowed is 1 or more"],
      [["--override", "process.roles=broker"], 1, "Cannot use "],
      [["--log-level", "loud"], 2, "--log-level loud: allowed is trace, debug, info"],
      [overrides(directory), 1, "another broker is running on it"],
    ];
    for (const [args, code, message] of cases) {
      const io = memoryIo();
      assertEquals(await run(["broker", ...args], io), code, args.join(" "));
      assertStringIncludes(io.printed().err, message);
      assert(!io.printed().err.includes("    at "), io.printed().err);
    }
    running.stop();
    assertEquals(await ended, 0);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
