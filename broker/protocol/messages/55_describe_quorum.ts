import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from "../schema.ts";

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid({ versions: "2+" }),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ versions: "1+", default: -1 }),
  lastCaughtUpTimestamp: int64({ versions: "1+", default: -1 }),
};

/** Tells leader, voters and observers of the metadata quorum (KIP-595, KIP-836). */
export const describeQuorum = api({
  key: 55,
  name: "DescribeQuorum",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  },
  response: {
    errorCode: int16(),
    errorMessage: string({ versions: "2+", nullable: "2+" }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ versions: "2+", nullable: "2+" }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array(replicaState),
        observers: array(replicaState),
      }),
    }),
    // KIP-853.
    nodes: array({
      nodeId: int32(),
      listeners: array({
        name: string(),
        host: string(),
        port: uint16(),
      }),
    }, { versions: "2+" }),
  },
});

/** What a client sends. */
export type DescribeQuorumRequest = RequestOf<typeof describeQuorum>;
/** What it is answered. */
export type DescribeQuorumResponse = ResponseOf<typeof describeQuorum>;
