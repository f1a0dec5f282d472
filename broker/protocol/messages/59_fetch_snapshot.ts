import {
  api,
  array,
  int16,
  int32,
  INT32_MAX,
  int64,
  recordsToSend,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uint16,
  uuid,
} from "../schema.ts";

/** Fetches a piece of a metadata snapshot (KIP-630). */
export const fetchSnapshot = api({
  key: 59,
  name: "FetchSnapshot",
  versions: "0-1",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    clusterId: string({ tag: 0, nullable: "0+", default: null }),
    replicaId: int32({ default: -1 }),
    maxBytes: int32({ default: INT32_MAX }),
    topics: array({
      name: string(),
      partitions: array({
        partition: int32(),
        currentLeaderEpoch: int32(),
        snapshotId: struct({
          endOffset: int64(),
          epoch: int32(),
        }),
        position: int64(),
        replicaDirectoryId: uuid({ versions: "1+", tag: 0 }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array({
      name: string(),
      partitions: array({
        index: int32(),
        errorCode: int16(),
        snapshotId: struct({
          endOffset: int64(),
          epoch: int32(),
        }),
        currentLeader: struct({
          leaderId: int32(),
          leaderEpoch: int32(),
        }, { tag: 0 }),
        // Of the whole snapshot.
        size: int64(),
        position: int64(),
        // Bytes from the position on; they may start and end inside a batch.
        unalignedRecords: recordsToSend(),
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
export type FetchSnapshotRequest = RequestOf<typeof fetchSnapshot>;
/** What it is answered. */
export type FetchSnapshotResponse = ResponseOf<typeof fetchSnapshot>;
