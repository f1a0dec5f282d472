/** What a user meets: a start with nothing, one from the environment, and Ctrl-C. */
import { assertEquals } from "@std/assert";
import { kafkatsCommand } from "../clients/test_broker.ts";
import { freePortPair, oneNodeProperties } from "../one_node.ts";
import { Asker, first } from "./asking.ts";

const LISTENING_MS_MAX = 20_000;

/** Runs `kafkats broker` in a directory while `use` asks it, then ends it as Ctrl-C does. */
async function withBroker(
  options: {
    readonly cwd: string;
    readonly env: Record<string, string>;
    readonly port: number;
    readonly args?: readonly string[];
  },
  use: (asker: Asker) => Promise<void>,
): Promise<{ readonly code: number; readonly text: string }> {
  const [program, ...args] = kafkatsCommand();
  const child = new Deno.Command(program!, {
    args: [...args, "broker", ...options.args ?? []],
    cwd: options.cwd,
    env: options.env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const printed = new Response(child.stdout).text();
  try {
    await listening(options.port);
    const asker = new Asker({ host: "localhost", port: options.port });
    await use(asker);
    await asker.end();
  } finally {
    child.kill("SIGINT");
  }
  return { code: (await child.status).code, text: await printed };
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + LISTENING_MS_MAX;
  for (;;) {
    try {
      (await Deno.connect({ hostname: "localhost", port })).close();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "localhost", port }).close();
    return true;
  } catch {
    return false; // Something of this machine listens there.
  }
}

/** Where something else of this machine has the port, all is tried but the port itself. */
const isDefaultFree = isFree(9092) && isFree(9093);
const startPort = isDefaultFree ? 9092 : freePortPair();
const startArgs = isDefaultFree
  ? []
  : ["--override", `listeners=PLAINTEXT://localhost:${startPort}`];

Deno.test({
  name: `kafkats broker with ${
    isDefaultFree ? "nothing" : "a port alone, since 9092 or 9093 is taken on this machine,"
  } listens on ${startPort}, keeps its data beside it, ends with Ctrl-C`,
  async fn() {
    const cwd = await Deno.makeTempDir({ prefix: "kafkats-start-" });
    for (const expected of [[], [{ offset: 0, value: "kept" }]]) {
      const options = { cwd, env: {}, port: startPort, args: startArgs };
      const { code, text } = await withBroker(options, async (asker) => {
        if (expected.length === 0) await asker.createTopic("first");
        assertEquals(await asker.readAll("first"), expected);
        if (expected.length > 0) return;
        const produced = await asker.produce("first", { records: [{ value: "kept" }] });
        assertEquals(produced, { errorCode: 0, baseOffset: 0 });
      });
      assertEquals(code, 0, "exit code");
      assertEquals(/Recovered|checked/.test(text), false, `nothing was to be recovered: ${text}`);
    }
    assertEquals((await Deno.stat(`${cwd}/kafkats-data/first-0`)).isDirectory, true);
    await Deno.remove(cwd, { recursive: true });
  },
});

Deno.test("a new cluster has the id that CLUSTER_ID says; one that is there keeps its own", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "kafkats-start-" });
  const port = freePortPair();
  const args = ["--override", `listeners=PLAINTEXT://localhost:${port}`];
  const first = "5L6g3nShT-eMCtK--X86sw";
  for (const id of [first, "MkU3OEVBNTcwNTJENDM2Qg"]) {
    const { text } = await withBroker(
      { cwd, env: { CLUSTER_ID: id }, port, args },
      async (asker) => {
        const { clusterId } = await asker.ask({ api: "DescribeCluster", version: 0, body: {} });
        assertEquals(clusterId, first);
      },
    );
    const warning = `Cluster id ${id} of the environment is not used`;
    assertEquals(text.includes(warning), id !== first, text);
  }
  await Deno.remove(cwd, { recursive: true });
});

Deno.test("options come from the environment as the container images spell them", async () => {
  const cwd = await Deno.makeTempDir({ prefix: "kafkats-start-" });
  const port = freePortPair();
  const properties = { ...oneNodeProperties(port, `${cwd}/elsewhere`), "num.partitions": "7" };
  const env = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll(".", "_")}`,
      value,
    ]),
  );
  const { code } = await withBroker({ cwd, env, port }, async (asker) => {
    const topics = [{ name: "auto" }];
    const body = { topics, allowAutoTopicCreation: true };
    const metadata = { api: "Metadata", version: 12, retryOn: [3, 5], body };
    const topic = first((await asker.ask(metadata)).topics);
    assertEquals((topic.partitions as unknown[]).length, 7, "partitions of a new topic");
  });
  assertEquals(code, 0, "exit code");
  assertEquals((await Deno.stat(`${cwd}/elsewhere/auto-0`)).isDirectory, true);
  await Deno.remove(cwd, { recursive: true });
});
