/**
 * What a record costs this process: our producer beside the client library's, both idempotent with
 * acks=all, the same calls against the same broker. The door says what it showed.
 *
 *     await measureProducers("localhost:9092", console.log)
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { KafkaClient } from "../kafka_client.ts";
import { BatchingProducer } from "./batching_producer.ts";

/** One shape of load, measured. */
export interface ProducerCost {
  readonly producer: "kafkats" | "platformatic";
  readonly load: string;
  readonly cpuMsPerCall: number;
  readonly recordsPerSecond: number;
}

interface Sender {
  readonly producer: ProducerCost["producer"];
  send(count: number): Promise<unknown>;
  close(): Promise<unknown>;
}

const CALLERS = 16;
const VALUE = new TextEncoder().encode(JSON.stringify({ user: "ana", text: "x".repeat(80) }));

/** Measures both; `tell` hears each result. */
export async function measureProducers(
  bootstrap: string,
  tell: (cost: ProducerCost) => void,
): Promise<void> {
  for (const open of [openOurs, openPlatformatic]) {
    const sender = await open(bootstrap);
    await sender.send(1);
    tell(await measure(sender, "one record a call", 1, 10_000));
    tell(await measure(sender, "100 records a call", 100, 1000));
    tell(await measure(sender, "1000 records a call", 1000, 300));
    await sender.close();
  }
}

async function measure(
  sender: Sender,
  load: string,
  recordsPerCall: number,
  calls: number,
): Promise<ProducerCost> {
  await callAll(sender, recordsPerCall, calls);
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await callAll(sender, recordsPerCall, calls);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    producer: sender.producer,
    load: `${load}, ${CALLERS} callers`,
    cpuMsPerCall: (user + system) / 1000 / calls,
    recordsPerSecond: Math.round(calls * recordsPerCall / (performance.now() - startMs) * 1000),
  };
}

async function callAll(sender: Sender, recordsPerCall: number, calls: number): Promise<void> {
  let left = calls;
  const caller = async () => {
    while (left-- > 0) await sender.send(recordsPerCall);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

function openOurs(bootstrap: string): Promise<Sender> {
  const client = new KafkaClient({ bootstrap: [bootstrap], clientId: "bench" });
  const producer = new BatchingProducer(client);
  const record = { key: null, value: VALUE };
  return Promise.resolve({
    producer: "kafkats",
    send: (count) =>
      count === 1
        ? producer.send("bench-kafkats", record)
        : producer.sendAll("bench-kafkats", Array.from({ length: count }, () => record)),
    async close() {
      await producer.close();
      await client.close();
    },
  });
}

async function openPlatformatic(bootstrap: string): Promise<Sender> {
  const { Producer } = await import("@platformatic/kafka");
  const producer = new Producer({
    clientId: "bench",
    bootstrapBrokers: [bootstrap],
    idempotent: true,
    autocreateTopics: true,
  });
  const message = { topic: "bench-platformatic", value: Buffer.from(VALUE) };
  return {
    producer: "platformatic",
    send: (count) =>
      producer.send({ acks: -1, messages: Array.from({ length: count }, () => message) }),
    close: () => producer.close(),
  };
}
