import { Asker } from "../scenarios/asking.ts";
import { kafkaTool, prepareJava } from "./prepare.ts";
import { type BrokerSuite, type Check, equal, errorText, output } from "./suite.ts";
import { startTestBroker } from "./test_broker.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"];
const LINES = 200;
/** Small segments and dense indexes, so that rolling and looking up happen in a small test. */
const PROPERTIES = {
  "offsets.topic.num.partitions": "3",
  "log.segment.bytes": "1048576",
  "log.index.interval.bytes": "512",
  "log.initial.task.delay.ms": "500",
};

async function produce(bootstrap: string, codec: string): Promise<void> {
  const lines = Array.from(
    { length: LINES },
    (_, n) => `key-${n}\t${codec} ${n} ${"x".repeat(500)}`,
  );
  const flags = ["--topic", "disk", "--reader-property", "parse.key=true"];
  await output(
    kafkaTool,
    ["console-producer", "--bootstrap-server", bootstrap, ...flags, "--compression-codec", codec],
    { stdin: lines.join("\n") + "\n" },
  );
}

/** What a member of the group reads until nothing more comes. */
async function read(bootstrap: string, group: string): Promise<string[]> {
  const flags = ["--topic", "disk", "--group", group, "--from-beginning", "--timeout-ms", "5000"];
  const printing = ["--formatter-property", "print.key=true"];
  const text = await output(
    kafkaTool,
    ["console-consumer", "--bootstrap-server", bootstrap, ...flags, ...printing],
    { anyCode: true },
  );
  return text.split("\n").filter((line) => line.startsWith("key-"));
}

/** Kafka's own reader finds nothing wrong in any segment or index under `data`. */
async function dump(data: string): Promise<void> {
  const files: Record<"log" | "index" | "timeindex", string[]> = {
    log: [],
    index: [],
    timeindex: [],
  };
  for await (const entry of Deno.readDir(data)) {
    // Kafka writes no time index entries for the metadata log that its own tool would agree with.
    if (!entry.isDirectory || entry.name.startsWith("__cluster_metadata")) continue;
    for await (const { name } of Deno.readDir(`${data}/${entry.name}`)) {
      const kind = name.match(/^\d{20}\.(log|index|timeindex)$/)?.[1] as keyof typeof files;
      if (kind) files[kind].push(`${data}/${entry.name}/${name}`);
    }
  }
  equal(files.log.length > 1, true, "segments found");
  for (const names of Object.values(files)) {
    const text = await output(kafkaTool, [
      "dump-log",
      "--deep-iteration",
      "--files",
      names.join(","),
    ]);
    const wrong = text.split("\n").filter((line) =>
      /mismatch|out of order|not found|invalid|isvalid: false|could not|exception/i.test(line)
    );
    equal(wrong.slice(0, 5), [], "what Kafka's dump tool complains of");
  }
}

const CRASH_TOPIC = "crashed";
const REQUESTS_PER_LIFE = 300;
const RECORDS_PER_REQUEST = 10;

/**
 * Kills the brokers in turn on one directory, each in the middle of a request of an idempotent
 * producer: whoever starts next has everything that was acknowledged, once and in order.
 */
