/**
 * The client commands against our own broker, run as `main.ts` runs them; one of them in a process of
 * its own, to be ended by Ctrl-C. Set KAFKATS_TEST_BOOTSTRAP to `host:port` to run them against
 * another cluster instead.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type CommandIo, run } from "../broker/cli/mod.ts";
import { startBroker } from "../broker/mod.ts";

/** What a command printed, and its exit code. */
interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Commands bound to one cluster. */
interface Cluster {
  readonly bootstrap: string;
  /** Runs `kafkats` with a command line, words between blanks. */
  kafkats(line: string, input?: string): Promise<Outcome>;
}

async function withCluster(use: (cluster: Cluster) => Promise<void>): Promise<void> {
  const given = Deno.env.get("KAFKATS_TEST_BOOTSTRAP");
  if (given !== undefined) return await use(clusterAt(given));
  const dataDirectory = await Deno.makeTempDir({ prefix: "kafkats-cli-" });
  try {
    await using broker = await startBroker({
      dataDirectory,
      overrides: { "group.initial.rebalance.delay.ms": "0" },
    });
    await use(clusterAt(broker.bootstrap));
  } finally {
    await Deno.remove(dataDirectory, { recursive: true });
  }
}

function clusterAt(bootstrap: string): Cluster {
  return {
    bootstrap,
    async kafkats(line, input = "") {
      const args = line.split(" ").filter((word) => word !== "");
      const { io, printed } = commandIo(input);
      const code = await run([...args, "--bootstrap-server", bootstrap], io);
      return { code, ...printed() };
    },
  };
}

/** A command's world: `input` piped in, what is printed kept. */
function commandIo(input: string): { io: CommandIo; printed: () => { out: string; err: string } } {
  const decoder = new TextDecoder();
  let out = "", err = "";
  const io: CommandIo = {
    stdout: output((text) => out += text),
    stderr: output((text) => err += text),
    environment: {},
    isInputTerminal: false,
    async *readInput() {
      yield await Promise.resolve(new TextEncoder().encode(input));
    },
    readTextFile: (path) => Deno.readTextFile(path),
    onStop: () => () => {},
    nowMs: () => Date.now(),
  };
  function output(add: (text: string) => void): CommandIo["stdout"] {
    return {
      isTerminal: false,
      write: (text) => Promise.resolve(add(text)),
      writeBytes: (bytes) => Promise.resolve(add(decoder.decode(bytes))),
    };
  }
  return { io, printed: () => ({ out, err }) };
}

/** A name that no other test or run has used. */
function fresh(name: string): string {
  return `${name}-${crypto.randomUUID().slice(0, 8)}`;
}

async function createTopic(cluster: Cluster, topic: string, partitions: number): Promise<void> {
  const created = await cluster.kafkats(
    `topics --create --topic ${topic} --partitions ${partitions} --replication-factor 1`,
  );
  assertEquals(created.code, 0, created.err);
}

function words(table: string): string[][] {
  return table.trim().split("\n").map((line) => line.trim().split(/ +/));
}

Deno.test("produce, consume and offsets agree on keys, headers, nulls and order", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("lines");
    await createTopic(cluster, topic, 3);
    const lines = Array.from({ length: 300 }, (_, index) => `k${index % 10}\tv${index}`);
    const sent = await cluster.kafkats(
      `produce --topic ${topic} --reader-property parse.key=true --batch-size 200`,
      `${lines.join("\n")}\n`,
    );
    assertEquals(sent, { code: 0, out: "", err: "" });

    const offsets = await cluster.kafkats(`offsets --topic ${topic}`);
    const counts = offsets.out.trim().split("\n").map((line) => Number(line.split(":")[2]));
    assertEquals([counts.length, counts.reduce((sum, count) => sum + count)], [3, 300]);

    const read = await cluster.kafkats(
      `consume --topic ${topic} --from-beginning --max-messages 300 --timeout-ms 20000 ` +
        `--formatter-property print.key=true`,
    );
    assertEquals([read.code, read.err], [0, "Processed a total of 300 messages\n"]);
    const byKey = Map.groupBy(read.out.trim().split("\n"), (line) => line.split("\t")[0]!);
    for (const [key, own] of byKey) {
      assertEquals(own, lines.filter((line) => line.startsWith(`${key}\t`)), "in order per key");
    }
  });
});

