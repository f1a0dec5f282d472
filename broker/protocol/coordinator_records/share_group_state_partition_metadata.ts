import { array, int32, type MessageOf, record, string, uuid } from "../schema.ts";

/** ShareGroupStatePartitionMetadataKey */
export const shareGroupStatePartitionMetadataKey = record({
  name: "ShareGroupStatePartitionMetadataKey",
  type: 15,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
});

/** See {@linkcode shareGroupStatePartitionMetadataKey}. */
export type ShareGroupStatePartitionMetadataKey = MessageOf<
  typeof shareGroupStatePartitionMetadataKey
>;

const topicPartitionsInfo = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
};

const topicInfo = {
  topicId: uuid(),
  topicName: string(),
};

/** ShareGroupStatePartitionMetadataValue */
export const shareGroupStatePartitionMetadataValue = record({
  name: "ShareGroupStatePartitionMetadataValue",
  type: 15,
  versions: "0",
  flexible: "0+",
}, {
  initializingTopics: array(topicPartitionsInfo),
  initializedTopics: array(topicPartitionsInfo),
  deletingTopics: array(topicInfo),
});

/** See {@linkcode shareGroupStatePartitionMetadataValue}. */
export type ShareGroupStatePartitionMetadataValue = MessageOf<
  typeof shareGroupStatePartitionMetadataValue
>;
