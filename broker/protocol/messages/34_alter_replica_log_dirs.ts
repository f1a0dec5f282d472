import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Moves replicas between log directories of a broker (KIP-113). */
export const alterReplicaLogDirs = api({
  key: 34,
  name: "AlterReplicaLogDirs",
  versions: "1-2",
  flexible: "2+",
  listeners: ["broker"],
}, {
  request: {
    dirs: array({
      path: string(),
      topics: array({
        name: string(),
        partitions: array(int32()),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      topicName: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

/** What a client sends. */
export type AlterReplicaLogDirsRequest = RequestOf<typeof alterReplicaLogDirs>;
/** What it is answered. */
export type AlterReplicaLogDirsResponse = ResponseOf<typeof alterReplicaLogDirs>;
