import { array, bytes, int32, type MessageOf, record, string } from "../schema.ts";

/** ConsumerProtocolSubscription */
export const consumerProtocolSubscription = record({
  name: "ConsumerProtocolSubscription",
  versions: "0-3",
  flexible: "none",
}, {
  topics: array(string()),
  userData: bytes({ nullable: "0+", default: null }),
  ownedPartitions: array({
    topic: string(),
    partitions: array(int32()),
  }, { versions: "1+" }),
  generationId: int32({ versions: "2+", default: -1 }),
  rackId: string({ versions: "3+", nullable: "3+", default: null }),
});

/** See {@linkcode consumerProtocolSubscription}. */
export type ConsumerProtocolSubscription = MessageOf<typeof consumerProtocolSubscription>;
