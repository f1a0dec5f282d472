/**
 * Two brokers on copies of one data directory, asked the same: offsets by timestamp, ends of leader
 * epochs, and bytes of records from many offsets in many sizes.
 */
import { type Json, NOT_READY_YET } from "../scenarios/cluster_view.ts";
import { type JsonObject, jsonText } from "../wire/json_text.ts";
import { Player } from "../wire/player.ts";

const LATEST = -1, EARLIEST = -2, MAX_TIMESTAMP = -3, EARLIEST_LOCAL = -4;
const EPOCHS = 12;
/** From less than a batch to whole segments. */
const FETCH_BYTES = [1, 500, 3_000, 20_000, 1_000_000];
/** Places in a partition, from its first to its last offset or timestamp. */
const PLACES = [0, 0.1, 0.23, 0.37, 0.5, 0.64, 0.77, 0.9, 0.98, 1];
const SHOWN_MAX = 10;

/** What two brokers answer differently, a line each; and how many answers were compared. */
export interface Comparison {
  readonly answers: number;
  readonly different: readonly string[];
}

/** Asks the brokers that listen on these ports. */
export async function compareAnswers(one: number, other: number): Promise<Comparison> {
  const players = [one, other].map((port) => new Player("127.0.0.1", port, "compare"));
  const different: string[] = [];
  let answers = 0;
  const ask = async (api: string, version: number, body: JsonObject): Promise<Json> => {
    const [first, second] = await Promise.all(
      players.map((player) => player.play({ api, version, body, retryOn: NOT_READY_YET })),
    );
    answers++;
    const [a, b] = [jsonText(first!.body), jsonText(second!.body)];
    if (a !== b && different.length < SHOWN_MAX) {
      const at = Array.from(a).findIndex((letter, index) => letter !== b[index]);
      const shown = [a, b].map((text) => text.slice(Math.max(0, at - 60), at + 100));
      different.push(`${api} ${jsonText(body)}: ${shown.join(" <> ")}`);
    }
    return first!.body;
  };
  try {
    // Ports and cluster ids differ; only names are needed.
    const metadata: Json = await players[0]!.play({
      api: "Metadata",
      version: 12,
      body: { topics: null },
    });
    for (const { name, topicId, partitions } of metadata.body.topics) {
      for (const { partitionIndex } of partitions) {
        await comparePartition(ask, { name, topicId, partition: partitionIndex });
      }
    }
  } finally {
    for (const player of players) await player.end();
  }
  return { answers, different };
}

type Ask = (api: string, version: number, body: JsonObject) => Promise<Json>;

async function comparePartition(
  ask: Ask,
  { name, topicId, partition }: { name: string; topicId: string; partition: number },
): Promise<void> {
  const offsetAt = async (timestamp: number): Promise<Json> => {
    const partitions = [{ partitionIndex: partition, timestamp }];
    const body = { replicaId: -1, isolationLevel: 1, topics: [{ name, partitions }] };
    return (await ask("ListOffsets", 8, body)).topics[0].partitions[0];
  };
  const start = (await offsetAt(EARLIEST)).offset, end = (await offsetAt(LATEST)).offset;
  const first = await offsetAt(0), newest = await offsetAt(MAX_TIMESTAMP);
  await offsetAt(EARLIEST_LOCAL);
  const span = Math.max(0, newest.timestamp - first.timestamp);
  for (const place of PLACES) {
    const timestamp = Math.max(0, first.timestamp + Math.round(span * place));
    await offsetAt(timestamp);
    await offsetAt(timestamp + 1);
  }
  const epochs = Array.from({ length: EPOCHS }, (_, leaderEpoch) => ({ partition, leaderEpoch }));
  await ask("OffsetForLeaderEpoch", 4, {
    replicaId: -1,
    topics: [{ topic: name, partitions: epochs }],
  });
  for (const [index, place] of PLACES.entries()) {
    const fetchOffset = start + Math.round((end - start) * place);
    const isolationLevel = index % 2;
    for (const partitionMaxBytes of FETCH_BYTES) {
      const partitions = [{ partition, fetchOffset, partitionMaxBytes }];
      const body = { maxWaitMs: 0, isolationLevel, topics: [{ topicId, partitions }] };
      await ask("Fetch", 15, { ...body, sessionEpoch: -1 });
    }
  }
}
