import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "./mod.ts";
import { memoryIo } from "./testing/memory_io.ts";

const CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg";
const BOOTSTRAP = "__cluster_metadata-0/00000000000000000000-0000000000.checkpoint";

async function storage(directory: string, ...args: string[]) {
  const io = memoryIo({
    files: { "server.properties": `node.id=7\nlog.dirs=${directory}/a,${directory}/b` },
  });
  const code = await run(["storage", ...args], io);
  return { code, ...io.printed() };
}

Deno.test("storage format writes whose the directories are, and the first snapshot", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const flags = ["-t", CLUSTER, "-c", "server.properties"];
    const formatted = await storage(directory, "format", ...flags);
    assertEquals(formatted.code, 0, formatted.err);
    assertEquals(
      formatted.out,
      `Formatting metadata directory ${directory}/a with metadata.version 4.4-IV2.\n` +
        `Formatting data directory ${directory}/b with metadata.version 4.4-IV2.\n`,
    );
    const properties = await Deno.readTextFile(`${directory}/b/meta.properties`);
    assertStringIncludes(properties, `cluster.id=${CLUSTER}\n`);
    assertStringIncludes(properties, "node.id=7\n");
    // The size of what kafka-storage 4.4.0 writes.
    assertEquals((await Deno.stat(`${directory}/a/${BOOTSTRAP}`)).size, 411);

    const again = await storage(directory, "format", ...flags);
    assertEquals([again.code, again.out], [1, ""]);
    assertStringIncludes(again.err, `${directory}/a is formatted already`);
    const other = await storage(directory, "format", "-t", "bad", "-c", "server.properties");
    assertEquals([other.code, other.err], [
      1,
      `Cannot use ${directory}/a: it belongs to cluster ${CLUSTER}, not to bad\n`,
    ]);
    const ignored = await storage(directory, "format", "--ignore-formatted", ...flags);
    assertEquals([ignored.code, ignored.err], [0, ""]);
    const foreign = await storage(
      directory,
      "format",
      "-g",
      "-t",
      "other",
      "-c",
      "server.properties",
    );
    assertEquals(foreign.code, 1);
    assertStringIncludes(foreign.err, `it belongs to cluster ${CLUSTER}, not to other`);

    const info = await storage(directory, "info", "-c", "server.properties");
    assertEquals(info.code, 0, info.out);
    assertStringIncludes(info.out, `Found log directories:\n  ${directory}/a\n  ${directory}/b\n`);
    assertStringIncludes(info.out, `cluster.id=${CLUSTER}`);
    const wrong = await storage(
      directory,
      "info",
      "-c",
      "server.properties",
      "--override",
      "node.id=8",
    );
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.out, "belongs to node 7, and node.id is 8");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("storage format --standalone puts the voter into the snapshot", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const { code, out, err } = await storage(
      directory,
      "format",
      "--standalone",
      "--override",
      `log.dirs=${directory}/one`,
    );
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "Formatting dynamic metadata voter directory");
    // A control record for kraft.version and one for the voters more.
    assert((await Deno.stat(`${directory}/one/${BOOTSTRAP}`)).size > 480);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("storage says what is wrong before it writes anything", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const flags = ["-c", "server.properties"];
    const cases: [string[], number, string][] = [
      [[], 2, "An action is needed"],
      [["frmat"], 2, "There is no action frmat"],
      [["format", "-c", "missing.properties"], 1, "Cannot read missing.properties"],
      [["format", ...flags, "--feature", "x=1"], 2, "--feature x=1: allowed is name=level"],
      [["format", ...flags, "--override", "nonsense"], 2, "Cannot use --override=nonsense"],
      [["format", ...flags, "--override", "log.roll.ms=0"], 1, "Cannot use log.roll.ms=0"],
      [
        ["format", ...flags, "--standalone", "--override", "controller.quorum.voters=7@h:1"],
        2,
        "--standalone goes without controller.quorum.voters",
      ],
      [
        ["format", ...flags, "--override", "controller.quorum.bootstrap.servers=h:1"],
        2,
        "give --standalone or --no-initial-controllers",
      ],
    ];
    for (const [args, code, message] of cases) {
      const result = await storage(directory, ...args);
      assertEquals(result.code, code, args.join(" "));
      assertStringIncludes(result.err, message);
    }
    assertEquals([...Deno.readDirSync(directory)], []);
    await Deno.writeTextFile(`${directory}/file`, "");
    const under = ["--override", `log.dirs=${directory}/file/data`];
    const refused = await storage(directory, "format", ...under);
    assertEquals([refused.code, refused.out], [1, ""], "nothing is said to be formatted");
    assertEquals(
      refused.err,
      `Cannot read ${directory}/file/data/meta.properties: not a directory\n`,
    );
    const info = await storage(directory, "info", ...flags);
    assertEquals(info.code, 1);
    assertStringIncludes(info.out, `${directory}/a does not exist`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("storage random-uuid prints an id that is no flag", async () => {
  const { out } = await storage("/nowhere", "random-uuid");
  assert(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}\n$/.test(out), out);
});