Deno.test("every codec comes back as it went in, headers and nulls too", async () => {
  await withCluster(async (cluster) => {
    for (const codec of ["none", "gzip", "snappy", "lz4", "zstd"]) {
      const topic = fresh(codec);
      await createTopic(cluster, topic, 1);
      const sent = await cluster.kafkats(
        `produce --topic ${topic} --compression-codec ${codec} --reader-property parse.key=true ` +
          `--reader-property parse.headers=true --reader-property null.marker=NULL`,
        "h1:a,h1:b\tk\tvalue\nNULL\tNULL\tNULL\n",
      );
      assertEquals(sent, { code: 0, out: "", err: "" });
      const read = await cluster.kafkats(
        `consume --topic ${topic} --from-beginning --max-messages 2 --timeout-ms 20000 --json`,
      );
      const records = read.out.trim().split("\n").map((line) => JSON.parse(line));
      assertEquals(
        records.map(({ key, value, headers, offset }) => [offset, key, value, headers]),
        [
          [0, "k", "value", [{ key: "h1", value: "a" }, { key: "h1", value: "b" }]],
          [1, null, null, []],
        ],
      );
    }
  });
});

Deno.test("consume begins at an offset, ends after a count or when nothing comes", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("places");
    await createTopic(cluster, topic, 1);
    await cluster.kafkats(`produce --topic ${topic}`, "a\nb\nc\nd\n");
    const middle = await cluster.kafkats(
      `consume --topic ${topic} --partition 0 --offset 1 --max-messages 2 --timeout-ms 20000`,
    );
    assertEquals(middle.out, "b\nc\n");
    const end = await cluster.kafkats(`consume --topic ${topic} --timeout-ms 300`);
    assertEquals(end, { code: 0, out: "", err: "Processed a total of 0 messages\n" });
    const beyond = await cluster.kafkats(`consume --topic ${topic} --partition 7 --offset 0`);
    assertEquals([beyond.code, beyond.err], [
      1,
      `Cannot read --partition 7: ${topic} has partitions 0 to 0\n`,
    ]);
  });
});

Deno.test("a group goes on behind the last record that was printed; groups tells where it is", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("grouped"), group = fresh("group");
    await createTopic(cluster, topic, 1);
    await cluster.kafkats(`produce --topic ${topic}`, "1\n2\n3\n4\n5\n");
    const consume = `consume --topic ${topic} --group ${group} --from-beginning --timeout-ms 20000`;
    assertEquals((await cluster.kafkats(`${consume} --max-messages 2`)).out, "1\n2\n");
    assertEquals((await cluster.kafkats(`${consume} --max-messages 1`)).out, "3\n");

    const described = await cluster.kafkats(`groups --describe --group ${group}`);
    assertEquals(words(described.out), [
      words(
        "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID",
      )[0]!,
      [group, topic, "0", "3", "5", "2", "-", "-", "-"],
    ]);
    assertStringIncludes(described.err, "no active members");
    const listed = await cluster.kafkats("groups --list --state --type --json");
    const own = JSON.parse(listed.out).find((each: { group: string }) => each.group === group);
    assertEquals(own, { group, type: "Classic", state: "Empty", protocolType: "consumer" });
  });
});

