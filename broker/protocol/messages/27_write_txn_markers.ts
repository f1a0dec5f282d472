import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** The transaction coordinator tells partition leaders the outcome (KIP-98). */
export const writeTxnMarkers = api({
  key: 27,
  name: "WriteTxnMarkers",
  versions: "1-2",
  flexible: "1+",
  listeners: ["broker"],
}, {
  request: {
    markers: array({
      producerId: int64(),
      producerEpoch: int16(),
      // True: commit, false: abort.
      transactionResult: bool(),
      topics: array({
        name: string(),
        partitionIndexes: array(int32()),
      }),
      coordinatorEpoch: int32(),
      // KIP-1228: `transaction.version` at the coordinator.
      transactionVersion: int8({ versions: "2+" }),
    }),
  },
  response: {
    markers: array({
      producerId: int64(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
});

/** What a client sends. */
export type WriteTxnMarkersRequest = RequestOf<typeof writeTxnMarkers>;
/** What it is answered. */
export type WriteTxnMarkersResponse = ResponseOf<typeof writeTxnMarkers>;
