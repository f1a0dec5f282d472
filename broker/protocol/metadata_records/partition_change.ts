import { array, int32, int8, type MessageOf, record, uuid } from "../schema.ts";

/** PartitionChangeRecord */
export const partitionChangeRecord = record({
  name: "PartitionChangeRecord",
  type: 5,
  versions: "0-2",
  flexible: "0+",
}, {
  partitionId: int32({ default: -1 }),
  topicId: uuid(),
  isr: array(int32(), { tag: 0, nullable: "0+", default: null }),
  leader: int32({ tag: 1, default: -2 }),
  replicas: array(int32(), { tag: 2, nullable: "0+", default: null }),
  removingReplicas: array(int32(), { tag: 3, nullable: "0+", default: null }),
  addingReplicas: array(int32(), { tag: 4, nullable: "0+", default: null }),
  leaderRecoveryState: int8({ tag: 5, default: -1 }),
  directories: array(uuid(), { versions: "1+", tag: 8, nullable: "1+", default: null }),
  eligibleLeaderReplicas: array(int32(), { versions: "2+", tag: 6, nullable: "2+", default: null }),
  lastKnownElr: array(int32(), { versions: "2+", tag: 7, nullable: "2+", default: null }),
});

/** See {@linkcode partitionChangeRecord}. */
export type PartitionChangeRecord = MessageOf<typeof partitionChangeRecord>;