Deno.test("reset-offsets plans, warns, executes and exports; deletions tell what they did", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("reset"), group = fresh("group");
    await createTopic(cluster, topic, 2);
    await cluster.kafkats(
      `produce --topic ${topic} --reader-property parse.key=true`,
      Array.from({ length: 50 }, (_, index) => `k${index}\tv\n`).join(""),
    );
    const ends = (await cluster.kafkats(`offsets --topic ${topic} --json`)).out;
    const [end0, end1] = JSON.parse(ends).map(({ offset }: { offset: number }) => offset);
    const reset = `groups --reset-offsets --group ${group}`;

    const dry = await cluster.kafkats(`${reset} --topic ${topic} --to-latest`);
    assertStringIncludes(dry.err, "Nothing is changed without --execute");
    assertEquals(words(dry.out).slice(1), [
      [group, topic, "0", String(end0)],
      [group, topic, "1", String(end1)],
    ]);
    assertEquals((await cluster.kafkats(`groups --describe --group ${group}`)).code, 1);

    const far = await cluster.kafkats(`${reset} --topic ${topic}:1 --to-offset 9999 --execute`);
    assertStringIncludes(far.err, `beyond the end ${end1}`);
    await cluster.kafkats(`${reset} --topic ${topic}:0 --to-earliest --execute`);
    await cluster.kafkats(`${reset} --all-topics --shift-by 1 --execute`);
    const plan = await cluster.kafkats(`${reset} --all-topics --to-current --export --dry-run`);
    assertEquals(plan.out, `${topic},0,1\n${topic},1,${end1}\n`);
    const ago = await cluster.kafkats(
      `${reset} --topic ${topic} --by-duration P1D --export --dry-run`,
    );
    assertEquals(ago.out, `${topic},0,0\n${topic},1,0\n`);

    const missing = await cluster.kafkats(`${reset} --topic ${topic}:7 --to-earliest --execute`);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.err, "it has no partition 7");

    const deleted = await cluster.kafkats(
      `groups --delete-offsets --group ${group} --topic ${topic}:0`,
    );
    assertEquals(words(deleted.out)[1], [topic, "0", "Successful"]);
    const gone = await cluster.kafkats(`groups --delete --group ${group}`);
    assertEquals([gone.code, gone.out], [0, `Deleted consumer groups '${group}'\n`]);
    const again = await cluster.kafkats(`groups --delete --group ${group}`);
    assertEquals(again.code, 1);
    assertStringIncludes(again.err, "GROUP_ID_NOT_FOUND");
  });
});

Deno.test("a consumer whose reader goes says so, and counts nothing that was not read", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("head");
    await createTopic(cluster, topic, 1);
    const line = "x".repeat(1000);
    await cluster.kafkats(`produce --topic ${topic}`, `${line}\n`.repeat(2000));
    const consumer = kafkatsProcess(
      `consume --topic ${topic} --from-beginning --bootstrap-server ${cluster.bootstrap}`,
    );
    const reader = consumer.stdout.getReader();
    assert(new TextDecoder().decode((await reader.read()).value).startsWith(line));
    await reader.cancel();
    const err = await new Response(consumer.stderr).text();
    assertEquals([(await consumer.status).code, err], [
      0,
      "Nobody reads the output any more: ending\n",
    ]);
  });
});

Deno.test("consume says whether a topic that is missing may be created", async () => {
  await withCluster(async (cluster) => {
    const waiting = async (more: string) => {
      const topic = fresh("missing");
      const { err } = await cluster.kafkats(
        `consume --topic ${topic} --from-beginning --timeout-ms 200${more}`,
      );
      const listed = await cluster.kafkats("topics --list");
      return [err.split("\n")[0]!.replace(topic, "T"), listed.out.includes(topic)];
    };
    assertEquals(await waiting(""), [
      "Topic T is not there: the broker is asked to create it (auto.create.topics.enable), waiting",
      true,
    ]);
    assertEquals(await waiting(" --command-property allow.auto.create.topics=false"), [
      "Topic T is not there: waiting",
      false,
    ]);
  });
});

Deno.test("reset-offsets of a group with members prints no table", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("live"), group = fresh("group");
    await createTopic(cluster, topic, 1);
    const reader = consumeProcess(cluster, topic, group);
    await reader.untilPrinted(() => cluster.kafkats(`produce --topic ${topic}`, "start\n"));
    const refused = await cluster.kafkats(
      `groups --reset-offsets --group ${group} --topic ${topic} --to-earliest --execute`,
    );
    await reader.stop();
    assertEquals([refused.code, refused.out], [1, ""]);
    assertStringIncludes(refused.err, `Cannot reset group '${group}' while it has members`);
  });
});

Deno.test("offsets answers every kind of time", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("times");
    await createTopic(cluster, topic, 1);
    await cluster.kafkats(`produce --topic ${topic}`, "a\nb\n");
    const line = `offsets --topic ${topic} --time`;
    assertEquals((await cluster.kafkats(`${line} latest`)).out, `${topic}:0:2\n`);
    assertEquals((await cluster.kafkats(`${line} earliest`)).out, `${topic}:0:0\n`);
    assertEquals((await cluster.kafkats(`${line} earliest-local`)).out, `${topic}:0:0\n`);
    assertEquals((await cluster.kafkats(`${line} 0`)).out, `${topic}:0:0\n`);
    assertEquals(await cluster.kafkats(`${line} 99999999999999`), { code: 0, out: "", err: "" });
    assertEquals((await cluster.kafkats(`offsets --topic ${fresh("nope")}`)).code, 1);
  });
});

