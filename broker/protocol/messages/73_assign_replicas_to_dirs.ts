import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  uuid,
} from "../schema.ts";

/** A broker tells the controller in which log directories its replicas lie (KIP-858). */
export const assignReplicasToDirs = api({
  key: 73,
  name: "AssignReplicasToDirs",
  versions: "0",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
        }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    directories: array({
      id: uuid(),
      topics: array({
        topicId: uuid(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
});

/** What a client sends. */
export type AssignReplicasToDirsRequest = RequestOf<typeof assignReplicasToDirs>;
/** What it is answered. */
export type AssignReplicasToDirsResponse = ResponseOf<typeof assignReplicasToDirs>;
