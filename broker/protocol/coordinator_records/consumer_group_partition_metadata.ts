import { array, int32, type MessageOf, record, string, uuid } from "../schema.ts";

/** ConsumerGroupPartitionMetadataKey */
export const consumerGroupPartitionMetadataKey = record({
  name: "ConsumerGroupPartitionMetadataKey",
  type: 4,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode consumerGroupPartitionMetadataKey}. */
export type ConsumerGroupPartitionMetadataKey = MessageOf<typeof consumerGroupPartitionMetadataKey>;

/** ConsumerGroupPartitionMetadataValue */
export const consumerGroupPartitionMetadataValue = record({
  name: "ConsumerGroupPartitionMetadataValue",
  type: 4,
  versions: "0",
  flexible: "0+",
}, {
  topics: array({
    topicId: uuid(),
    topicName: string(),
    numPartitions: int32(),
    partitionMetadata: array({
      partition: int32(),
      racks: array(string()),
    }),
  }),
});

/** See {@linkcode consumerGroupPartitionMetadataValue}. */
export type ConsumerGroupPartitionMetadataValue = MessageOf<
  typeof consumerGroupPartitionMetadataValue
>;