Deno.test("wrong use ends with 2, a cluster that is not there with 1, each with one sentence", async () => {
  const nobody = clusterAt("localhost:1");
  for (
    const line of [
      "groups --list --describe",
      "produce --sync",
      "offsets --time soon",
      "consume --partition 1",
    ]
  ) {
    const { code, out, err } = await nobody.kafkats(line);
    assertEquals([code, out], [2, ""], line);
    assertStringIncludes(err, "--help");
  }
  for (
    const line of ["groups --list", "offsets --topic t", "consume --topic t", "produce --topic t"]
  ) {
    const { code, err } = await nobody.kafkats(line, "x\n");
    assertEquals(code, 1, line);
    assertStringIncludes(err, "localhost:1");
  }
});

Deno.test("Ctrl-C ends a consumer that has committed what it printed, members of a group share", async () => {
  await withCluster(async (cluster) => {
    const topic = fresh("shared"), group = fresh("group");
    await createTopic(cluster, topic, 4);
    const first = consumeProcess(cluster, topic, group);
    await first.untilPrinted(() => cluster.kafkats(`produce --topic ${topic}`, "start\n"));
    const second = consumeProcess(cluster, topic, group);
    await untilMembers(cluster, group, 2);
    const described = await cluster.kafkats(`groups --describe --group ${group} --members --json`);
    const [{ members }] = JSON.parse(described.out);
    assertEquals(
      members.map((each: { assignment: Record<string, number[]> }) =>
        each.assignment[topic]?.length
      ),
      [2, 2],
    );

    const numbers = Array.from({ length: 500 }, (_, index) => String(index));
    await cluster.kafkats(`produce --topic ${topic} --batch-size 64`, `${numbers.join("\n")}\n`);
    await untilLag(cluster, group, 0);
    const [one, two] = [await first.stop(), await second.stop()];
    assertEquals([one.code, two.code], [0, 0]);
    const printed = `${one.out}${two.out}`.trim().split("\n");
    assertEquals(printed.filter((line) => line !== "start").sort(), numbers.sort());
    assert(one.out.length > 10 && two.out.length > 10, "both have read");
    await untilMembers(cluster, group, 0);
    await untilLag(cluster, group, 0);
  });
});

/** `kafkats` with a command line in a process of its own. */
function kafkatsProcess(line: string): Deno.ChildProcess {
  const main = new URL("../main.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: [..."run --allow-all --quiet".split(" "), main, ...line.split(" ")],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A consumer in a process of its own. */
function consumeProcess({ bootstrap }: Cluster, topic: string, group: string) {
  const child = kafkatsProcess(
    `consume --topic ${topic} --group ${group} --from-beginning ` +
      `--bootstrap-server ${bootstrap} --command-property heartbeat.interval.ms=200`,
  );
  const printing = Promise.withResolvers<void>();
  let out = "";
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      out += text;
      printing.resolve();
    }
  })();
  return {
    /** Does something of which this consumer will print, and waits until it has. */
    async untilPrinted(produce: () => Promise<unknown>): Promise<void> {
      await produce();
      await printing.promise;
    },
    async stop(): Promise<Outcome> {
      child.kill("SIGINT");
      const err = await new Response(child.stderr).text();
      await reading;
      return { code: (await child.status).code, out, err };
    },
  };
}

async function untilMembers(cluster: Cluster, group: string, count: number): Promise<void> {
  await until(async () => {
    const { out } = await cluster.kafkats(`groups --describe --group ${group} --members --json`);
    const [description] = JSON.parse(out);
    const assigned = description.members.filter((each: { assignment: object }) =>
      Object.keys(each.assignment).length > 0
    );
    return description.members.length === count && assigned.length === count &&
      /^(?:Stable|Empty)$/.test(description.state);
  });
}

async function untilLag(cluster: Cluster, group: string, lag: number): Promise<void> {
  await until(async () => {
    const { out } = await cluster.kafkats(`groups --describe --group ${group} --json`);
    const rows: { lag: number | null }[] = JSON.parse(out)[0].offsets;
    return rows.length > 0 && rows.every((row) => row.lag === lag);
  });
}

/** Asks until the answer is yes; the test's own time limit ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while (!await isSo()) {
    if (Date.now() > deadlineMs) throw new Error("Not within a minute");
  }
}
