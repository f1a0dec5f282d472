/** Apache Kafka's own measuring clients, and what they print. */
import { kafkaTool } from "../clients/prepare.ts";
import { CheckError, output } from "../clients/suite.ts";

/** The JVM as Kafka's own scripts start these tools. */
const ENVIRONMENT = { TOOL_JVM: "-Xmx512M -XX:+UseG1GC -XX:MaxGCPauseMillis=20" };

/** One record: 1 KiB. */
export const RECORD_BYTES = 1024;

function tool(name: string, args: readonly string[]): Promise<string> {
  return output(kafkaTool, [name, ...args], { env: ENVIRONMENT });
}

/** Sends records with acks=all and the client's defaults; gives megabytes (2^20) a second. */
export async function producePerf(
  bootstrap: string,
  options: { readonly topic: string; readonly records: number },
): Promise<number> {
  const text = await tool("producer-perf", [
    "--topic",
    options.topic,
    "--num-records",
    String(options.records),
    "--record-size",
    String(RECORD_BYTES),
    "--throughput",
    "-1",
    "--producer-props",
    `bootstrap.servers=${bootstrap}`,
    "acks=all",
  ]);
  const found = text.match(
    new RegExp(`^${options.records} records sent, .*\\(([\\d.]+) MB/sec\\)`, "m"),
  );
  if (!found) throw new CheckError(`producer-perf did not send all: ${text.slice(-500)}`);
  return Number(found[1]);
}

/** Reads records from the start; gives megabytes (2^20) a second of fetching. */
export async function consumePerf(
  bootstrap: string,
  options: { readonly topic: string; readonly records: number; readonly group: string },
): Promise<number> {
  const text = await tool("consumer-perf", [
    "--bootstrap-server",
    bootstrap,
    "--topic",
    options.topic,
    "--messages",
    String(options.records),
    "--group",
    options.group,
    "--timeout",
    "60000",
  ]);
  const fields = text.trimEnd().split("\n").at(-1)!.split(",").map((field) => field.trim());
  if (!(Number(fields[4]) >= options.records)) {
    throw new CheckError(`consumer-perf did not read all: ${text.slice(-500)}`);
  }
  return Number(fields[8]);
}

/** Milliseconds from a send to its reading, one record after the other, with acks=1. */
export async function endToEndLatency(
  bootstrap: string,
  options: { readonly topic: string; readonly records: number },
): Promise<{ p50: number; p99: number }> {
  const text = await tool("e2e-latency", [
    "--bootstrap-server",
    bootstrap,
    "--topic",
    options.topic,
    "--num-records",
    String(options.records),
    "--producer-acks",
    "1",
    "--record-size",
    String(RECORD_BYTES),
  ]);
  const found = text.match(/50th = (\d+), 99th = (\d+)/);
  const average = text.match(/Avg latency: ([\d.]+)/);
  if (!found || !average) throw new CheckError(`e2e-latency told nothing: ${text.slice(-500)}`);
  // The tool rounds percentiles down to whole milliseconds.
  return { p50: Number(found[1]), p99: Number(found[2]) };
}

/** Makes a topic. */
export async function createTopic(bootstrap: string, topic: string, partitions: number) {
  const args = ["--create", "--topic", topic, "--partitions", String(partitions)];
  await tool("topics", ["--bootstrap-server", bootstrap, ...args]);
}
