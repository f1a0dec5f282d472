import { array, bytes, int32, int64, type MessageOf, record, string, uuid } from "../schema.ts";

/** Key of an offset written by brokers before 0.9. */
export const legacyOffsetCommitKey = record({
  name: "LegacyOffsetCommitKey",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
  topic: string(),
  partition: int32(),
});

/** See {@linkcode legacyOffsetCommitKey}. */
export type LegacyOffsetCommitKey = MessageOf<typeof legacyOffsetCommitKey>;

/** An offset written by brokers before 0.9. */
export const legacyOffsetCommitValue = record({
  name: "LegacyOffsetCommitValue",
  type: 0,
  versions: "0",
  flexible: "none",
}, {
  offset: int64(),
  metadata: string(),
  commitTimestamp: int64(),
});

/** See {@linkcode legacyOffsetCommitValue}. */
export type LegacyOffsetCommitValue = MessageOf<typeof legacyOffsetCommitValue>;

/** Key of a committed offset. */
export const offsetCommitKey = record({
  name: "OffsetCommitKey",
  type: 1,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
  topic: string(),
  partition: int32(),
});

/** See {@linkcode offsetCommitKey}. */
export type OffsetCommitKey = MessageOf<typeof offsetCommitKey>;

/**
 * A committed offset. Brokers write version 1 when the request asked for a retention time, else 3;
 * later fields are tagged (KIP-915).
 */
export const offsetCommitValue = record({
  name: "OffsetCommitValue",
  type: 1,
  versions: "0-4",
  flexible: "4+",
}, {
  offset: int64(),
  // KIP-320.
  leaderEpoch: int32({ versions: "3+", default: -1 }),
  metadata: string(),
  commitTimestamp: int64(),
  // -1: as long as the broker keeps offsets.
  expireTimestamp: int64({ versions: "1", default: -1 }),
  topicId: uuid({ versions: "4+", tag: 0 }),
});

/** See {@linkcode offsetCommitValue}. */
export type OffsetCommitValue = MessageOf<typeof offsetCommitValue>;

/** Key of a classic group. */
export const groupMetadataKey = record({
  name: "GroupMetadataKey",
  type: 2,
  versions: "0",
  flexible: "none",
}, {
  group: string(),
});

/** See {@linkcode groupMetadataKey}. */
export type GroupMetadataKey = MessageOf<typeof groupMetadataKey>;

const memberMetadata = {
  memberId: string(),
  groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
  clientId: string(),
  clientHost: string(),
  rebalanceTimeout: int32({ versions: "1+", default: -1 }),
  sessionTimeout: int32(),
  subscription: bytes(),
  assignment: bytes(),
};

/** A classic group with its members and their assignments. */
export const groupMetadataValue = record({
  name: "GroupMetadataValue",
  type: 2,
  versions: "0-4",
  flexible: "4+",
}, {
  protocolType: string(),
  generation: int32(),
  // Null, as is the leader, in an empty group.
  protocol: string({ nullable: "0+" }),
  leader: string({ nullable: "0+" }),
  currentStateTimestamp: int64({ versions: "2+", default: -1 }),
  members: array(memberMetadata),
});

/** See {@linkcode groupMetadataValue}. */
export type GroupMetadataValue = MessageOf<typeof groupMetadataValue>;
