import {
  api,
  array,
  bool,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Gives topics more partitions (KIP-195). */
export const createPartitions = api({
  key: 37,
  name: "CreatePartitions",
  versions: "0-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    topics: array({
      name: string(),
      count: int32(),
      assignments: array({
        brokerIds: array(int32()),
      }, { nullable: "0+" }),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
    }),
  },
});

/** What a client sends. */
export type CreatePartitionsRequest = RequestOf<typeof createPartitions>;
/** What it is answered. */
export type CreatePartitionsResponse = ResponseOf<typeof createPartitions>;
