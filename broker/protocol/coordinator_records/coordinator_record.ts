/** How keys and values of the coordinators' topics are framed, and which kinds each topic has. */
import { codec } from "../codec.ts";
import { Reader } from "../reader.ts";
import type { Fields, Infer, StoredMessage } from "../schema.ts";
import { decodeVersioned, encodePrefixed, encodeVersioned } from "../stored.ts";
import * as classicGroup from "./classic_group_records.ts";
import * as consumerGroup from "./consumer_group_records.ts";
import * as shareGroup from "./share_group_records.ts";
import * as shareState from "./share_state_records.ts";
import * as streamsGroup from "./streams_group_records.ts";
import * as transaction from "./transaction_records.ts";

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
  kind(classicGroup.legacyOffsetCommitKey, classicGroup.legacyOffsetCommitValue),
  kind(classicGroup.offsetCommitKey, classicGroup.offsetCommitValue),
  kind(classicGroup.groupMetadataKey, classicGroup.groupMetadataValue),
  kind(consumerGroup.consumerGroupMetadataKey, consumerGroup.consumerGroupMetadataValue),
  kind(
    consumerGroup.consumerGroupPartitionMetadataKey,
    consumerGroup.consumerGroupPartitionMetadataValue,
  ),
  kind(
    consumerGroup.consumerGroupMemberMetadataKey,
    consumerGroup.consumerGroupMemberMetadataValue,
  ),
  kind(
    consumerGroup.consumerGroupTargetAssignmentMetadataKey,
    consumerGroup.consumerGroupTargetAssignmentMetadataValue,
  ),
  kind(
    consumerGroup.consumerGroupTargetAssignmentMemberKey,
    consumerGroup.consumerGroupTargetAssignmentMemberValue,
  ),
  kind(
    consumerGroup.consumerGroupCurrentMemberAssignmentKey,
    consumerGroup.consumerGroupCurrentMemberAssignmentValue,
  ),
  kind(shareGroup.shareGroupMemberMetadataKey, shareGroup.shareGroupMemberMetadataValue),
  kind(shareGroup.shareGroupMetadataKey, shareGroup.shareGroupMetadataValue),
  kind(
    shareGroup.shareGroupTargetAssignmentMetadataKey,
    shareGroup.shareGroupTargetAssignmentMetadataValue,
  ),
  kind(
    shareGroup.shareGroupTargetAssignmentMemberKey,
    shareGroup.shareGroupTargetAssignmentMemberValue,
  ),
  kind(
    shareGroup.shareGroupCurrentMemberAssignmentKey,
    shareGroup.shareGroupCurrentMemberAssignmentValue,
  ),
  kind(
    shareGroup.shareGroupStatePartitionMetadataKey,
    shareGroup.shareGroupStatePartitionMetadataValue,
  ),
  kind(
    consumerGroup.consumerGroupRegularExpressionKey,
    consumerGroup.consumerGroupRegularExpressionValue,
  ),
  kind(streamsGroup.streamsGroupMetadataKey, streamsGroup.streamsGroupMetadataValue),
  kind(streamsGroup.streamsGroupMemberMetadataKey, streamsGroup.streamsGroupMemberMetadataValue),
  kind(
    streamsGroup.streamsGroupTargetAssignmentMetadataKey,
    streamsGroup.streamsGroupTargetAssignmentMetadataValue,
  ),
  kind(
    streamsGroup.streamsGroupTargetAssignmentMemberKey,
    streamsGroup.streamsGroupTargetAssignmentMemberValue,
  ),
  kind(
    streamsGroup.streamsGroupCurrentMemberAssignmentKey,
    streamsGroup.streamsGroupCurrentMemberAssignmentValue,
  ),
  kind(streamsGroup.streamsGroupTopologyKey, streamsGroup.streamsGroupTopologyValue),
] as const;

/** Kinds of `__transaction_state`. */
export const transactionRecords = [
  kind(transaction.transactionLogKey, transaction.transactionLogValue),
] as const;

/** Kinds of `__share_group_state`. */
export const shareStateRecords = [
  kind(shareState.shareSnapshotKey, shareState.shareSnapshotValue),
  kind(shareState.shareUpdateKey, shareState.shareUpdateValue),
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
 * coordinator, to be passed over. Byte fields are views. Throws ProtocolError on malformed bytes and
 * on an unknown version of a value.
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

/** Pairs `OffsetCommitKey` with `OffsetCommitValue` under the name `OffsetCommit`. */
function kind<const N extends string, K extends Fields, V extends Fields>(
  key: StoredMessage<K, `${N}Key`>,
  value: StoredMessage<V, `${N}Value`>,
): CoordinatorRecordKind<N, K, V> {
  return { name: key.name.slice(0, -"Key".length) as N, type: key.type, key, value };
}
