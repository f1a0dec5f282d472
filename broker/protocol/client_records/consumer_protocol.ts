import { array, bytes, int32, type MessageOf, record, string } from "../schema.ts";

/** What a consumer of a classic group hands in as its metadata, behind an int16 version. */
export const consumerProtocolSubscription = record({
  name: "ConsumerProtocolSubscription",
  versions: "0-3",
  flexible: "none",
}, {
  topics: array(string()),
  userData: bytes({ nullable: "0+", default: null }),
  // KIP-429.
  ownedPartitions: array({
    topic: string(),
    partitions: array(int32()),
  }, { versions: "1+" }),
  // KIP-792.
  generationId: int32({ versions: "2+", default: -1 }),
  // KIP-881.
  rackId: string({ versions: "3+", nullable: "3+", default: null }),
});

/** See {@linkcode consumerProtocolSubscription}. */
export type ConsumerProtocolSubscription = MessageOf<typeof consumerProtocolSubscription>;

/** What a consumer of a classic group gets assigned, behind an int16 version. */
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
