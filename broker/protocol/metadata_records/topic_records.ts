import { array, int32, int8, type MessageOf, record, string, uuid } from "../schema.ts";

/** A topic was created. */
export const topicRecord = record({ name: "TopicRecord", type: 2, versions: "0", flexible: "0+" }, {
  name: string(),
  topicId: uuid(),
});

/** See {@linkcode topicRecord}. */
export type TopicRecord = MessageOf<typeof topicRecord>;

/** A topic was deleted with its partitions. */
export const removeTopicRecord = record({
  name: "RemoveTopicRecord",
  type: 9,
  versions: "0",
  flexible: "0+",
}, {
  topicId: uuid(),
});

/** See {@linkcode removeTopicRecord}. */
export type RemoveTopicRecord = MessageOf<typeof removeTopicRecord>;

/**
 * A partition was created, or all about it in a snapshot. Version 1 adds directories (KIP-858), 2
 * the eligible leader replicas (KIP-966).
 */
export const partitionRecord = record({
  name: "PartitionRecord",
  type: 3,
  versions: "0-2",
  flexible: "0+",
}, {
  partitionId: int32({ default: -1 }),
  topicId: uuid(),
  // The first is the preferred leader.
  replicas: array(int32()),
  isr: array(int32()),
  removingReplicas: array(int32()),
  addingReplicas: array(int32()),
  // -1: none.
  leader: int32({ default: -1 }),
  // KIP-704: 1 while the leader recovers from an unclean election.
  leaderRecoveryState: int8({ tag: 0 }),
  leaderEpoch: int32({ default: -1 }),
  partitionEpoch: int32({ default: -1 }),
  // One for each replica.
  directories: array(uuid(), { versions: "1+" }),
  eligibleLeaderReplicas: array(int32(), { versions: "2+", tag: 1, nullable: "2+", default: null }),
  lastKnownElr: array(int32(), { versions: "2+", tag: 2, nullable: "2+", default: null }),
});

/** See {@linkcode partitionRecord}. */
export type PartitionRecord = MessageOf<typeof partitionRecord>;

/**
 * Something about a partition changed: what is null or at its default did not. Versions as those of
 * PartitionRecord.
 */
export const partitionChangeRecord = record({
  name: "PartitionChangeRecord",
  type: 5,
  versions: "0-2",
  flexible: "0+",
}, {
  partitionId: int32({ default: -1 }),
  topicId: uuid(),
  isr: array(int32(), { tag: 0, nullable: "0+", default: null }),
  // -1: none, -2: unchanged.
  leader: int32({ tag: 1, default: -2 }),
  replicas: array(int32(), { tag: 2, nullable: "0+", default: null }),
  removingReplicas: array(int32(), { tag: 3, nullable: "0+", default: null }),
  addingReplicas: array(int32(), { tag: 4, nullable: "0+", default: null }),
  // KIP-704: -1: unchanged, 0: recovered, 1: recovering.
  leaderRecoveryState: int8({ tag: 5, default: -1 }),
  directories: array(uuid(), { versions: "1+", tag: 8, nullable: "1+", default: null }),
  eligibleLeaderReplicas: array(int32(), { versions: "2+", tag: 6, nullable: "2+", default: null }),
  lastKnownElr: array(int32(), { versions: "2+", tag: 7, nullable: "2+", default: null }),
});

/** See {@linkcode partitionChangeRecord}. */
export type PartitionChangeRecord = MessageOf<typeof partitionChangeRecord>;

/** Eligible leader replicas of one or of all topics were cleared (KIP-966). */
export const clearElrRecord = record({
  name: "ClearElrRecord",
  type: 28,
  versions: "0",
  flexible: "0+",
}, {
  // Empty: all topics.
  topicName: string(),
});

/** See {@linkcode clearElrRecord}. */
export type ClearElrRecord = MessageOf<typeof clearElrRecord>;
