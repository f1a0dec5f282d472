/** A start that can't be is refused with one clear sentence, and harms nobody. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { kafkatsCommand, startTestBroker, type TestBroker } from "../clients/test_broker.ts";
import { Asker } from "./asking.ts";

const START_MS_MAX = 20_000;

interface Start {
  readonly code: number;
  readonly text: string;
}

/** Runs `kafkats broker` with these arguments until it ends; a broker that does not end is killed. */
function start(...args: string[]): Promise<Start> {
  return startIn({}, ...args);
}

/** As `start`, with these environment variables. */
async function startIn(env: Record<string, string>, ...args: string[]): Promise<Start> {
  const [program, ...first] = kafkatsCommand();
  const child = new Deno.Command(program!, {
    args: [...first, "broker", ...args],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS_MAX);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

function overrides(properties: Readonly<Record<string, string>>): string[] {
  return Object.entries(properties).flatMap(([name, value]) => ["--override", `${name}=${value}`]);
}

/** Properties of a node with its own ports and this data. */
function node(directory: string): Record<string, string> {
  return {
    "listeners": "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0",
    "log.dirs": directory,
  };
}

/** What was said must be of one line that names all of these, and no stack trace. */
function assertRefused({ code, text }: Start, ...names: string[]): void {
  assert(code > 0 && code < 128, `exit code ${code}: ${text}`);
  for (const name of names) assertStringIncludes(text, name);
  assertEquals(/^\s+at /m.test(text), false, `no stack trace in ${text}`);
}

async function isServing(broker: TestBroker): Promise<boolean> {
  const asker = new Asker({ host: "127.0.0.1", port: broker.port });
  const { errorCode } = await asker.ask({ api: "ApiVersions", version: 0 });
  await asker.end();
  return errorCode === 0;
}

Deno.test("a second broker on the same directory is refused", async () => {
  await using broker = await startTestBroker({ apache: false });
  const data = `${broker.directory}/data`;
  assertRefused(await start(...overrides(node(data))), data);
  assert(await isServing(broker), "the first goes on");
});

Deno.test("a port that is taken is refused by name", async () => {
  await using broker = await startTestBroker({ apache: false });
  const directory = await Deno.makeTempDir();
  const listeners = `PLAINTEXT://127.0.0.1:${broker.port},CONTROLLER://127.0.0.1:0`;
  const refused = await start(...overrides({ ...node(`${directory}/data`), listeners }));
  assertRefused(refused, "listeners", `127.0.0.1:${broker.port}`, "another program listens there");
  assertEquals(refused.text.trim().split("\n").length, 1, `one line: ${refused.text}`);
  assertEquals([...Deno.readDirSync(directory)], [], "nothing is left behind");
  assert(await isServing(broker), "the first goes on");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a directory of another node or cluster is refused", async () => {
  const directory = await Deno.makeTempDir();
  const data = `${directory}/data`;
  {
    await using broker = await startTestBroker({ apache: false, directory });
    assert(await isServing(broker));
  }
  const foreignNode = {
    ...node(data),
    "node.id": "7",
    "controller.quorum.voters": "7@127.0.0.1:0",
  };
  assertRefused(await start(...overrides(foreignNode)), "7", "1");
  const other = `${directory}/other`;
  await Deno.mkdir(other);
  const properties = await Deno.readTextFile(`${data}/meta.properties`);
  await Deno.writeTextFile(
    `${other}/meta.properties`,
    properties.replace(/cluster\.id=.*/, "cluster.id=AAAAAAAAAAAAAAAAAAAAfw")
      .replace(/directory\.id=.*/, "directory.id=AAAAAAAAAAAAAAAAAAAAgA"),
  );
  const both = { ...node(data), "log.dirs": `${data},${other}` };
  assertRefused(await start(...overrides(both)), "AAAAAAAAAAAAAAAAAAAAfw");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("a data directory that can't be made is refused by name", async () => {
  const file = await Deno.makeTempFile();
  const refused = await start(...overrides(node(`${file}/data`)));
  assertRefused(refused, `${file}/data`, "not a directory");
  assertEquals(/E[A-Z]{4,}|os error|mkdir/.test(refused.text), false, refused.text);
  await Deno.remove(file);
});

Deno.test("a bad value is refused with option, value and what is allowed", async () => {
  const directory = await Deno.makeTempDir();
  const properties = { ...node(`${directory}/data`), "num.partitions": "many" };
  assertRefused(await start(...overrides(properties)), "num.partitions", "many");
  const below = { ...node(`${directory}/data`), "num.partitions": "0" };
  assertRefused(await start(...overrides(below)), "num.partitions", "0", "1");
  const { code, text } = await start("--override", "nonsense");
  assertEquals([code, text.split("\n").at(-2)], [2, "See: kafkats broker --help"], text);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("listeners that can't be are refused as they were given", async () => {
  const parent = await Deno.makeTempDir();
  for (
    const [listeners, why] of [
      ["foo", "NAME://host:port"],
      ["PLAINTEXT://127.0.0.1:99999", "ports from 0 to 65535"],
      ["SSL://127.0.0.1:0", "TLS and SASL are not served yet"],
    ] as const
  ) {
    const refused = await start(...overrides({ listeners, "log.dirs": `${parent}/data` }));
    assertRefused(refused, `listeners=${listeners}: `, why);
    assertEquals(/CONTROLLER|voters/.test(refused.text), false, refused.text);
  }
  assertEquals([...Deno.readDirSync(parent)], [], "nothing is left behind");
  await Deno.remove(parent, { recursive: true });
});

Deno.test("a cluster id that can only be a slip is refused", async () => {
  const parent = await Deno.makeTempDir();
  const args = overrides(node(`${parent}/data`));
  assertRefused(await startIn({ CLUSTER_ID: "my cluster" }, ...args), "CLUSTER_ID=my cluster");
  assertEquals([...Deno.readDirSync(parent)], [], "nothing is left behind");
  await Deno.remove(parent, { recursive: true });
});

Deno.test("a properties file that is not there is refused by name", async () => {
  assertEquals(
    (await start("/nowhere/server.properties")).text,
    "Cannot read /nowhere/server.properties: no such file\n",
  );
});

Deno.test("an unknown option warns and does not stop the start", async () => {
  const directory = await Deno.makeTempDir();
  {
    await using broker = await startTestBroker({
      apache: false,
      directory,
      properties: { "num.partitons": "3" },
    });
    assert(await isServing(broker));
  }
  assertStringIncludes(await Deno.readTextFile(`${directory}/broker.log`), "num.partitons");
  await Deno.remove(directory, { recursive: true });
});