async function crashInTurn(apache: boolean): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "kafkats-crash-" });
  /** Values count up, as do sequence numbers; all below are acknowledged. */
  let next = 0, producerId = -1;
  try {
    for (const [life, theirs] of [apache, true, apache, apache, true, true].entries()) {
      await using broker = await startTestBroker({
        apache: theirs,
        directory,
        properties: PROPERTIES,
      });
      const asker = new Asker({ host: "127.0.0.1", port: broker.port });
      if (life === 0) {
        await asker.createTopic(CRASH_TOPIC, 1, { "internal.segment.bytes": "100000" });
        producerId = await initProducerId(asker);
      }
      const read = (await asker.readAll(CRASH_TOPIC)).map(({ offset, value }) => [offset, value]);
      // The request that was under way when the broker died may have been taken.
      const taken = read.length === next ? 0 : RECORDS_PER_REQUEST;
      const expected = Array.from({ length: next + taken }, (_, n) => [n, valueOf(n)]);
      equal(read.length, expected.length, `records in life ${life}`);
      equal(read.find((_, n) => `${read[n]}` !== `${expected[n]}`), undefined, "another record");
      next += taken;
      const until = next + REQUESTS_PER_LIFE * RECORDS_PER_REQUEST;
      for (; next < until; next += RECORDS_PER_REQUEST) {
        equal((await asker.produce(CRASH_TOPIC, request(next, producerId))).errorCode, 0, "error");
      }
      const last = asker.produce(CRASH_TOPIC, request(next, producerId)).then(
        ({ errorCode }) => errorCode === 0,
        () => false,
      );
      await broker.kill();
      if (await last) next += RECORDS_PER_REQUEST;
      await asker.end();
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function initProducerId(asker: Asker): Promise<number> {
  const { producerId } = await asker.ask({
    api: "InitProducerId",
    version: 5,
    retryOn: [14, 15, 16],
    body: { transactionalId: null, transactionTimeoutMs: 60000 },
  });
  return producerId as number;
}

function valueOf(n: number): string {
  return `${n} ${"x".repeat(n % 500)}`;
}

function request(from: number, producerId: number) {
  const codec = CODECS[(from / RECORDS_PER_REQUEST) % CODECS.length]!;
  const records = Array.from({ length: RECORDS_PER_REQUEST }, (_, n) => ({
    value: valueOf(from + n),
  }));
  return { records, producerId, producerEpoch: 0, baseSequence: from, compression: codec };
}

async function runDisk(apache: boolean, tell: (check: Check) => void): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "kafkats-disk-" });
  const expected: string[] = [];
  async function step(name: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
      tell({ name, passed: true, details: [] });
    } catch (error) {
      tell({ name, passed: false, details: [errorText(error)] });
    }
  }
  /** Runs `body` with a broker on the directory, then stops it cleanly. */
  async function withBroker(theirs: boolean, body: (bootstrap: string) => Promise<void>) {
    await using broker = await startTestBroker({
      apache: theirs,
      directory,
      properties: PROPERTIES,
    });
    await body(broker.bootstrap);
  }
  async function fill(bootstrap: string, times: number): Promise<void> {
    for (const codec of CODECS.slice(0, times)) await produce(bootstrap, codec);
    for (const codec of CODECS.slice(0, times)) {
      for (let n = 0; n < LINES; n++) expected.push(`key-${n}\t${codec} ${n} ${"x".repeat(500)}`);
    }
  }
  try {
    await step(
      "kafkats writes records in every codec and a group's offsets",
      () =>
        withBroker(apache, async (bootstrap) => {
          const create = ["--create", "--topic", "disk", "--partitions", "1"];
          await output(kafkaTool, ["topics", "--bootstrap-server", bootstrap, ...create]);
          await fill(bootstrap, CODECS.length);
          equal(await read(bootstrap, "readers"), expected, "records");
        }),
    );
    await step(
      "Kafka's dump tool finds nothing wrong in its files",
      () => dump(`${directory}/data`),
    );
    await step(
      "Apache Kafka starts on its directory, reads and writes",
      () =>
        withBroker(true, async (bootstrap) => {
          equal(await read(bootstrap, "others"), expected, "records");
          await fill(bootstrap, 2);
          equal(
            await read(bootstrap, "readers"),
            expected.slice(CODECS.length * LINES),
            "new ones",
          );
        }),
    );
    await step(
      "kafkats starts again on what Apache Kafka left",
      () =>
        withBroker(apache, async (bootstrap) => {
          equal(await read(bootstrap, "again"), expected, "records");
          equal(await read(bootstrap, "readers"), [], "what the group has not read");
          await fill(bootstrap, 1);
          equal(await read(bootstrap, "readers"), expected.slice(-LINES), "new ones");
        }),
    );
    await step("Kafka's dump tool finds nothing wrong after both", () => dump(`${directory}/data`));
    await step(
      "whoever is killed, the other has all that was acknowledged",
      () => crashInTurn(apache),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** One data directory, taken in turns by kafkats and Apache Kafka. */
export const disk: BrokerSuite = { name: "disk", prepare: prepareJava, runBrokers: runDisk };
