import {
  api,
  array,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** A new leader of the metadata quorum makes itself known (KIP-595). */
export const beginQuorumEpoch = api({
  key: 53,
  name: "BeginQuorumEpoch",
  versions: "0-1",
  flexible: "1+",
  listeners: ["controller"],
}, {
  request: {
    clusterId: string({ nullable: "0+", default: null }),
    voterId: int32({ versions: "1+", default: -1 }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        voterDirectoryId: uuid({ versions: "1+" }),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    // KIP-853.
    leaderEndpoints: array({
      name: string(),
      host: string(),
      port: uint16(),
    }, { versions: "1+" }),
  },
  response: {
    errorCode: int16(),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32(),
      host: string(),
      port: uint16(),
    }, { versions: "1+", tag: 0 }),
  },
});

/** What a client sends. */
export type BeginQuorumEpochRequest = RequestOf<typeof beginQuorumEpoch>;
/** What it is answered. */
export type BeginQuorumEpochResponse = ResponseOf<typeof beginQuorumEpoch>;
