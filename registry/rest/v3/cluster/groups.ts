/** Consumer groups: their members, what each has, how far behind they are. */
import { errorCodes } from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { committedOffsets, listOffsets } from "../../../kafka/mod.ts";
import { allGroups, coordinatorOf, type Group, groupOf, type Member } from "./describe_groups.ts";
import type { Resource } from "./links.ts";
import type { V3Request, V3Route } from "./route.ts";

/** How far a group is behind in a partition. */
interface Lag {
  readonly topic: string;
  readonly partition: number;
  readonly current: number;
  readonly end: number;
  readonly lag: number;
  readonly member: Member | null;
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

/**
 * Where the group is in each partition that it has committed offsets for, or in one of them. A request for
 * the commits, and one to each leader.
 */
async function lagsOf(
  { context: { client } }: V3Request,
  group: Group,
  only: { readonly topic: string; readonly partition: number } | null = null,
): Promise<Lag[]> {
  const committed = await committedOffsets(client, group.id, only === null ? null : [only]);
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
    // A topic that was deleted leaves its commits behind for a while.
    if (end.error?.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return [];
    if (end.error !== null) throw end.error;
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
      const data = (await allGroups(request)).map(({ group, coordinator }) =>
        groupResource(request, group, coordinator)
      );
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
      return groupResource(request, group, await coordinatorOf(request, group.id));
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
      const [found] = await lagsOf(request, group, { topic, partition });
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
