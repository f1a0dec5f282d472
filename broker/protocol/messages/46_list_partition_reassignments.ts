import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Lists partitions that are being moved (KIP-455). */
export const listPartitionReassignments = api({
  key: 46,
  name: "ListPartitionReassignments",
  versions: "0",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    timeoutMs: int32({ default: 60000 }),
    // Null means all.
    topics: array({
      name: string(),
      partitionIndexes: array(int32()),
    }, { nullable: "0+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        replicas: array(int32()),
        addingReplicas: array(int32()),
        removingReplicas: array(int32()),
      }),
    }),
  },
});

/** What a client sends. */
export type ListPartitionReassignmentsRequest = RequestOf<typeof listPartitionReassignments>;
/** What it is answered. */
export type ListPartitionReassignmentsResponse = ResponseOf<typeof listPartitionReassignments>;
