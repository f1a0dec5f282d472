import {
  type ElectLeadersRequest,
  type ElectLeadersResponse,
  errorCodes,
} from "../protocol/mod.ts";
import { isActive, type MetadataRecord, NO_LEADER, type TopicImage } from "../metadata/mod.ts";
import { type ApiError, NO_ERROR, refusal } from "./api_error.ts";
import { findPartition } from "./find_partition.ts";
import { changePartitionRecord, type Election } from "./partition_change.ts";
import type { TopicIdPartition } from "./partition_sets.ts";
import { answer, type ControllerResult, divisible, RECORDS_PER_REQUEST_MAX } from "./result.ts";
import { allowsUncleanElection, brokerOf, changeContext, type ControllerView } from "./view.ts";

/** The most elections of one periodic check; the next follows at once (Kafka's limit). */
const ELECTIONS_PER_CHECK_MAX = 1_000;

const PREFERRED = 0;
const UNCLEAN = 1;

/** How brokers come and go; each is {@linkcode NO_LEADER} where it does not apply. */
export interface BrokerTransition {
  /** Leaves every ISR and leads nothing. */
  readonly leaving?: number;
  /** May lead although its registration still says that it is fenced. */
  readonly arriving?: number;
  /** Leaves every ISR and is not even eligible, because it lost what it had not flushed (KIP-966). */
  readonly unclean?: number;
}

/** The PartitionChangeRecords that follow for `partitions` when brokers come and go. */
export function updateLeaders(
  view: ControllerView,
  { leaving = NO_LEADER, arriving = NO_LEADER, unclean = NO_LEADER }: BrokerTransition,
  partitions: Iterable<TopicIdPartition>,
): MetadataRecord[] {
  const accepts = (id: number) =>
    id !== leaving && id !== unclean && (id === arriving || isActive(brokerOf(view, id)));
  const records: MetadataRecord[] = [];
  for (const { topicId, partitionId } of partitions) {
    const topic = view.image.topics.byId(topicId)!;
    const partition = topic.partitions.get(partitionId)!;
    const record = changePartitionRecord(partition, {
      isr: partition.isr.filter((id) => id !== leaving && id !== unclean),
      election: allowsUncleanElection(view, topic.name) ? "unclean" : "online",
      uncleanBroker: unclean,
    }, changeContext(view, topic, partitionId, partition, accepts));
    if (record !== null) records.push(record);
  }
  return records;
}

/** ElectLeaders (KIP-460): makes preferred replicas leaders again, or any replica of a leaderless one. */
export function electLeaders(
  view: ControllerView,
  { electionType, topicPartitions }: ElectLeadersRequest,
): ControllerResult<ElectLeadersResponse> {
  if (electionType !== PREFERRED && electionType !== UNCLEAN) {
    return answer({
      throttleTimeMs: 0,
      errorCode: errorCodes.INVALID_REQUEST,
      replicaElectionResults: [],
    });
  }
  const wanted = topicPartitions ?? Array.from(view.image.topics, ({ name, partitions }) => ({
    topic: name,
    partitions: [...partitions.keys()].sort((a, b) => a - b),
  }));
  const records: MetadataRecord[] = [];
  const replicaElectionResults = wanted.map(({ topic, partitions }) => {
    const partitionResult = partitions.map((partitionId) => ({
      partitionId,
      ...elect(
        view,
        topic,
        partitionId,
        electionType === UNCLEAN ? "unclean" : "preferred",
        records,
      ),
    }));
    return {
      topic,
      // Asked for all partitions, Kafka leaves out those that have the leader they should have.
      partitionResult: topicPartitions === null
        ? partitionResult.filter(({ errorCode }) => errorCode !== errorCodes.ELECTION_NOT_NEEDED)
        : partitionResult,
    };
  });
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    return answer({
      throttleTimeMs: 0,
      errorCode: errorCodes.POLICY_VIOLATION,
      replicaElectionResults: [],
    });
  }
  return divisible(records, { throttleTimeMs: 0, errorCode: 0, replicaElectionResults });
}

function elect(
  view: ControllerView,
  topicName: string,
  partitionId: number,
  election: Election,
  records: MetadataRecord[],
): ApiError {
  const found = findPartition(view, topicName, partitionId);
  if ("errorCode" in found) return found;
  const { topic, partition } = found;
  const isNeeded = election === "preferred"
    ? partition.leader !== partition.replicas[0]
    : partition.leader === NO_LEADER;
  if (!isNeeded) return refusal(errorCodes.ELECTION_NOT_NEEDED);
  const record = electionRecord(view, topic, partitionId, election);
  if (record === null) {
    return refusal(
      election === "preferred"
        ? errorCodes.PREFERRED_LEADER_NOT_AVAILABLE
        : errorCodes.ELIGIBLE_LEADERS_NOT_AVAILABLE,
    );
  }
  records.push(record);
  return NO_ERROR;
}

function electionRecord(
  view: ControllerView,
  topic: TopicImage,
  partitionId: number,
  election: Election,
): MetadataRecord | null {
  const partition = topic.partitions.get(partitionId)!;
  const context = changeContext(view, topic, partitionId, partition);
  return changePartitionRecord(partition, { election }, context);
}

/** Gives partitions back to their preferred replicas; true when there may be more to do. */
export function balanceLeaders(view: ControllerView): ControllerResult<boolean> {
  return electSome(view, view.indexes.imbalanced, "preferred", () => true);
}

/** Gives leaderless partitions any leader, where their topic allows it; true when there may be more. */
export function electUncleanLeaders(view: ControllerView): ControllerResult<boolean> {
  const allowed = (topic: TopicImage) => allowsUncleanElection(view, topic.name);
  return electSome(view, view.indexes.leaders.of(NO_LEADER), "unclean", allowed);
}

function electSome(
  view: ControllerView,
  partitions: Iterable<TopicIdPartition>,
  election: Election,
  applies: (topic: TopicImage) => boolean,
): ControllerResult<boolean> {
  const records: MetadataRecord[] = [];
  for (const { topicId, partitionId } of partitions) {
    if (records.length >= ELECTIONS_PER_CHECK_MAX) break;
    const topic = view.image.topics.byId(topicId)!;
    if (!applies(topic)) continue;
    const record = electionRecord(view, topic, partitionId, election);
    if (record !== null) records.push(record);
  }
  return divisible(records, records.length >= ELECTIONS_PER_CHECK_MAX);
}
