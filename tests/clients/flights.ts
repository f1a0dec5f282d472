import { Admin } from "@platformatic/kafka";
import { npmFile, preparePython, pythonPath } from "./prepare.ts";
import {
  type BrokerSuite,
  type Check,
  CheckError,
  equal,
  errorText,
  linesIn,
  linesOf,
} from "./suite.ts";
import { startTestBroker, type TestBroker } from "./test_broker.ts";

const FLIGHTS = { name: "vega-datasets", version: "3.2.1", path: "data/flights-200k.json" };
const TOPIC = "user-events";
const PARTITIONS = 6;
const PROGRAM = new URL("flights.py", import.meta.url).pathname;
const READING_MS_MAX = 180_000;

/** One record as a consumer read it. */
interface Reading {
  readonly partition: number;
  readonly offset: number;
  /** Its index in the file of flights. */
  readonly place: number;
  readonly key: string;
}

async function createTopic(bootstrap: string): Promise<void> {
  const admin = new Admin({ clientId: "flights", bootstrapBrokers: [bootstrap] });
  await admin.createTopics({ topics: [TOPIC], partitions: PARTITIONS, replicas: 1 });
  await admin.close();
}

/** Sends all flights; `onSent` hears how many are acknowledged, now and then. */
async function produce(
  bootstrap: string,
  file: string,
  options: { readonly idempotent: boolean; readonly onSent?: (count: number) => void },
): Promise<number> {
  const args = [PROGRAM, "produce", bootstrap, TOPIC, file];
  if (options.idempotent) args.push("idempotent");
  const command = new Deno.Command(pythonPath(), { args, stdout: "piped", stderr: "piped" });
  const child = command.spawn();
  const errors = linesOf(child.stderr);
  let done = -1;
  for await (const line of linesIn(child.stdout)) {
    const [word, count] = line.split(" ");
    if (word === "sent") options.onSent?.(Number(count));
    if (word === "done") done = Number(count);
  }
  const { code } = await child.status;
  if (code !== 0) {
    throw new CheckError(`the producer failed: ${(await errors).slice(-5).join("\n")}`);
  }
  return done;
}

