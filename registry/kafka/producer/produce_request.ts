import {
  type Decoded,
  errorCodes,
  type ProduceRequest,
  type ProduceResponse,
  ZERO_UUID,
} from "../../../broker/protocol/mod.ts";
import type { PartitionQueue } from "./partition_queue.ts";

const ACKS_ALL = -1;

/** What a broker answers for one partition. */
export type PartitionAnswer = Decoded<
  ProduceResponse
>["responses"][number]["partitionResponses"][number];

/** For a batch of which the answer says nothing: it may be anywhere. */
export const NO_ANSWER: PartitionAnswer = {
  index: -1,
  errorCode: errorCodes.UNKNOWN_SERVER_ERROR,
  baseOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
  recordErrors: [],
  errorMessage: "the broker's answer leaves it out",
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
};

/** One request with the batches of these queues, each of which has one. */
export function produceRequest(
  queues: readonly PartitionQueue[],
  timeoutMs: number,
): ProduceRequest {
  const topics = new Map<string, ProduceRequest["topicData"][number]>();
  for (const { topic: name, partition, batch } of queues) {
    let topic = topics.get(name);
    if (topic === undefined) {
      topics.set(name, topic = { name, topicId: ZERO_UUID, partitionData: [] });
    }
    topic.partitionData.push({ index: partition, records: batch!.bytes });
  }
  return {
    transactionalId: null,
    acks: ACKS_ALL,
    timeoutMs: timeoutMs,
    topicData: [...topics.values()],
  };
}

/** The answer's partitions by topic and number. */
export function partitionAnswers(
  { responses }: Decoded<ProduceResponse>,
): ReadonlyMap<string, ReadonlyMap<number, PartitionAnswer>> {
  return new Map(responses.map(({ name, partitionResponses }) => [
    name,
    new Map(partitionResponses.map((partition) => [partition.index, partition])),
  ]));
}
