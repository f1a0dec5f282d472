/** How long a broker takes from its start to the first record that it has acknowledged. */
import { CheckError } from "../clients/suite.ts";
import type { TestBroker } from "../clients/test_broker.ts";
import type { JsonObject } from "../wire/json_text.ts";
import { Player } from "../wire/player.ts";

const START_MS_MAX = 60_000;
const PAUSE_MS = 2;
const TOPIC = "first";

const CREATE: JsonObject = {
  api: "CreateTopics",
  version: 7,
  body: { timeoutMs: 5000, topics: [{ name: TOPIC, numPartitions: 1, replicationFactor: 1 }] },
};
const PRODUCE: JsonObject = {
  api: "Produce",
  version: 11,
  body: {
    acks: -1,
    timeoutMs: 5000,
    topicData: [{
      name: TOPIC,
      partitionData: [{ index: 0, records: { records: [{ key: "k", value: "first" }] } }],
    }],
  },
};

/** Starts the broker; gives seconds until a record with acks=all is acknowledged. */
export async function measureStart(broker: TestBroker): Promise<number> {
  const started = performance.now();
  let hasFailed = false;
  const listening = broker.restart().catch((error) => {
    hasFailed = true;
    throw error;
  });
  listening.catch(() => {}); // Awaited below, at the end of the loop.
  const deadline = started + START_MS_MAX;
  let seconds = -1;
  while (seconds < 0 && !hasFailed) {
    if (performance.now() > deadline) throw new CheckError(`no record after ${START_MS_MAX} ms`);
    const player = new Player("127.0.0.1", broker.port, "bench");
    try {
      await player.play(CREATE);
      const { body } = await player.play(PRODUCE);
      if (isAcknowledged(body as JsonObject | undefined)) {
        seconds = (performance.now() - started) / 1000;
      }
    } catch {
      // Nothing listens yet.
    } finally {
      await player.end();
    }
    if (seconds < 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await listening;
  return seconds;
}

function isAcknowledged(body: JsonObject | undefined): boolean {
  const [response] = (body?.responses ?? []) as JsonObject[];
  const [partition] = (response?.partitionResponses ?? []) as JsonObject[];
  return partition?.errorCode === 0;
}