/** Reads the topic with three members of a group; each must hold two partitions. */
async function consume(bootstrap: string, group: string): Promise<Reading[]> {
  const directory = await Deno.makeTempDir({ prefix: "kafkats-flights-" });
  const each = PARTITIONS / 3;
  const members = [0, 1, 2].map((index) => {
    const out = `${directory}/${index}`;
    const args = [PROGRAM, "consume", bootstrap, TOPIC, group, String(each), out];
    const child = new Deno.Command(pythonPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return { out, child, errors: linesOf(child.stderr), assigned: "" };
  });
  const timer = setTimeout(() => members.forEach(({ child }) => child.kill()), READING_MS_MAX);
  try {
    await Promise.all(members.map(async (member) => {
      for await (const line of linesIn(member.child.stdout)) {
        if (line.startsWith("assigned")) member.assigned = line;
        if (line.startsWith("done")) return;
      }
      const said = (await member.errors).slice(-5).join("\n");
      throw new CheckError(`a consumer of ${group} ended early (${member.assigned}): ${said}`);
    }));
    const held = members.map(({ assigned }) => JSON.parse(assigned.slice("assigned ".length)));
    equal(
      held.map((partitions) => partitions.length),
      [each, each, each],
      "partitions of each member",
    );
    equal(held.flat().sort(), [...Array(PARTITIONS).keys()], "partitions of all members");
    await Promise.all(members.map(async ({ child }) => {
      await child.stdin.close();
      await child.status;
    }));
    const texts = await Promise.all(members.map(({ out }) => Deno.readTextFile(out)));
    return texts.join("").trimEnd().split("\n").map((line) => {
      const [partition, offset, place, key] = line.split(" ");
      return {
        partition: Number(partition),
        offset: Number(offset),
        place: Number(place),
        key: key!,
      };
    });
  } finally {
    clearTimeout(timer);
    for (const { child } of members) {
      try {
        child.kill("SIGKILL");
      } catch {
        continue; // It has ended.
      }
    }
    await Deno.remove(directory, { recursive: true });
  }
}

/** Each flight `runs` times, none missing; per partition no offset twice; per key in order. */
function judge(readings: readonly Reading[], flights: number, runs: number): void {
  const times = new Uint8Array(flights);
  const keyPartitions = new Map<string, number>();
  const partitions = Array.from({ length: PARTITIONS }, () => [] as Reading[]);
  for (const reading of readings) {
    times[reading.place]! += 1;
    partitions[reading.partition]!.push(reading);
    const known = keyPartitions.get(reading.key);
    keyPartitions.set(reading.key, known ?? reading.partition);
    if (known !== undefined && known !== reading.partition) {
      throw new CheckError(
        `key ${reading.key} lies in partitions ${known} and ${reading.partition}`,
      );
    }
  }
  equal(readings.length, flights * runs, "records read");
  equal(times.findIndex((count) => count < runs), -1, "first flight that is missing");
  equal(times.findIndex((count) => count > runs), -1, "first flight that is there too often");
  for (const [index, records] of partitions.entries()) {
    const last = new Map<string, { place: number; run: number }>();
    let offset = -1;
    for (const reading of records.toSorted((a, b) => a.offset - b.offset)) {
      equal(reading.offset > offset, true, `partition ${index}: an offset after ${offset}`);
      offset = reading.offset;
      const before = last.get(reading.key) ?? { place: -1, run: 0 };
      // A place that goes back is where the next run over the file begins.
      const run = reading.place > before.place ? before.run : before.run + 1;
      if (run >= runs) throw new CheckError(`key ${reading.key}: ${reading.place} out of order`);
      last.set(reading.key, { place: reading.place, run });
    }
  }
}

/** The second run: the broker is killed halfway and started again while the producer goes on. */
async function produceThroughCrash(broker: TestBroker, file: string, flights: number) {
  let crash: Promise<void> | null = null;
  const onSent = (count: number) => {
    if (crash !== null || count < flights / 2) return;
    crash = broker.kill().then(() => broker.restart());
  };
  const sent = await produce(broker.bootstrap, file, { idempotent: true, onSent });
  equal(crash !== null, true, "the broker was killed");
  await crash;
  equal(sent, flights, "records acknowledged");
}

async function runFlights(apache: boolean, tell: (check: Check) => void): Promise<void> {
  const file = await npmFile(FLIGHTS.name, FLIGHTS.version, FLIGHTS.path);
  const flights = JSON.parse(await Deno.readTextFile(file)).length as number;
  await using broker = await startTestBroker({
    apache,
    properties: { "offsets.topic.num.partitions": "5" },
  });
  const { bootstrap } = broker;
  const steps: [name: string, step: () => Promise<void>][] = [
    [`sends ${flights} flights with gzip and acks=all`, async () => {
      await createTopic(bootstrap);
      equal(await produce(bootstrap, file, { idempotent: false }), flights, "acknowledged");
    }],
    ["three members get two partitions each and read all, in order per key", async () => {
      judge(await consume(bootstrap, "first"), flights, 1);
    }],
    ["a second group reads everything again", async () => {
      judge(await consume(bootstrap, "second"), flights, 1);
    }],
    ["an idempotent second run survives kill -9 halfway", async () => {
      await produceThroughCrash(broker, file, flights);
    }],
    ["a third group reads both runs: none missing, none twice", async () => {
      judge(await consume(bootstrap, "third"), flights, 2);
    }],
    ["the first group goes on where it committed", async () => {
      judge(await consume(bootstrap, "first"), flights, 1);
    }],
    ["a clean stop and start keep everything", async () => {
      await broker.stop();
      await broker.restart();
      judge(await consume(bootstrap, "fourth"), flights, 2);
    }],
  ];
  for (const [name, step] of steps) {
    const started = performance.now();
    try {
      await step();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      tell({ name: `${name} (${seconds} s)`, passed: true, details: [] });
    } catch (error) {
      tell({ name, passed: false, details: [errorText(error)] });
    }
  }
}

/** The main job: the flights of an npm package in through kafka-python and out through groups. */
export const flights: BrokerSuite = {
  name: "flights",
  prepare: preparePython,
  runBrokers: runFlights,
};
