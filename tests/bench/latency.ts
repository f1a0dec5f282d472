/**
 * The way of one record as the wire sees it: from the moment a produce request is sent until a fetch
 * that was waiting has the record. No foreign client's own time is in it.
 */
import {
  decodeResponse,
  type EncodedMessage,
  encodeRequest,
  fetch,
  make,
  metadata,
  produce,
  Reader,
} from "../../broker/protocol/mod.ts";
import { BatchBuilder } from "../../broker/protocol/records/mod.ts";
import { CheckError } from "../clients/suite.ts";
import { Connection } from "../wire/connection.ts";

const PRODUCE_VERSION = 11;
const FETCH_VERSION = 12;
const METADATA_VERSION = 12;
const WAIT_MS = 5000;
const WARM_UP = 500;

function bytesOf(message: EncodedMessage): Uint8Array {
  const frame = new Uint8Array(message.sizeBytes);
  let at = 0;
  for (const part of message.parts) {
    if (!(part instanceof Uint8Array)) throw new CheckError("a request holds bytes only");
    frame.set(part, at);
    at += part.length;
  }
  return frame;
}

async function ask(connection: Connection, frame: Uint8Array): Promise<Uint8Array> {
  await connection.send(frame);
  return await answerOf(connection);
}

async function answerOf(connection: Connection): Promise<Uint8Array> {
  const received = await connection.receive(WAIT_MS);
  if (!("frame" in received)) throw new CheckError(`no answer: ${received.result}`);
  return received.frame;
}

function produceFrame(topic: string, recordBytes: number): Uint8Array {
  const builder = new BatchBuilder();
  builder.append(Date.now(), null, new Uint8Array(recordBytes));
  const body = make(produce.request, {
    acks: 1,
    timeoutMs: WAIT_MS,
    topicData: [{ name: topic, partitionData: [{ index: 0, records: builder.build() }] }],
  });
  const header = { correlationId: 1, clientId: "bench" };
  return bytesOf(encodeRequest(produce, PRODUCE_VERSION, header, body));
}

function fetchFrame(topic: string, fetchOffset: number): Uint8Array {
  const body = make(fetch.request, {
    maxWaitMs: WAIT_MS,
    minBytes: 1,
    maxBytes: 1 << 20,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }] }],
  });
  const header = { correlationId: 1, clientId: "bench" };
  return bytesOf(encodeRequest(fetch, FETCH_VERSION, header, body));
}

/** Asks for the topic until it has a leader; the question makes it. */
async function makeTopic(connection: Connection, topic: string): Promise<void> {
  const body = make(metadata.request, { topics: [{ name: topic }], allowAutoTopicCreation: true });
  const header = { correlationId: 1, clientId: "bench" };
  const frame = bytesOf(encodeRequest(metadata, METADATA_VERSION, header, body));
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const answer = decodeResponse(metadata, METADATA_VERSION, await ask(connection, frame));
    if (answer.body.topics[0]?.partitions[0]?.leaderId === 1) return;
  }
  throw new CheckError(`topic ${topic} has no leader after ${WAIT_MS} ms`);
}

/** What the acknowledged offset of a produce answer is. */
function offsetOf(frame: Uint8Array): number {
  const { body } = decodeResponse(produce, PRODUCE_VERSION, frame);
  const partition = body.responses[0]?.partitionResponses[0];
  if (partition?.errorCode !== 0) {
    throw new CheckError(`produce gave error ${partition?.errorCode}`);
  }
  return partition.baseOffset;
}

/** Milliseconds from send to receipt, acks=1, one record in flight: the median and the 99th percentile. */
export async function wireLatency(
  port: number,
  options: { readonly records: number; readonly recordBytes: number },
): Promise<{ p50: number; p99: number }> {
  const topic = `latency-${crypto.randomUUID()}`;
  const sender = await Connection.open("127.0.0.1", port);
  const reader = await Connection.open("127.0.0.1", port);
  try {
    await makeTopic(sender, topic);
    const frame = produceFrame(topic, options.recordBytes);
    const samples: number[] = [];
    let next = offsetOf(await firstProduce(sender, frame)) + 1;
    for (let n = 0; n < WARM_UP + options.records; n++) {
      await reader.send(fetchFrame(topic, next));
      // The fetch has to be waiting before the record comes.
      await new Promise((resolve) => setTimeout(resolve, 1));
      const started = performance.now();
      const [fetched] = await Promise.all([answerOf(reader), ask(sender, frame).then(offsetOf)]);
      if (n >= WARM_UP) samples.push(performance.now() - started);
      const got = decodeResponse(fetch, FETCH_VERSION, fetched).body;
      const records = got.responses[0]?.partitions[0]?.records;
      if (!records || new Reader(records).int64() !== next) throw new CheckError("lost a record");
      next += 1;
    }
    samples.sort((a, b) => a - b);
    const at = (share: number) => samples[Math.floor(samples.length * share)]!;
    return { p50: at(0.5), p99: at(0.99) };
  } finally {
    await sender.close();
    await reader.close();
  }
}

/** A new topic's leader may take a moment to know of it. */
async function firstProduce(connection: Connection, frame: Uint8Array): Promise<Uint8Array> {
  for (let tries = 0;; tries++) {
    const answer = await ask(connection, frame);
    try {
      offsetOf(answer);
      return answer;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
