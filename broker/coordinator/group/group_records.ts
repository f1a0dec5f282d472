import {
  codec,
  decodeVersioned,
  encodeCoordinatorKey,
  encodeCoordinatorValue,
  groupMetadataKey,
  type GroupMetadataValue,
  groupMetadataValue,
  legacyOffsetCommitValue,
  type OffsetCommitKey,
  offsetCommitKey,
  offsetCommitValue,
  ProtocolError,
  Reader,
  ZERO_UUID,
} from "../../protocol/mod.ts";
import type { RecordBytes, RecordFormat } from "../state_machine.ts";
import type { CommittedOffset } from "./committed_offset.ts";

/** What a group is, by the protocol that its members follow. */
export type GroupType = "classic" | "consumer" | "share" | "streams";

/** A record of `__consumer_offsets`. A null value is a tombstone. */
export type GroupRecord =
  | {
    readonly kind: "offset";
    readonly key: OffsetCommitKey;
    readonly value: Omit<CommittedOffset, "recordOffset"> | null;
  }
  | {
    readonly kind: "group";
    readonly groupId: string;
    readonly value: GroupMetadataValue | null;
  }
  /** A record of a group that is not classic, kept as it is. */
  | {
    readonly kind: "other";
    readonly groupType: Exclude<GroupType, "classic">;
    readonly groupId: string;
    readonly keyType: number;
    readonly key: Uint8Array;
    readonly value: Uint8Array | null;
  };

const LEGACY_OFFSET_COMMIT = 0;
const OFFSET_COMMIT = 1;
const GROUP_METADATA = 2;

/** Whose records the other types of key are. */
const OTHER_TYPES: ReadonlyMap<number, Exclude<GroupType, "classic">> = new Map([
  ...[3, 4, 5, 6, 7, 8, 16].map((type) => [type, "consumer"] as const),
  ...[10, 11, 12, 13, 14, 15].map((type) => [type, "share"] as const),
  ...[17, 19, 20, 21, 22, 23].map((type) => [type, "streams"] as const),
]);

/** Keys have had one version since the first. */
const KEY_VERSION = 0;
/** What Kafka 4.4 writes; version 4 is for a time when all brokers read flexible values. */
const GROUP_METADATA_VERSION = 3;
/** What Kafka 4.4 writes: flexible, with the topic id. */
const OFFSET_COMMIT_VERSION = 4;
/** The one version that has room for an expiry of its own, for OffsetCommit 2 to 4. */
const EXPIRING_OFFSET_COMMIT_VERSION = 1;

/** Reads and writes the records of `__consumer_offsets` in Kafka's versions. */
export const groupRecordFormat: RecordFormat<GroupRecord> = { encode, decode };

function encode(record: GroupRecord): RecordBytes {
  switch (record.kind) {
    case "offset":
      return {
        key: encodeCoordinatorKey(offsetCommitKey, record.key),
        value: record.value === null ? null : encodeOffset(record.value),
      };
    case "group": {
      const key = { group: record.groupId };
      return {
        key: encodeCoordinatorKey(groupMetadataKey, key),
        value: record.value === null
          ? null
          : encodeCoordinatorValue(groupMetadataValue, GROUP_METADATA_VERSION, record.value),
      };
    }
    case "other":
      return { key: record.key, value: record.value };
  }
}

function encodeOffset(value: Omit<CommittedOffset, "recordOffset">): Uint8Array {
  const version = value.expireTimestampMs === -1
    ? OFFSET_COMMIT_VERSION
    : EXPIRING_OFFSET_COMMIT_VERSION;
  return encodeCoordinatorValue(offsetCommitValue, version, {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestamp: value.commitTimestampMs,
    expireTimestamp: value.expireTimestampMs,
    topicId: value.topicId,
  });
}

/** Loading reads millions of records: one reader for all. */
const reader = new Reader(new Uint8Array(0));

function decode(key: Uint8Array | null, value: Uint8Array | null): GroupRecord | null {
  if (key === null) throw new ProtocolError("Cannot read a group record: it has no key");
  reader.reset(key);
  const type = reader.int16();
  if (type === LEGACY_OFFSET_COMMIT || type === OFFSET_COMMIT) {
    return {
      kind: "offset",
      key: codec(offsetCommitKey, KEY_VERSION).decode(reader),
      value: value === null ? null : decodeOffset(type, value),
    };
  }
  const groupType = OTHER_TYPES.get(type);
  if (type !== GROUP_METADATA && groupType === undefined) return null;
  // All other keys begin with the group's id.
  const groupId = codec(groupMetadataKey, KEY_VERSION).decode(reader).group;
  if (groupType === undefined) {
    return { kind: "group", groupId, value: value === null ? null : decodeGroup(value) };
  }
  return {
    kind: "other",
    groupType,
    groupId,
    keyType: type,
    key: key.slice(),
    value: value === null ? null : value.slice(),
  };
}

function decodeOffset(type: number, value: Uint8Array): Omit<CommittedOffset, "recordOffset"> {
  reader.reset(value);
  const version = reader.int16();
  if (type === LEGACY_OFFSET_COMMIT) {
    const legacy = codec(legacyOffsetCommitValue, version).decode(reader);
    return {
      offset: legacy.offset,
      leaderEpoch: -1,
      metadata: legacy.metadata,
      commitTimestampMs: legacy.commitTimestamp,
      expireTimestampMs: -1,
      topicId: ZERO_UUID,
    };
  }
  const decoded = codec(offsetCommitValue, version).decode(reader);
  return {
    offset: decoded.offset,
    leaderEpoch: decoded.leaderEpoch,
    metadata: decoded.metadata,
    commitTimestampMs: decoded.commitTimestamp,
    expireTimestampMs: decoded.expireTimestamp,
    topicId: decoded.topicId,
  };
}

/** The bytes in it are copied: they outlive what they were read from. */
function decodeGroup(bytes: Uint8Array): GroupMetadataValue {
  const { value } = decodeVersioned(groupMetadataValue, bytes);
  for (const member of value.members) {
    member.subscription = member.subscription.slice();
    member.assignment = member.assignment.slice();
  }
  return value;
}
