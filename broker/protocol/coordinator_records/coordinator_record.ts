/** How keys and values of the coordinators' topics are framed, and which kinds each topic has. */
import { codec } from "../codec.ts";
import { Reader } from "../reader.ts";
import type { Fields, Infer, StoredMessage } from "../schema.ts";
import { decodeVersioned, encodePrefixed, encodeVersioned } from "../stored.ts";
import { shareSnapshotKey, shareSnapshotValue } from "./share_snapshot.ts";
import { legacyOffsetCommitKey, legacyOffsetCommitValue } from "./legacy_offset_commit.ts";
import { transactionLogKey, transactionLogValue } from "./transaction_log.ts";
import { shareUpdateKey, shareUpdateValue } from "./share_update.ts";
import { offsetCommitKey, offsetCommitValue } from "./offset_commit.ts";
import { groupMetadataKey, groupMetadataValue } from "./group_metadata.ts";
import { consumerGroupMetadataKey, consumerGroupMetadataValue } from "./consumer_group_metadata.ts";
import {
  consumerGroupPartitionMetadataKey,
  consumerGroupPartitionMetadataValue,
} from "./consumer_group_partition_metadata.ts";
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from "./consumer_group_member_metadata.ts";
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from "./consumer_group_target_assignment_metadata.ts";
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
} from "./consumer_group_target_assignment_member.ts";
import {
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from "./consumer_group_current_member_assignment.ts";
import {
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
} from "./share_group_member_metadata.ts";
import { shareGroupMetadataKey, shareGroupMetadataValue } from "./share_group_metadata.ts";
import {
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
} from "./share_group_target_assignment_metadata.ts";
import {
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
} from "./share_group_target_assignment_member.ts";
import {
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
} from "./share_group_current_member_assignment.ts";
import {
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
} from "./share_group_state_partition_metadata.ts";
import {
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from "./consumer_group_regular_expression.ts";
import { streamsGroupMetadataKey, streamsGroupMetadataValue } from "./streams_group_metadata.ts";
import {
  streamsGroupMemberMetadataKey,
  streamsGroupMemberMetadataValue,
} from "./streams_group_member_metadata.ts";
import {
  streamsGroupTargetAssignmentMetadataKey,
  streamsGroupTargetAssignmentMetadataValue,
} from "./streams_group_target_assignment_metadata.ts";
import {
  streamsGroupTargetAssignmentMemberKey,
  streamsGroupTargetAssignmentMemberValue,
} from "./streams_group_target_assignment_member.ts";
import {
  streamsGroupCurrentMemberAssignmentKey,
  streamsGroupCurrentMemberAssignmentValue,
} from "./streams_group_current_member_assignment.ts";
import { streamsGroupTopologyKey, streamsGroupTopologyValue } from "./streams_group_topology.ts";

/** A kind of record: its key's type number tells it apart within its topic. */
export interface CoordinatorRecordKind<
  N extends string = string,
  K extends Fields = Fields,
  V extends Fields = Fields,
> {
  readonly name: N;
  readonly type: number;
  readonly key: StoredMessage<K>;
  readonly value: StoredMessage<V>;
}

/** A record that was read. Switch on the name; a null value is a tombstone. */
export type CoordinatorRecordOf<R> = R extends CoordinatorRecordKind<infer N, infer K, infer V> ? {
    readonly name: N;
    readonly key: Infer<K>;
    /** Version of the value, -1 for a tombstone. */
    readonly version: number;
    readonly value: Infer<V> | null;
  }
  : never;

/** Any record of the coordinators' topics. */
export type CoordinatorRecord = CoordinatorRecordOf<CoordinatorRecordKind>;

/** Kinds of `__consumer_offsets`. */
export const groupRecords = [
  kind("LegacyOffsetCommit", legacyOffsetCommitKey, legacyOffsetCommitValue),
  kind("OffsetCommit", offsetCommitKey, offsetCommitValue),
  kind("GroupMetadata", groupMetadataKey, groupMetadataValue),
  kind("ConsumerGroupMetadata", consumerGroupMetadataKey, consumerGroupMetadataValue),
  kind(
    "ConsumerGroupPartitionMetadata",
    consumerGroupPartitionMetadataKey,
    consumerGroupPartitionMetadataValue,
  ),
  kind(
    "ConsumerGroupMemberMetadata",
    consumerGroupMemberMetadataKey,
    consumerGroupMemberMetadataValue,
  ),
  kind(
    "ConsumerGroupTargetAssignmentMetadata",
    consumerGroupTargetAssignmentMetadataKey,
    consumerGroupTargetAssignmentMetadataValue,
  ),
  kind(
    "ConsumerGroupTargetAssignmentMember",
    consumerGroupTargetAssignmentMemberKey,
    consumerGroupTargetAssignmentMemberValue,
  ),
  kind(
    "ConsumerGroupCurrentMemberAssignment",
    consumerGroupCurrentMemberAssignmentKey,
    consumerGroupCurrentMemberAssignmentValue,
  ),
  kind("ShareGroupMemberMetadata", shareGroupMemberMetadataKey, shareGroupMemberMetadataValue),
  kind("ShareGroupMetadata", shareGroupMetadataKey, shareGroupMetadataValue),
  kind(
    "ShareGroupTargetAssignmentMetadata",
    shareGroupTargetAssignmentMetadataKey,
    shareGroupTargetAssignmentMetadataValue,
  ),
  kind(
    "ShareGroupTargetAssignmentMember",
    shareGroupTargetAssignmentMemberKey,
    shareGroupTargetAssignmentMemberValue,
  ),
  kind(
    "ShareGroupCurrentMemberAssignment",
    shareGroupCurrentMemberAssignmentKey,
    shareGroupCurrentMemberAssignmentValue,
  ),
  kind(
    "ShareGroupStatePartitionMetadata",
    shareGroupStatePartitionMetadataKey,
    shareGroupStatePartitionMetadataValue,
  ),
  kind(
    "ConsumerGroupRegularExpression",
    consumerGroupRegularExpressionKey,
    consumerGroupRegularExpressionValue,
  ),
  kind("StreamsGroupMetadata", streamsGroupMetadataKey, streamsGroupMetadataValue),
  kind(
    "StreamsGroupMemberMetadata",
    streamsGroupMemberMetadataKey,
    streamsGroupMemberMetadataValue,
  ),
  kind(
    "StreamsGroupTargetAssignmentMetadata",
    streamsGroupTargetAssignmentMetadataKey,
    streamsGroupTargetAssignmentMetadataValue,
  ),
  kind(
    "StreamsGroupTargetAssignmentMember",
    streamsGroupTargetAssignmentMemberKey,
    streamsGroupTargetAssignmentMemberValue,
  ),
  kind(
    "StreamsGroupCurrentMemberAssignment",
    streamsGroupCurrentMemberAssignmentKey,
    streamsGroupCurrentMemberAssignmentValue,
  ),
  kind("StreamsGroupTopology", streamsGroupTopologyKey, streamsGroupTopologyValue),
] as const;

/** Kinds of `__transaction_state`. */
export const transactionRecords = [
  kind("TransactionLog", transactionLogKey, transactionLogValue),
] as const;

/** Kinds of `__share_group_state`. */
export const shareStateRecords = [
  kind("ShareSnapshot", shareSnapshotKey, shareSnapshotValue),
  kind("ShareUpdate", shareUpdateKey, shareUpdateValue),
] as const;

/** The key of a record: its type as an int16, then the body. */
export function encodeCoordinatorKey<F extends Fields>(
  message: StoredMessage<F>,
  key: Infer<F>,
): Uint8Array {
  // A key has one version; the number in front is the type, which Kafka calls the key's version.
  return encodePrefixed(message.type, message, 0, key);
}

/** The value of a record: its version as an int16, then the body. */
export function encodeCoordinatorValue<F extends Fields>(
  message: StoredMessage<F>,
  version: number,
  value: Infer<F>,
): Uint8Array {
  return encodeVersioned(message, version, value);
}

/**
 * Reads a record of a topic that has these kinds; null when its type is unknown: written by a newer
 * coordinator, to be passed over. Byte fields are views. Throws ProtocolError on malformed bytes and on
 * an unknown version of a value.
 */
export function decodeCoordinatorRecord<R extends CoordinatorRecordKind>(
  kinds: readonly R[],
  key: Uint8Array,
  value: Uint8Array | null,
): CoordinatorRecordOf<R> | null {
  const reader = new Reader(key);
  const type = reader.int16();
  const kind = kinds.find((candidate) => candidate.type === type);
  if (kind === undefined) return null;
  const decodedKey = codec(kind.key, 0).decode(reader);
  const decoded = value === null
    ? { version: -1, value: null }
    : decodeVersioned(kind.value, value);
  return { name: kind.name, key: decodedKey, ...decoded } as CoordinatorRecordOf<R>;
}

function kind<const N extends string, K extends Fields, V extends Fields>(
  name: N,
  key: StoredMessage<K>,
  value: StoredMessage<V>,
): CoordinatorRecordKind<N, K, V> {
  return { name, type: key.type, key, value };
}
