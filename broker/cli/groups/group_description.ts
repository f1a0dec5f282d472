import {
  consumerGroupDescribe,
  type ConsumerGroupDescribeResponse,
  consumerProtocolAssignment,
  type Decoded,
  decodeVersioned,
  describeGroups,
  type DescribeGroupsResponse,
  errorCodes,
  make,
  ProtocolError,
} from "../../protocol/mod.ts";
import {
  type AdminConnection,
  type BrokerNode,
  done,
  failed,
  type Outcome,
  type TopicPartition,
} from "../admin/mod.ts";

/** A member of a group. */
export interface GroupMember {
  readonly memberId: string;
  /** For static members (KIP-345). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
  /** For groups of the new protocol (KIP-848), else null. */
  readonly epoch: number | null;
  readonly target: readonly TopicPartition[] | null;
}

/** What a group's coordinator tells of it. */
export interface GroupDescription {
  readonly group: string;
  readonly state: string;
  readonly type: "Classic" | "Consumer";
  readonly assignor: string;
  readonly coordinator: BrokerNode | null;
  readonly members: readonly GroupMember[];
  /** For groups of the new protocol (KIP-848), else null. */
  readonly groupEpoch: number | null;
  readonly assignmentEpoch: number | null;
}

type Described = Outcome<Omit<GroupDescription, "coordinator">>;

/** Describes groups of the new protocol and classic ones; a group that is neither has an error. */
export async function describedGroups(
  admin: AdminConnection,
  groups: readonly string[],
): Promise<Map<string, Outcome<GroupDescription>>> {
  const described = admin.serves(consumerGroupDescribe)
    ? await admin.forGroups(groups, (nodeId, asked) => askAsConsumer(admin, nodeId, asked))
    : new Map<string, Described>();
  const classic = groups.filter((group) => isNotOfNewProtocol(described.get(group)));
  for (
    const [group, outcome] of await admin.forGroups(
      classic,
      (nodeId, asked) => askAsClassic(admin, nodeId, asked),
    )
  ) described.set(group, outcome);
  return new Map(groups.map((group) => {
    const outcome = described.get(group) ?? failed(errorCodes.GROUP_ID_NOT_FOUND);
    if (!outcome.ok) return [group, outcome];
    return [group, done({ ...outcome.value, coordinator: admin.coordinatorOf(group) })];
  }));
}

function isNotOfNewProtocol(outcome: Described | undefined): boolean {
  if (outcome === undefined) return true;
  return !outcome.ok &&
    (outcome.code === errorCodes.GROUP_ID_NOT_FOUND ||
      outcome.code === errorCodes.UNSUPPORTED_VERSION);
}

async function askAsConsumer(
  admin: AdminConnection,
  nodeId: number,
  groups: readonly string[],
): Promise<Map<string, Described>> {
  const response = await admin.sendToNode(
    nodeId,
    consumerGroupDescribe,
    make(consumerGroupDescribe.request, { groupIds: [...groups] }),
  );
  return new Map(response.groups.map((each) => [each.groupId, fromConsumer(each)]));
}

function fromConsumer(answer: ConsumerGroupDescribeResponse["groups"][number]): Described {
  if (answer.errorCode !== errorCodes.NONE) return failed(answer.errorCode, answer.errorMessage);
  return done({
    group: answer.groupId,
    state: answer.groupState,
    type: "Consumer",
    assignor: answer.assignorName,
    groupEpoch: answer.groupEpoch,
    assignmentEpoch: answer.assignmentEpoch,
    members: answer.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      assignment: partitionsIn(member.assignment.topicPartitions),
      target: partitionsIn(member.targetAssignment.topicPartitions),
    })),
  });
}

async function askAsClassic(
  admin: AdminConnection,
  nodeId: number,
  groups: readonly string[],
): Promise<Map<string, Described>> {
  const response = await admin.sendToNode(
    nodeId,
    describeGroups,
    make(describeGroups.request, { groups: [...groups] }),
  );
  return new Map(response.groups.map((each) => [each.groupId, fromClassic(each)]));
}

function fromClassic(answer: Decoded<DescribeGroupsResponse>["groups"][number]): Described {
  if (answer.errorCode !== errorCodes.NONE) return failed(answer.errorCode, answer.errorMessage);
  // Before version 6 a group that does not exist was described as a dead one (KIP-1043).
  if (answer.groupState === "Dead") return failed(errorCodes.GROUP_ID_NOT_FOUND);
  const isConsumer = answer.protocolType === "consumer";
  return done({
    group: answer.groupId,
    state: answer.groupState,
    type: "Classic",
    assignor: answer.protocolData,
    groupEpoch: null,
    assignmentEpoch: null,
    members: answer.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: null,
      assignment: isConsumer ? assignedPartitions(member.memberAssignment) : [],
      target: null,
    })),
  });
}

/** What a member of a classic group is assigned; nothing when its bytes mean something else. */
export function assignedPartitions(bytes: Uint8Array): TopicPartition[] {
  if (bytes.length === 0) return [];
  try {
    const { value } = decodeVersioned(consumerProtocolAssignment, bytes, { newerAsLatest: true });
    return sorted(
      value.assignedPartitions.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition }))
      ),
    );
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return [];
  }
}

function partitionsIn(
  topics: readonly { readonly topicName: string; readonly partitions: readonly number[] }[],
): TopicPartition[] {
  return sorted(
    topics.flatMap(({ topicName, partitions }) =>
      partitions.map((partition) => ({ topic: topicName, partition }))
    ),
  );
}

function sorted(partitions: TopicPartition[]): TopicPartition[] {
  return partitions.sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
  );
}
