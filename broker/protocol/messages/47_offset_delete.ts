import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Deletes offsets of a group for topics that it no longer reads (KIP-496). */
export const offsetDelete = api({
  key: 47,
  name: "OffsetDelete",
  versions: "0",
  flexible: "none",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
      }),
    }),
  },
  response: {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
});

/** What a client sends. */
export type OffsetDeleteRequest = RequestOf<typeof offsetDelete>;
/** What it is answered. */
export type OffsetDeleteResponse = ResponseOf<typeof offsetDelete>;
