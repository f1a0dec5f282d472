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

/** A leader of the metadata quorum steps down and names its successors (KIP-595). */
export const endQuorumEpoch = api({
  key: 54,
  name: "EndQuorumEpoch",
  versions: "0-1",
  flexible: "1+",
  listeners: ["controller"],
}, {
  request: {
    clusterId: string({ nullable: "0+", default: null }),
    topics: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32(),
        preferredSuccessors: array(int32(), { versions: "0" }),
        // KIP-853; who may stand first, by how far they have replicated.
        preferredCandidates: array({
          candidateId: int32(),
          candidateDirectoryId: uuid(),
        }, { versions: "1+" }),
      }),
    }),
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
export type EndQuorumEpochRequest = RequestOf<typeof endQuorumEpoch>;
/** What it is answered. */
export type EndQuorumEpochResponse = ResponseOf<typeof endQuorumEpoch>;
