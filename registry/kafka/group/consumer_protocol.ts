import {
  type ConsumerProtocolAssignment,
  consumerProtocolAssignment,
  consumerProtocolSubscription,
  decodeVersioned,
  encodeVersioned,
  errorCodes,
  make,
  ProtocolError,
} from "../../../broker/protocol/mod.ts";
import { KafkaError } from "../kafka_error.ts";
import type { Subscriber, TopicPartitions } from "./assignors.ts";
import type { GroupMember } from "./group_membership.ts";

/** What consumers tell each other inside of JoinGroup and SyncGroup. */

/** Every client reads it; later ones add what eager assignors don't use. */
const VERSION = 1;

/** The metadata of a member that wants these topics. */
export function encodeSubscription(topics: readonly string[]): Uint8Array {
  const subscription = make(consumerProtocolSubscription, { topics: [...topics] });
  return encodeVersioned(consumerProtocolSubscription, VERSION, subscription);
}

/** What a member wants. Throws {@linkcode KafkaError} INCONSISTENT_GROUP_PROTOCOL when it is damaged. */
export function decodeSubscription(member: GroupMember): Subscriber {
  const { memberId, groupInstanceId, metadata } = member;
  const { topics } = decoded(
    `the subscription of member ${memberId}`,
    () => decodeVersioned(consumerProtocolSubscription, metadata, { newerAsLatest: true }).value,
  );
  return { memberId, groupInstanceId, topics };
}

/** What a member gets. */
export function encodeAssignment(partitions: readonly TopicPartitions[]): Uint8Array {
  const assignment: ConsumerProtocolAssignment = {
    assignedPartitions: partitions.map(({ topic, partitions }) => ({
      topic,
      partitions: [...partitions],
    })),
    userData: null,
  };
  return encodeVersioned(consumerProtocolAssignment, VERSION, assignment);
}

/** What the leader gave; nothing when the bytes are none. */
export function decodeAssignment(bytes: Uint8Array): readonly TopicPartitions[] {
  if (bytes.length === 0) return [];
  return decoded(
    "the assignment",
    () => decodeVersioned(consumerProtocolAssignment, bytes, { newerAsLatest: true }).value,
  ).assignedPartitions;
}

function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new KafkaError(
      errorCodes.INCONSISTENT_GROUP_PROTOCOL,
      `Cannot read ${what}: ${cause.message}`,
      { cause },
    );
  }
}
