import { array, bytes, int32, type MessageOf, record, string } from "../schema.ts";

/** ConsumerProtocolAssignment */
export const consumerProtocolAssignment = record({
  name: "ConsumerProtocolAssignment",
  versions: "0-3",
  flexible: "none",
}, {
  assignedPartitions: array({
    topic: string(),
    partitions: array(int32()),
  }),
  userData: bytes({ nullable: "0+", default: null }),
});

/** See {@linkcode consumerProtocolAssignment}. */
export type ConsumerProtocolAssignment = MessageOf<typeof consumerProtocolAssignment>;
