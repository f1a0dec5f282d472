/**
 * `deno task bench`: our numbers beside Apache Kafka's and the bare limit's, from the same clients in
 * the same run. Contestants take turns in alternating order, each on a fresh directory; medians count.
 *
 *     deno task bench [--only broker|http] [--rounds 3] [--records 1000000] [--latency-records 5000] [--no-apache]
 *
 * Prints a Markdown table to standard output and what it does to standard error.
 */
import { parseArgs } from "@std/cli/parse-args";
import { prepareJava, prepareWrk } from "../clients/prepare.ts";
import { errorText } from "../clients/suite.ts";
import { prepareTestBroker, type TestBroker } from "../clients/test_broker.ts";
import { measureHttp } from "./http_services.ts";
import { measureStart } from "./first_record.ts";
import {
  consumePerf,
  createTopic,
  endToEndLatency,
  producePerf,
  RECORD_BYTES,
} from "./java_clients.ts";
import { wireLatency } from "./latency.ts";
import { cpuSeconds, residentBytes } from "./process_stats.ts";
import { Results, type Who } from "./results.ts";
import { startSink } from "./sink_process.ts";

const TOPIC = "bench";
const PARTITIONS = 4;
const IDLE_MS = 3000;
const MIB = 2 ** 20;

interface Options {
  readonly records: number;
  readonly latencyRecords: number;
}

/** CPU seconds that the process uses during `work` per 10^9 bytes of records. */
async function cpuPerGigabyte(
  pid: number,
  records: number,
  work: () => Promise<number>,
): Promise<{ rate: number; cpu: number }> {
  const before = await cpuSeconds(pid);
  const rate = await work();
  return { rate, cpu: (await cpuSeconds(pid) - before) / (records * RECORD_BYTES / 1e9) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Everything that is asked of a broker; a measure that fails is noted and the rest goes on. */
async function measureBroker(who: Who, results: Results, options: Options): Promise<void> {
  await using broker: TestBroker = await prepareTestBroker({ apache: who === "apache" });
  const { bootstrap } = broker;
  async function attempt(name: string, measure: () => Promise<void>): Promise<void> {
    try {
      await measure();
    } catch (error) {
      results.fail(who, name, errorText(error));
    }
  }
  results.add(who, "start", await measureStart(broker));
  await pause(IDLE_MS);
  results.add(who, "idleMemory", (await residentBytes(broker.pid)).now / MIB);
  await attempt("produce", async () => {
    await createTopic(bootstrap, TOPIC, PARTITIONS);
    // A tenth first, so that both compilers have seen the work.
    await producePerf(bootstrap, { topic: TOPIC, records: options.records / 10 });
    const work = () => producePerf(bootstrap, { topic: TOPIC, records: options.records });
    const { rate, cpu } = await cpuPerGigabyte(broker.pid, options.records, work);
    results.add(who, "produceRate", rate);
    results.add(who, "produceCpu", cpu);
  });
  await attempt("consume", async () => {
    const read = (group: string) =>
      consumePerf(bootstrap, { topic: TOPIC, records: options.records, group });
    await read("cold");
    const { rate, cpu } = await cpuPerGigabyte(broker.pid, options.records, () => read("warm"));
    results.add(who, "consumeRate", rate);
    results.add(who, "consumeCpu", cpu);
  });
  results.add(who, "loadMemory", (await residentBytes(broker.pid)).most / MIB);
  await attempt("latency", async () => {
    await createTopic(bootstrap, "latency", 1);
    const java = { topic: "latency", records: options.latencyRecords };
    const { p50, p99 } = await endToEndLatency(bootstrap, java);
    results.add(who, "javaLatency50", p50);
    results.add(who, "javaLatency99", p99);
  });
  await attempt("latency on the wire", async () => {
    const wire = { records: options.latencyRecords, recordBytes: RECORD_BYTES };
    const { p50, p99 } = await wireLatency(broker.port, wire);
    results.add(who, "wireLatency50", p50);
    results.add(who, "wireLatency99", p99);
  });
}

async function measureSink(results: Results, options: Options): Promise<void> {
  await using sink = await startSink();
  const produce = (records: number) => producePerf(sink.bootstrap, { topic: TOPIC, records });
  await produce(options.records / 10);
  const work = () => produce(options.records);
  const { rate, cpu } = await cpuPerGigabyte(sink.pid, options.records, work);
  results.add("sink", "produceRate", rate);
  results.add("sink", "produceCpu", cpu);
}

const flags = parseArgs(Deno.args, {
  boolean: ["no-apache"],
  string: ["only", "rounds", "records", "latency-records"],
  default: { "rounds": "3", "records": "1000000", "latency-records": "5000" },
});
const options = {
  records: Number(flags.records),
  latencyRecords: Number(flags["latency-records"]),
};
const results = new Results();
if (flags.only !== "broker") {
  const wrk = await prepareWrk();
  if (wrk === null) await measureHttp(results);
  else results.fail("ours", "HTTP services", wrk);
}
if (flags.only === "http") {
  console.log(results.markdown());
  Deno.exit();
}
const java = await prepareJava();
if (java !== null) {
  console.error(`Nothing can be measured without Apache Kafka's clients: ${java}`);
  Deno.exit(1);
}
const contestants: Who[] = flags["no-apache"] ? ["ours", "sink"] : ["ours", "apache", "sink"];
for (let round = 0; round < Number(flags.rounds); round++) {
  // Who comes first changes from round to round.
  const order = contestants.map((_, index) => contestants[(index + round) % contestants.length]!);
  for (const who of order) {
    console.error(`round ${round + 1}: ${who}`);
    try {
      if (who === "sink") await measureSink(results, options);
      else await measureBroker(who, results, options);
    } catch (error) {
      results.fail(who, "all", errorText(error));
    }
  }
}
console.log(results.markdown());
