import {
  errorCodes,
  errorMessage,
  make,
  offsetCommit,
  offsetFetch,
  ZERO_UUID,
} from "../../../broker/protocol/mod.ts";
import { Backoff, pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { KafkaError, throwOnCode } from "../kafka_error.ts";

/** Topics are named, not given by id, up to this version of both requests. */
const VERSION_MAX = 9;

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where a group goes on in a partition. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
  /** What whoever committed wrote beside it; null or empty when nothing. */
  readonly metadata: string | null;
}

/** An offset to commit. */
export interface OffsetToCommit extends TopicPartition {
  /** The next one to read. */
  readonly offset: number;
  readonly metadata?: string | null;
}

/** The member on whose behalf offsets are committed; outside of a group's generations -1 and empty. */
export interface Committer {
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

const NO_MEMBER: Committer = { generationId: -1, memberId: "", groupInstanceId: null };

/**
 * The offsets that a group has committed for these partitions (null: for all), those without one left
 * out. Waits for open transactions that commit offsets when `requireStable`. Rejects with
 * {@linkcode KafkaError}.
 */
export async function committedOffsets(
  client: KafkaClient,
  groupId: string,
  partitions: readonly TopicPartition[] | null,
  options: { readonly requireStable?: boolean; readonly timeoutMs?: number } = {},
): Promise<CommittedOffset[]> {
  const { requireStable = false, timeoutMs = client.requestTimeoutMs } = options;
  const deadlineMs = performance.now() + timeoutMs;
  const backoff = new Backoff(50, 500);
  const topics = partitions === null ? null : [...grouped(partitions)].map(([name, items]) => ({
    name,
    topicId: ZERO_UUID,
    partitionIndexes: items.map(({ partition }) => partition),
  }));
  const what = `Cannot fetch the offsets of group "${groupId}"`;
  for (;;) {
    const answer = await client.call(
      offsetFetch,
      make(offsetFetch.request, {
        groupId,
        topics,
        groups: [{ groupId, memberId: null, memberEpoch: -1, topics }],
        requireStable,
      }),
      {
        to: { group: groupId },
        versionMax: VERSION_MAX,
        timeoutMs: deadlineMs - performance.now(),
      },
    );
    const group = answer.groups[0] ?? answer;
    throwOnCode(group.errorCode, what);
    const found: CommittedOffset[] = [];
    let unstable = 0;
    for (const { name, partitions: told } of group.topics) {
      for (const { partitionIndex: partition, committedOffset, metadata, errorCode } of told) {
        if (errorCode === errorCodes.UNSTABLE_OFFSET_COMMIT) unstable++;
        // Where a topic isn't there (any more) nothing is committed.
        else if (errorCode !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) throwOnCode(errorCode, what);
        if (committedOffset < 0) continue;
        found.push({ topic: name, partition, offset: committedOffset, metadata });
      }
    }
    if (unstable === 0) return found;
    const delayMs = backoff.nextMs();
    if (performance.now() + delayMs > deadlineMs) {
      throwOnCode(errorCodes.UNSTABLE_OFFSET_COMMIT, what);
    }
    await pause(delayMs, client.closed);
  }
}

/**
 * Commits offsets of a group. Rejects with {@linkcode KafkaError} when one of them is refused:
 * ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID and REBALANCE_IN_PROGRESS when the group has moved on,
 * OFFSET_METADATA_TOO_LARGE, UNKNOWN_TOPIC_OR_PARTITION.
 */
export async function commitOffsets(
  client: KafkaClient,
  groupId: string,
  offsets: readonly OffsetToCommit[],
  committer: Committer = NO_MEMBER,
  options: { readonly timeoutMs?: number } = {},
): Promise<void> {
  if (offsets.length === 0) return;
  const answer = await client.call(
    offsetCommit,
    make(offsetCommit.request, {
      groupId,
      generationIdOrMemberEpoch: committer.generationId,
      memberId: committer.memberId,
      groupInstanceId: committer.groupInstanceId,
      topics: [...grouped(offsets)].map(([name, items]) => ({
        name,
        partitions: items.map(({ partition, offset, metadata }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedMetadata: metadata ?? "",
        })),
      })),
    }),
    {
      to: { group: groupId },
      versionMax: VERSION_MAX,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    },
  );
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode } of partitions) {
      if (errorCode === errorCodes.NONE) continue;
      throw new KafkaError(
        errorCode,
        `Cannot commit partition ${partitionIndex} of "${name}" for group "${groupId}": ` +
          errorMessage(errorCode),
      );
    }
  }
}

function grouped<T extends TopicPartition>(items: readonly T[]): Map<string, T[]> {
  const topics = new Map<string, T[]>();
  for (const item of items) {
    const others = topics.get(item.topic);
    if (others === undefined) topics.set(item.topic, [item]);
    else others.push(item);
  }
  return topics;
}
