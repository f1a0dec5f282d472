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

/** Moves partitions to other replicas, or cancels that (KIP-455). */
export const alterPartitionReassignments = api({
  key: 45,
  name: "AlterPartitionReassignments",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    timeoutMs: int32({ default: 60000 }),
    // KIP-860.
    allowReplicationFactorChange: bool({ versions: "1+", default: true }),
    topics: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        // Null cancels.
        replicas: array(int32(), { nullable: "0+", default: null }),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool({ versions: "1+", default: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    responses: array({
      name: string(),
      partitions: array({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+" }),
      }),
    }),
  },
});

/** What a client sends. */
export type AlterPartitionReassignmentsRequest = RequestOf<typeof alterPartitionReassignments>;
/** What it is answered. */
export type AlterPartitionReassignmentsResponse = ResponseOf<typeof alterPartitionReassignments>;
