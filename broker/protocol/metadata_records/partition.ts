import { array, int32, int8, type MessageOf, record, uuid } from "../schema.ts";

/** PartitionRecord */
export const partitionRecord = record({
  name: "PartitionRecord",
  type: 3,
  versions: "0-2",
  flexible: "0+",
}, {
  partitionId: int32({ default: -1 }),
  topicId: uuid(),
  replicas: array(int32()),
  isr: array(int32()),
  removingReplicas: array(int32()),
  addingReplicas: array(int32()),
  leader: int32({ default: -1 }),
  leaderRecoveryState: int8({ tag: 0 }),
  leaderEpoch: int32({ default: -1 }),
  partitionEpoch: int32({ default: -1 }),
  directories: array(uuid(), { versions: "1+" }),
  eligibleLeaderReplicas: array(int32(), { versions: "2+", tag: 1, nullable: "2+", default: null }),
  lastKnownElr: array(int32(), { versions: "2+", tag: 2, nullable: "2+", default: null }),
});

/** See {@linkcode partitionRecord}. */
export type PartitionRecord = MessageOf<typeof partitionRecord>;
