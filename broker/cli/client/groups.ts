import {
  consumerGroupDescribe,
  consumerProtocolAssignment,
  decodeVersioned,
  describeGroups,
  errorCodes,
  listGroups,
  make,
  offsetFetch,
  ProtocolError,
} from "../../protocol/mod.ts";
import { type BrokerNode, type ClusterClient, describeError } from "./cluster_client.ts";
import { CommandError } from "../command_error.ts";
import type { TopicPartition } from "./topic_offsets.ts";

/** A group as brokers list it. */
export interface ListedGroup {
  readonly groupId: string;
  readonly state: string;
  readonly type: string;
}

/** A member of a group. */
export interface GroupMember {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  /** Null for members of classic groups. */
  readonly epoch: number | null;
  readonly assignment: readonly TopicPartition[];
  /** Null for classic groups, whose members have what they are to have. */
  readonly target: readonly TopicPartition[] | null;
}

/** A group as its coordinator describes it. */
export interface DescribedGroup {
  readonly groupId: string;
  readonly coordinator: BrokerNode;
  readonly state: string;
  /** Empty where there is none. */
  readonly assignor: string;
  /** Null for classic groups. */
  readonly groupEpoch: number | null;
  readonly assignmentEpoch: number | null;
  readonly members: readonly GroupMember[];
}

/** Up to this version OffsetFetch and OffsetCommit name topics; later ones give ids. */
export const OFFSETS_BY_NAME_VERSION = 9;

/** Consumer groups of the whole cluster, by id; those of other kinds are left out. */
export async function allGroups(
  client: ClusterClient,
  filter: { readonly states?: readonly string[]; readonly types?: readonly string[] } = {},
): Promise<ListedGroup[]> {
  const { brokers } = await client.metadata([]);
  const found = new Map<string, ListedGroup>();
  for (const { nodeId } of brokers) {
    const node = await client.node(nodeId);
    const { errorCode, groups } = await node.request(
      listGroups,
      make(listGroups.request, {
        statesFilter: [...filter.states ?? []],
        typesFilter: [...filter.types ?? []],
      }),
    );
    if (errorCode !== errorCodes.NONE) {
      throw new CommandError(
        `Cannot list groups of broker ${nodeId}: ${describeError({ errorCode })}`,
      );
    }
    for (const { groupId, protocolType, groupState, groupType } of groups) {
      if (protocolType !== "consumer" && protocolType !== "") continue;
      found.set(groupId, { groupId, state: groupState, type: title(groupType || "classic") });
    }
  }
  return [...found.values()].sort((a, b) => a.groupId < b.groupId ? -1 : 1);
}

/** Describes a group of either kind; a CommandError when there is none. */
export async function describeGroup(
  client: ClusterClient,
  groupId: string,
): Promise<DescribedGroup> {
  const coordinator = await client.coordinator(groupId);
  const node = await client.node(coordinator.nodeId);
  if (node.serves(consumerGroupDescribe)) {
    const { groups } = await node.request(
      consumerGroupDescribe,
      make(consumerGroupDescribe.request, { groupIds: [groupId] }),
    );
    const [group] = groups;
    if (group?.errorCode === errorCodes.NONE) {
      return {
        groupId,
        coordinator,
        state: group.groupState,
        assignor: group.assignorName,
        groupEpoch: group.groupEpoch,
        assignmentEpoch: group.assignmentEpoch,
        members: group.members.map((member) => ({
          memberId: member.memberId,
          instanceId: member.instanceId,
          clientId: member.clientId,
          host: member.clientHost,
          epoch: member.memberEpoch,
          assignment: partitionsOf(member.assignment.topicPartitions),
          target: partitionsOf(member.targetAssignment.topicPartitions),
        })),
      };
    }
    // Not found: it may be a classic group, or none at all.
    if (group !== undefined && group.errorCode !== errorCodes.GROUP_ID_NOT_FOUND) {
      throw new CommandError(`Cannot describe group ${groupId}: ${describeError(group)}`);
    }
  }
  const { groups } = await node.request(
    describeGroups,
    make(describeGroups.request, { groups: [groupId] }),
  );
  const [group] = groups;
  if (
    group === undefined || group.errorCode === errorCodes.GROUP_ID_NOT_FOUND ||
    group.groupState === "Dead"
  ) {
    throw new CommandError(`There is no group ${groupId}`);
  }
  if (group.errorCode !== errorCodes.NONE) {
    throw new CommandError(`Cannot describe group ${groupId}: ${describeError(group)}`);
  }
  return {
    groupId,
    coordinator,
    state: group.groupState,
    assignor: group.protocolData,
    groupEpoch: null,
    assignmentEpoch: null,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: null,
      assignment: classicAssignment(member.memberAssignment),
      target: null,
    })),
  };
}

/** Committed offsets of a group, of all partitions that have one. */
export async function committedOffsets(
  client: ClusterClient,
  groupId: string,
): Promise<(TopicPartition & { readonly offset: number; readonly leaderEpoch: number | null })[]> {
  const { nodeId } = await client.coordinator(groupId);
  const node = await client.node(nodeId);
  const answer = await client.retry(async () => {
    const { groups } = await node.request(
      offsetFetch,
      make(offsetFetch.request, { groups: [{ groupId, topics: null }] }),
      { versionMax: OFFSETS_BY_NAME_VERSION },
    );
    return groups[0] ?? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, topics: [] };
  });
  if (answer.errorCode !== errorCodes.NONE) {
    throw new CommandError(`Cannot fetch offsets of group ${groupId}: ${describeError(answer)}`);
  }
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.filter(({ committedOffset }) => committedOffset >= 0).map((partition) => ({
      topic: name,
      partition: partition.partitionIndex,
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch < 0 ? null : partition.committedLeaderEpoch,
    }))
  );
}

function classicAssignment(bytes: Uint8Array): TopicPartition[] {
  if (bytes.length === 0) return [];
  try {
    const { value } = decodeVersioned(consumerProtocolAssignment, bytes, { newerAsLatest: true });
    return value.assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition }))
    );
  } catch (error) {
    // The bytes are the clients' own; some put other things there.
    if (error instanceof ProtocolError) return [];
    throw error;
  }
}

function partitionsOf(
  topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[],
): TopicPartition[] {
  return topics.flatMap(({ topicName, partitions }) =>
    partitions.map((partition) => ({ topic: topicName, partition }))
  );
}

function title(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
}
