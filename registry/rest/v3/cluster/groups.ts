/** Consumer groups: their members, what each has, how far behind they are. */
import {
  consumerGroupDescribe,
  describeGroups,
  errorCodes,
  findCoordinator,
  listGroups,
  make,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import {
  committedOffsets,
  decodeAssignment,
  KafkaError,
  listOffsets,
  throwOnCode,
} from "../../../kafka/mod.ts";
import type { Resource } from "./links.ts";
import type { V3Request, V3Route } from "./route.ts";

/** A member as both kinds of group tell it. */
interface Member {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[];
}

/** A group as both kinds tell it. */
interface Group {
  readonly id: string;
  readonly isSimple: boolean;
  readonly assignor: string;
  /** Upper snake case. */
  readonly state: string;
  /** CLASSIC or CONSUMER. */
  readonly type: string;
  readonly members: readonly Member[];
}

/** How far a group is behind in a partition. */
interface Lag {
  readonly topic: string;
  readonly partition: number;
  readonly current: number;
  readonly end: number;
  readonly lag: number;
  readonly member: Member | null;
}

const CONSUMER_PROTOCOL = "consumer";
const GROUP_KEY = 0;
/** FindCoordinator for several groups at once (KIP-699). */
const BATCHED_VERSION = 4;
/** Groups that one list tells of in full. */
const DESCRIBED_AT_ONCE = 50;

function stateWord(state: string): string {
  const word = state.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
  return word === "" ? "UNKNOWN" : word;
}

async function idsOf({ context: { client } }: V3Request): Promise<string[]> {
  const { brokers } = await client.metadata([], { maxAgeMs: 0 });
  const answers = await Promise.all(
    brokers.map(({ id }) =>
      client.call(listGroups, make(listGroups.request, {}), { to: { broker: id } })
    ),
  );
  const ids = new Set<string>();
  for (const { errorCode, groups } of answers) {
    throwOnCode(errorCode, "Cannot list the groups");
    for (const { groupId, protocolType } of groups) {
      if (protocolType === CONSUMER_PROTOCOL || protocolType === "") ids.add(groupId);
    }
  }
  return [...ids].sort();
}

/** Brokers that coordinate groups, by group; one request for all. */
async function coordinatorsOf(
  { context: { client } }: V3Request,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const answer = await client.call(
    findCoordinator,
    make(findCoordinator.request, { keyType: GROUP_KEY, coordinatorKeys: [...ids] }),
    { versionMin: BATCHED_VERSION },
  );
  return new Map(answer.coordinators.map(({ key, nodeId }) => [key, nodeId]));
}

async function classicGroup(request: V3Request, id: string): Promise<Group | null> {
  const { client } = request.context;
  const answer = await client.call(
    describeGroups,
    make(describeGroups.request, { groups: [id] }),
    { to: { group: id } },
  );
  const group = answer.groups[0]!;
  if (group.errorCode === errorCodes.GROUP_ID_NOT_FOUND) return null;
  throwOnCode(group.errorCode, `Cannot describe group ${shown(id)}`, group.errorMessage);
  const isConsumer = group.protocolType === CONSUMER_PROTOCOL;
  return {
    id,
    isSimple: group.protocolType === "",
    assignor: group.protocolData,
    state: stateWord(group.groupState),
    type: "CLASSIC",
    members: group.members.map((member) => ({
      id: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      partitions: !isConsumer ? [] : decodeAssignment(member.memberAssignment)
        .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))),
    })),
  };
}

/** A group of KIP-848; null where the broker knows no such group, or no such groups. */
async function consumerGroup(request: V3Request, id: string): Promise<Group | null> {
  const { client } = request.context;
  try {
    const answer = await client.call(
      consumerGroupDescribe,
      make(consumerGroupDescribe.request, { groupIds: [id] }),
      { to: { group: id } },
    );
    const group = answer.groups[0]!;
    if (group.errorCode !== errorCodes.NONE) return null;
    return {
      id,
      isSimple: false,
      assignor: group.assignorName,
      state: stateWord(group.groupState),
      type: "CONSUMER",
      members: group.members.map((member) => ({
        id: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        partitions: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
          partitions.map((partition) => ({ topic: topicName, partition }))
        ),
      })),
    };
  } catch (error) {
    if (error instanceof KafkaError && error.code === errorCodes.UNSUPPORTED_VERSION) return null;
    throw error;
  }
}

