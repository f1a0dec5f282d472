import {
  type AlterPartitionRequest,
  type AlterPartitionResponse,
  errorCodes,
  ZERO_UUID,
} from "../protocol/mod.ts";
import {
  changePartition,
  type MetadataRecord,
  type MetadataRecordValue,
  NO_LEADER_CHANGE,
  type PartitionImage,
  RECOVERED,
  RECOVERING,
  type TopicImage,
} from "../metadata/mod.ts";
import { staleBrokerEpoch } from "./brokers.ts";
import { changePartitionRecord } from "./partition_change.ts";
import { answer, type ControllerResult, divisible } from "./result.ts";
import {
  allowsUncleanElection,
  brokerOf,
  changeContext,
  type ControllerRequestContext,
  type ControllerView,
} from "./view.ts";

type PartitionRequest = AlterPartitionRequest["topics"][number]["partitions"][number];
type PartitionResult = AlterPartitionResponse["topics"][number]["partitions"][number];
type IsrMember = PartitionRequest["newIsrWithEpochs"][number];

/** AlterPartition (KIP-497): a leader tells who is in sync; it may also tell that it has recovered. */
export function alterPartition(
  view: ControllerView,
  request: AlterPartitionRequest,
  { version }: ControllerRequestContext,
): ControllerResult<AlterPartitionResponse> {
  if (staleBrokerEpoch(view, request.brokerId, request.brokerEpoch)) {
    return answer({ throttleTimeMs: 0, errorCode: errorCodes.STALE_BROKER_EPOCH, topics: [] });
  }
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicId, partitions }) => {
    const topic = topicId === ZERO_UUID ? undefined : view.image.topics.byId(topicId);
    return {
      topicId,
      partitions: partitions.map((partition) => {
        const { partitionIndex } = partition;
        if (topic === undefined) return refused(partitionIndex, errorCodes.UNKNOWN_TOPIC_ID);
        const isr = version >= 3
          ? partition.newIsrWithEpochs
          : partition.newIsr.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));
        return alterOne(view, request.brokerId, topic, partition, isr, records);
      }),
    };
  });
  return divisible(records, { throttleTimeMs: 0, errorCode: 0, topics });
}

function alterOne(
  view: ControllerView,
  brokerId: number,
  topic: TopicImage,
  request: PartitionRequest,
  isr: readonly IsrMember[],
  records: MetadataRecord[],
): PartitionResult {
  const { partitionIndex, leaderRecoveryState } = request;
  const partition = topic.partitions.get(partitionIndex);
  const errorCode = refuse(view, brokerId, partition, request, isr);
  if (partition === undefined || errorCode !== 0) return refused(partitionIndex, errorCode);
  const record = changePartitionRecord(partition, {
    isr: isr.map(({ brokerId }) => brokerId),
    leaderRecoveryState,
    election: allowsUncleanElection(view, topic.name) ? "unclean" : "online",
  }, changeContext(view, topic, partitionIndex, partition));
  if (record === null) return accepted(partitionIndex, partition);
  records.push(record);
  const change = record.value as MetadataRecordValue<"PartitionChangeRecord">;
  // The new ISR may complete a reassignment that takes the leader away: it must fetch metadata first.
  if (change.leader !== NO_LEADER_CHANGE && change.leader !== brokerId) {
    return refused(partitionIndex, errorCodes.NEW_LEADER_ELECTED);
  }
  return accepted(partitionIndex, changePartition(partition, change));
}

/** The code for what is wrong with a change of the ISR, 0 when nothing is. */
function refuse(
  view: ControllerView,
  brokerId: number,
  partition: PartitionImage | undefined,
  { leaderEpoch, partitionEpoch, leaderRecoveryState }: PartitionRequest,
  isr: readonly IsrMember[],
): number {
  if (partition === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  // A leader that is ahead has heard from a newer controller than this.
  if (leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch) {
    return errorCodes.NOT_CONTROLLER;
  }
  if (leaderEpoch < partition.leaderEpoch) return errorCodes.FENCED_LEADER_EPOCH;
  if (brokerId !== partition.leader) return errorCodes.INVALID_REQUEST;
  if (partitionEpoch < partition.partitionEpoch) return errorCodes.INVALID_UPDATE_VERSION;
  const ids = isr.map(({ brokerId }) => brokerId);
  const isValid = ids.length > 0 && new Set(ids).size === ids.length &&
    ids.every((id) => partition.replicas.includes(id)) && ids.includes(partition.leader);
  if (!isValid) return errorCodes.INVALID_REQUEST;
  if (leaderRecoveryState === RECOVERING) {
    if (ids.length > 1 || partition.leaderRecoveryState === RECOVERED) {
      return errorCodes.INVALID_REQUEST;
    }
  }
  return isr.every((member) => isEligible(view, member)) ? 0 : errorCodes.INELIGIBLE_REPLICA;
}

/** A replica that is fenced, stopping, or of another incarnation must not be counted on (KIP-903). */
function isEligible(view: ControllerView, { brokerId, brokerEpoch }: IsrMember): boolean {
  const broker = brokerOf(view, brokerId);
  if (broker === undefined || broker.inControlledShutdown || broker.fenced) return false;
  return brokerEpoch === -1 || brokerEpoch === broker.epoch;
}

function accepted(partitionIndex: number, partition: PartitionImage): PartitionResult {
  return {
    partitionIndex,
    errorCode: 0,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    isr: [...partition.isr],
    leaderRecoveryState: partition.leaderRecoveryState,
    partitionEpoch: partition.partitionEpoch,
  };
}

function refused(partitionIndex: number, errorCode: number): PartitionResult {
  return {
    partitionIndex,
    errorCode,
    leaderId: 0,
    leaderEpoch: 0,
    isr: [],
    leaderRecoveryState: 0,
    partitionEpoch: 0,
  };
}
