import {
  type AssignReplicasToDirsRequest,
  type AssignReplicasToDirsResponse,
  errorCodes,
} from "../protocol/mod.ts";
import {
  directoriesSupported,
  isDirectoryOnline,
  type MetadataRecord,
  metadataVersionOf,
} from "../metadata/mod.ts";
import { staleBrokerEpoch } from "./brokers.ts";
import { updateLeaders } from "./elections.ts";
import { changePartitionRecord } from "./partition_change.ts";
import type { TopicIdPartition } from "./partition_sets.ts";
import { answer, type ControllerResult, divisible } from "./result.ts";
import { brokerOf, changeContext, type ControllerView } from "./view.ts";

/** AssignReplicasToDirs (KIP-858): a broker tells in which of its directories replicas lie. */
export function assignReplicasToDirs(
  view: ControllerView,
  request: AssignReplicasToDirsRequest,
): ControllerResult<AssignReplicasToDirsResponse> {
  const { brokerId, brokerEpoch } = request;
  const refuse = (errorCode: number) => answer({ throttleTimeMs: 0, errorCode, directories: [] });
  if (!directoriesSupported(metadataVersionOf(view.image))) {
    return refuse(errorCodes.UNSUPPORTED_VERSION);
  }
  if (staleBrokerEpoch(view, brokerId, brokerEpoch)) return refuse(errorCodes.STALE_BROKER_EPOCH);
  const records: MetadataRecord[] = [];
  const offline: TopicIdPartition[] = [];
  const directories = request.directories.map(({ id, topics }) => ({
    id,
    topics: topics.map(({ topicId, partitions }) => ({
      topicId,
      partitions: partitions.map(({ partitionIndex }) => {
        const errorCode = assignOne(view, brokerId, topicId, partitionIndex, id, records);
        if (errorCode === 0 && !isDirectoryOnline(brokerOf(view, brokerId), id)) {
          offline.push({ topicId, partitionId: partitionIndex });
        }
        return { partitionIndex, errorCode };
      }),
    })),
  }));
  records.push(...updateLeaders(view, { leaving: brokerId }, offline));
  return divisible(records, { throttleTimeMs: 0, errorCode: 0, directories });
}

function assignOne(
  view: ControllerView,
  brokerId: number,
  topicId: string,
  partitionId: number,
  directory: string,
  records: MetadataRecord[],
): number {
  const topic = view.image.topics.byId(topicId);
  if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_ID;
  const partition = topic.partitions.get(partitionId);
  if (partition === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (!partition.replicas.includes(brokerId)) return errorCodes.NOT_LEADER_OR_FOLLOWER;
  const context = changeContext(view, topic, partitionId, partition);
  const target = { directory: { brokerId, directory } };
  const record = changePartitionRecord(partition, target, context);
  if (record !== null) records.push(record);
  return 0;
}