async function groupOf(request: V3Request, id = request.param("group")): Promise<Group> {
  const classic = await classicGroup(request, id);
  const group = classic === null || classic.state === "DEAD"
    ? await consumerGroup(request, id)
    : classic;
  if (group !== null) return group;
  throw new HttpError(404, 404, `There is no group ${shown(id)}`);
}

function groupResource({ links }: V3Request, group: Group, coordinator: number): Resource {
  const path = ["consumer-groups", group.id];
  return links.resource("KafkaConsumerGroup", path, {
    consumer_group_id: group.id,
    is_simple: group.isSimple,
    partition_assignor: group.assignor,
    state: group.state,
    type: group.type,
    is_mixed_consumer_group: false,
    coordinator: links.related("brokers", coordinator),
    consumers: links.related(...path, "consumers"),
    lag_summary: links.related(...path, "lag-summary"),
  });
}

function consumerResource({ links }: V3Request, group: Group, member: Member): Resource {
  const path = ["consumer-groups", group.id, "consumers", member.id];
  return links.resource("KafkaConsumer", path, {
    consumer_group_id: group.id,
    consumer_id: member.id,
    instance_id: member.instanceId,
    client_id: member.clientId,
    assignments: links.related(...path, "assignments"),
  });
}

function memberOf(request: V3Request, group: Group): Member {
  const id = request.param("consumer");
  const member = group.members.find((one) => one.id === id);
  if (member !== undefined) return member;
  throw new HttpError(404, 404, `Group ${shown(group.id)} has no consumer ${shown(id)}`);
}

function assignmentResource(
  { links }: V3Request,
  group: Group,
  member: Member,
  { topic, partition }: Member["partitions"][number],
): Resource {
  const path = ["consumer-groups", group.id, "consumers", member.id, "assignments", topic];
  return links.resource("KafkaConsumerAssignment", [...path, "partitions", partition], {
    consumer_group_id: group.id,
    consumer_id: member.id,
    topic_name: topic,
    partition_id: partition,
    partition: links.related("topics", topic, "partitions", partition),
    lag: links.related("consumer-groups", group.id, "lags", topic, "partitions", partition),
  });
}

/** Where the group is in each partition that it has committed offsets for. Two requests for all. */
async function lagsOf({ context: { client } }: V3Request, group: Group): Promise<Lag[]> {
  const committed = await committedOffsets(client, group.id, null);
  const ends = await listOffsets(
    client,
    committed.map(({ topic, partition }) => ({ topic, partition, at: "latest" })),
  );
  const owners = new Map<string, Member>();
  for (const member of group.members) {
    for (const { topic, partition } of member.partitions) {
      owners.set(`${partition} ${topic}`, member);
    }
  }
  return committed.flatMap(({ topic, partition, offset }, index) => {
    const end = ends[index]!;
    if (end.error !== null) return [];
    const lag = Math.max(0, end.offset - offset);
    const member = owners.get(`${partition} ${topic}`) ?? null;
    return [{ topic, partition, current: offset, end: end.offset, lag, member }];
  });
}

function lagResource({ links }: V3Request, group: Group, lag: Lag): Resource {
  const path = ["consumer-groups", group.id, "lags", lag.topic, "partitions", lag.partition];
  return links.resource("KafkaConsumerLag", path, {
    consumer_group_id: group.id,
    topic_name: lag.topic,
    partition_id: lag.partition,
    current_offset: lag.current,
    log_end_offset: lag.end,
    lag: lag.lag,
    consumer_id: lag.member?.id ?? "",
    instance_id: lag.member?.instanceId ?? null,
    client_id: lag.member?.clientId ?? "",
  });
}

async function summary(request: V3Request): Promise<Resource> {
  const group = await groupOf(request);
  const lags = await lagsOf(request, group);
  const most = lags.toSorted((a, b) => b.lag - a.lag)[0];
  if (most === undefined) {
    throw new HttpError(404, 404, `Group ${shown(group.id)} has committed no offsets`);
  }
  const { links } = request;
  const consumer = most.member === null
    ? null
    : links.related("consumer-groups", group.id, "consumers", most.member.id);
  return links.resource("KafkaConsumerGroupLagSummary", [
    "consumer-groups",
    group.id,
    "lag-summary",
  ], {
    consumer_group_id: group.id,
    max_lag_consumer_id: most.member?.id ?? "",
    max_lag_instance_id: most.member?.instanceId ?? null,
    max_lag_client_id: most.member?.clientId ?? "",
    max_lag_topic_name: most.topic,
    max_lag_partition_id: most.partition,
    max_lag: most.lag,
    total_lag: lags.reduce((sum, { lag }) => sum + lag, 0),
    max_lag_consumer: consumer,
    max_lag_partition: links.related("topics", most.topic, "partitions", most.partition),
  });
}

