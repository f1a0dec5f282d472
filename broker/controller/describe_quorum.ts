import {
  describeQuorum as describeQuorumApi,
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
  errorCodes,
  errorMessage,
  make,
} from "../protocol/mod.ts";
import type { Endpoint } from "../metadata/mod.ts";

const TOPIC = "__cluster_metadata";

/** The quorum as its leader knows it. */
export interface QuorumState {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Null before the first commit of this process. */
  readonly highWatermark: number | null;
  readonly logEndOffset: number;
  readonly voters: readonly { readonly id: number; readonly directoryId: string }[];
  /** Where each voter can be reached. */
  readonly endpoints: ReadonlyMap<number, readonly Endpoint[]>;
}

/** DescribeQuorum (KIP-595, KIP-836): voters and observers, and how far each of them is. */
export function describeQuorum(
  state: QuorumState,
  { topics }: DescribeQuorumRequest,
  nowMs: number,
): DescribeQuorumResponse {
  const isAsked = topics.length === 1 && topics[0]!.topicName === TOPIC &&
    topics[0]!.partitions.length === 1 && topics[0]!.partitions[0]!.partitionIndex === 0;
  if (!isAsked) return unknownPartitions({ topics });
  return make(describeQuorumApi.response, {
    topics: [{
      topicName: TOPIC,
      partitions: [{
        partitionIndex: 0,
        leaderId: state.leaderId,
        leaderEpoch: state.leaderEpoch,
        highWatermark: state.highWatermark ?? -1,
        currentVoters: state.voters.map(({ id, directoryId }) => ({
          replicaId: id,
          replicaDirectoryId: directoryId,
          ...id === state.leaderId
            ? {
              logEndOffset: state.logEndOffset,
              lastFetchTimestamp: nowMs,
              lastCaughtUpTimestamp: nowMs,
            }
            : { logEndOffset: -1 },
        })),
      }],
    }],
    nodes: state.voters.map(({ id }) => ({
      nodeId: id,
      listeners: (state.endpoints.get(id) ?? []).map(({ name, host, port }) => ({
        name,
        host,
        port,
      })),
    })),
  });
}

function unknownPartitions({ topics }: DescribeQuorumRequest): DescribeQuorumResponse {
  const errorCode = errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  return make(describeQuorumApi.response, {
    topics: topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode,
        errorMessage: errorMessage(errorCode),
      })),
    })),
  });
}
