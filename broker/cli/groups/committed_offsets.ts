import { errorCodes, make, offsetCommit, offsetDelete, offsetFetch } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  done,
  failed,
  type Outcome,
  type TopicPartition,
} from "../admin/mod.ts";

/** How far a group has read a partition. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number;
  /** Null when it was committed without one. */
  readonly leaderEpoch: number | null;
}

/** Version 10 names topics by id, which OffsetDelete and older brokers do not know. */
const NAMED_TOPICS_MAX = 9;
const SEVERAL_GROUPS_SINCE = 8;
/** Who commits: a member of a classic group. */
export interface CommittingMember {
  readonly generationId: number;
  readonly memberId: string;
  readonly instanceId: string | null;
}

/** A commit from outside of the group, allowed while it has no members. */
const OUTSIDER: CommittingMember = { generationId: -1, memberId: "", instanceId: null };

/**
 * All committed offsets of each group, by topic and partition. With `isStable` it waits for
 * transactions that are about to commit some (KIP-447).
 */
export function committedOffsets(
  admin: AdminConnection,
  groups: readonly string[],
  { isStable = false }: { readonly isStable?: boolean } = {},
): Promise<Map<string, Outcome<CommittedOffset[]>>> {
  return admin.forGroups(groups, async (nodeId, asked) => {
    const version = await admin.versionOn(nodeId, offsetFetch, { versionMax: NAMED_TOPICS_MAX });
    const batches = version >= SEVERAL_GROUPS_SINCE ? [asked] : asked.map((group) => [group]);
    const outcomes = new Map<string, Outcome<CommittedOffset[]>>();
    for (const batch of batches) {
      const response = await admin.sendToNode(
        nodeId,
        offsetFetch,
        make(offsetFetch.request, {
          groupId: batch[0]!,
          topics: null,
          groups: batch.map((groupId) => ({ groupId, topics: null })),
          requireStable: isStable,
        }),
        { versionMax: NAMED_TOPICS_MAX },
      );
      const answers = version >= SEVERAL_GROUPS_SINCE
        ? response.groups
        : [{ ...response, groupId: batch[0]! }];
      for (const answer of answers) outcomes.set(answer.groupId, offsetsIn(answer));
    }
    return outcomes;
  });
}

interface FetchedGroup {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly committedOffset: number;
      readonly committedLeaderEpoch: number;
      readonly errorCode: number;
    }[];
  }[];
}

function offsetsIn({ errorCode, topics }: FetchedGroup): Outcome<CommittedOffset[]> {
  if (errorCode !== errorCodes.NONE) return failed(errorCode);
  const offsets: CommittedOffset[] = [];
  for (const { name, partitions } of topics) {
    for (const each of partitions) {
      if (each.errorCode !== errorCodes.NONE) return failed(each.errorCode);
      if (each.committedOffset < 0) continue;
      offsets.push({
        topic: name,
        partition: each.partitionIndex,
        offset: each.committedOffset,
        leaderEpoch: each.committedLeaderEpoch < 0 ? null : each.committedLeaderEpoch,
      });
    }
  }
  return done(
    offsets.sort((a, b) =>
      a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
    ),
  );
}

/** An offset to commit. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
  /** Of the record before it; -1 or absent where unknown (KIP-320). */
  readonly leaderEpoch?: number;
}

/**
 * Commits offsets as a member of the group, or, without one, for a group that has no members. The
 * outcome is bad when any partition was refused.
 */
export async function commitOffsets(
  admin: AdminConnection,
  group: string,
  offsets: readonly OffsetToCommit[],
  { generationId, memberId, instanceId }: CommittingMember = OUTSIDER,
): Promise<Outcome<null>> {
  const byTopic = Map.groupBy(offsets, (each) => each.topic);
  const request = make(offsetCommit.request, {
    groupId: group,
    generationIdOrMemberEpoch: generationId,
    memberId,
    groupInstanceId: instanceId,
    topics: [...byTopic].map(([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition, offset, leaderEpoch = -1 }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        committedMetadata: "",
      })),
    })),
  });
  const outcomes = await admin.forGroups([group], async (nodeId) => {
    const response = await admin.sendToNode(nodeId, offsetCommit, request, {
      versionMax: NAMED_TOPICS_MAX,
    });
    const refused = response.topics.flatMap((topic) => topic.partitions)
      .find((each) => each.errorCode !== errorCodes.NONE);
    return new Map([[group, refused === undefined ? done(null) : failed(refused.errorCode)]]);
  });
  return outcomes.get(group)!;
}

/** Deletes committed offsets; a group may keep others. Gives each partition's error code, 0 for none. */
export async function deleteOffsets(
  admin: AdminConnection,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<Outcome<Map<TopicPartition, number>>> {
  const byTopic = Map.groupBy(partitions, (each) => each.topic);
  const request = make(offsetDelete.request, {
    groupId: group,
    topics: [...byTopic].map(([name, keys]) => ({
      name,
      partitions: keys.map(({ partition }) => ({ partitionIndex: partition })),
    })),
  });
  const outcomes = await admin.forGroups([group], async (nodeId) => {
    const response = await admin.sendToNode(nodeId, offsetDelete, request);
    if (response.errorCode !== errorCodes.NONE) {
      return new Map([[group, failed(response.errorCode)]]);
    }
    const codes = new Map<string, number>();
    for (const { name, partitions: answers } of response.topics) {
      for (const each of answers) codes.set(`${name}:${each.partitionIndex}`, each.errorCode);
    }
    const byKey = new Map(partitions.map((key) => [
      key,
      codes.get(`${key.topic}:${key.partition}`) ?? errorCodes.UNKNOWN_SERVER_ERROR,
    ]));
    return new Map([[group, done(byKey)]]);
  });
  return outcomes.get(group)!;
}