const GROUP = "/consumer-groups/{group}";
const CONSUMER = `${GROUP}/consumers/{consumer}`;

/** The calls. */
export const groupRoutes: readonly V3Route[] = [
  {
    name: "consumer-groups.list",
    method: "get",
    path: "/consumer-groups",
    doc: "Lists the consumer groups.",
    async serve(request) {
      const ids = await idsOf(request);
      const data: Resource[] = [];
      for (let from = 0; from < ids.length; from += DESCRIBED_AT_ONCE) {
        const part = ids.slice(from, from + DESCRIBED_AT_ONCE);
        const groups = await Promise.all(part.map((id) => groupOf(request, id)));
        const coordinators = await coordinatorsOf(request, part);
        data.push(
          ...groups.map((group) => groupResource(request, group, coordinators.get(group.id) ?? -1)),
        );
      }
      return request.links.list("KafkaConsumerGroup", ["consumer-groups"], data);
    },
  },
  {
    name: "consumer-groups.get",
    method: "get",
    path: GROUP,
    doc: "Tells of one consumer group.",
    async serve(request) {
      const group = await groupOf(request);
      const coordinators = await coordinatorsOf(request, [group.id]);
      return groupResource(request, group, coordinators.get(group.id) ?? -1);
    },
  },
  {
    name: "consumers.list",
    method: "get",
    path: `${GROUP}/consumers`,
    doc: "Lists the members of a group.",
    async serve(request) {
      const group = await groupOf(request);
      const data = group.members.map((member) => consumerResource(request, group, member));
      return request.links.list("KafkaConsumer", ["consumer-groups", group.id, "consumers"], data);
    },
  },
  {
    name: "consumers.get",
    method: "get",
    path: CONSUMER,
    doc: "Tells of one member.",
    async serve(request) {
      const group = await groupOf(request);
      return consumerResource(request, group, memberOf(request, group));
    },
  },
  {
    name: "assignments.list",
    method: "get",
    path: `${CONSUMER}/assignments`,
    doc: "Lists the partitions that a member has.",
    async serve(request) {
      const group = await groupOf(request);
      const member = memberOf(request, group);
      const path = ["consumer-groups", group.id, "consumers", member.id, "assignments"];
      const data = member.partitions.map((one) => assignmentResource(request, group, member, one));
      return request.links.list("KafkaConsumerAssignment", path, data);
    },
  },
  {
    name: "assignments.get",
    method: "get",
    path: `${CONSUMER}/assignments/{topic}/partitions/{partition}`,
    doc: "Tells of one partition that a member has.",
    async serve(request) {
      const group = await groupOf(request);
      const member = memberOf(request, group);
      const topic = request.param("topic"), partition = request.number("partition");
      const found = member.partitions.find((one) =>
        one.topic === topic && one.partition === partition
      );
      if (found !== undefined) return assignmentResource(request, group, member, found);
      throw new HttpError(
        404,
        404,
        `The consumer does not have partition ${partition} of ${shown(topic)}`,
      );
    },
  },
  {
    name: "lag-summary.get",
    method: "get",
    path: `${GROUP}/lag-summary`,
    doc: "Tells how far behind a group is, and where it is most.",
    serve: summary,
  },
  {
    name: "lags.list",
    method: "get",
    path: `${GROUP}/lags`,
    doc: "Lists how far behind a group is, by partition.",
    async serve(request) {
      const group = await groupOf(request);
      const data = (await lagsOf(request, group)).map((lag) => lagResource(request, group, lag));
      return request.links.list("KafkaConsumerLag", ["consumer-groups", group.id, "lags"], data);
    },
  },
  {
    name: "lags.get",
    method: "get",
    path: `${GROUP}/lags/{topic}/partitions/{partition}`,
    doc: "Tells how far behind a group is in one partition.",
    async serve(request) {
      const group = await groupOf(request);
      const topic = request.param("topic"), partition = request.number("partition");
      const found = (await lagsOf(request, group)).find((lag) =>
        lag.topic === topic && lag.partition === partition
      );
      if (found !== undefined) return lagResource(request, group, found);
      throw new HttpError(
        404,
        404,
        `Group ${shown(group.id)} has committed no offset in partition ${partition} of ${
          shown(topic)
        }`,
      );
    },
  },
];
