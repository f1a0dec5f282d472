import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Moves the log start offset of partitions: what lies before is deleted (KIP-107). */
export const deleteRecords = api({
  key: 21,
  name: "DeleteRecords",
  versions: "0-2",
  flexible: "2+",
  listeners: ["broker"],
}, {
  request: {
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        // -1: the high watermark.
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  },
});

/** What a client sends. */
export type DeleteRecordsRequest = RequestOf<typeof deleteRecords>;
/** What it is answered. */
export type DeleteRecordsResponse = ResponseOf<typeof deleteRecords>;
