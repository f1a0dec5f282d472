/**
 * What Apache Kafka shows of a data directory and kafkats does not serve, in the form of the fixtures:
 * it must be there still after kafkats ran on the directory.
 */
import { type Json, NOT_READY_YET } from "../scenarios/cluster_view.ts";
import { type JsonObject, jsonText } from "../wire/json_text.ts";
import { Player } from "../wire/player.ts";

const RESOURCES = [
  "",
  "",
  "TOPIC",
  "GROUP",
  "CLUSTER",
  "TRANSACTIONAL_ID",
  "DELEGATION_TOKEN",
  "USER",
];
const PATTERNS: Json = { 3: "LITERAL", 4: "PREFIXED" };
const OPERATIONS = ["", "", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE"].concat(
  [
    "CLUSTER_ACTION",
    "DESCRIBE_CONFIGS",
    "ALTER_CONFIGS",
    "IDEMPOTENT_WRITE",
    "CREATE_TOKENS",
    "DESCRIBE_TOKENS",
  ],
);
const PERMISSIONS: Json = { 2: "DENY", 3: "ALLOW" };
const MECHANISMS: Json = { 1: "SCRAM-SHA-256", 2: "SCRAM-SHA-512" };
const ANY = 1;

/** Asks Apache Kafka at `port`; `groups` are those of the fixture. */
export async function unservedView(port: number, groups: Json): Promise<Json> {
  const player = new Player("127.0.0.1", port, "unserved");
  const ask = async (api: string, version: number, body: JsonObject): Promise<Json> => {
    const answer = await player.play({ api, version, body, retryOn: NOT_READY_YET });
    if (answer.body === undefined) throw new Error(`${api}: ${jsonText(answer)}`);
    return answer.body;
  };
  try {
    return {
      acls: await acls(ask),
      scramUsers: await scramUsers(ask),
      quotas: await quotas(ask),
      transactions: await transactions(ask),
      groups: await groupsView(ask, groups),
    };
  } finally {
    await player.end();
  }
}

/** The same part of what a fixture tells. */
export function unserved({ online }: Json): Json {
  const { acls, scramUsers, quotas, transactions } = online;
  const groups: Json = {};
  for (const [id, { type, description, startOffsets }] of Object.entries<Json>(online.groups)) {
    if (type === "Consumer") groups[id] = description;
    if (type === "Streams") groups[id] = { groupEpoch: description.groupEpoch };
    if (type !== "Share") continue;
    groups[id] = Object.fromEntries(
      Object.entries<string | null>(startOffsets).flatMap(([key, info]) =>
        info === null ? [] : [[key, Number(/startOffset=(\d+)/.exec(info)![1])]]
      ),
    );
  }
  return { acls: inOrder(acls), scramUsers, quotas: inOrder(quotas), transactions, groups };
}

type Ask = (api: string, version: number, body: JsonObject) => Promise<Json>;

function inOrder(items: Json[]): Json[] {
  return [...items].sort((one, other) => jsonText(one) < jsonText(other) ? -1 : 1);
}

async function acls(ask: Ask): Promise<Json> {
  const body = await ask("DescribeAcls", 3, {
    resourceTypeFilter: ANY,
    resourceNameFilter: null,
    patternTypeFilter: ANY,
    principalFilter: null,
    hostFilter: null,
    operation: ANY,
    permissionType: ANY,
  });
  return inOrder(
    body.resources.flatMap(({ resourceType, patternType, resourceName, acls }: Json) =>
      acls.map(({ principal, host, operation, permissionType }: Json) => [
        RESOURCES[resourceType],
        PATTERNS[patternType],
        resourceName,
        principal,
        host,
        OPERATIONS[operation],
        PERMISSIONS[permissionType],
      ])
    ),
  );
}

async function scramUsers(ask: Ask): Promise<Json> {
  const { results } = await ask("DescribeUserScramCredentials", 0, { users: null });
  return Object.fromEntries(results.map(({ user, credentialInfos }: Json) => [
    user,
    credentialInfos.map(({ mechanism, iterations }: Json) =>
      `${MECHANISMS[mechanism]} ${iterations}`
    ).sort(),
  ]));
}

async function quotas(ask: Ask): Promise<Json> {
  const { entries } = await ask("DescribeClientQuotas", 1, { components: [], strict: false });
  return inOrder((entries ?? []).map(({ entity, values }: Json) => ({
    entity: Object.fromEntries(
      entity.map(({ entityType, entityName }: Json) => [entityType, entityName]),
    ),
    values: Object.fromEntries(values.map(({ key, value }: Json) => [key, value])),
  })));
}

async function transactions(ask: Ask): Promise<Json> {
  const { transactionStates } = await ask("ListTransactions", 1, {});
  const view: Json = {};
  for (const { transactionalId } of transactionStates) {
    const described = await ask("DescribeTransactions", 0, { transactionalIds: [transactionalId] });
    const [one] = described.transactionStates;
    view[transactionalId] = {
      state: one.transactionState,
      producerId: one.producerId,
      producerEpoch: one.producerEpoch,
      timeoutMs: one.transactionTimeoutMs,
      partitions: one.topics.flatMap(({ topic, partitions }: Json) =>
        partitions.map((partition: number) => `${topic}-${partition}`)
      ).sort(),
    };
  }
  return view;
}

async function groupsView(ask: Ask, groups: Json): Promise<Json> {
  const view: Json = {};
  for (const [groupId, { type }] of Object.entries<Json>(groups)) {
    if (type === "Consumer") view[groupId] = await consumerGroup(ask, groupId);
    if (type === "Share") view[groupId] = await shareOffsets(ask, groupId);
    if (type !== "Streams") continue;
    const described = await ask("StreamsGroupDescribe", 0, { groupIds: [groupId] });
    view[groupId] = { groupEpoch: described.groups[0].groupEpoch };
  }
  return view;
}

async function consumerGroup(ask: Ask, groupId: string): Promise<Json> {
  const { groups } = await ask("ConsumerGroupDescribe", 1, { groupIds: [groupId] });
  const [{ assignorName, groupEpoch, members }] = groups;
  return {
    assignor: assignorName,
    groupEpoch,
    members: members.map((member: Json) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: member.assignment.topicPartitions.flatMap(({ topicName, partitions }: Json) =>
        partitions.map((partition: number) => `${topicName}-${partition}`)
      ).sort(),
    })),
  };
}

/** Offsets from which a share group goes on, of partitions where it has begun. */
async function shareOffsets(ask: Ask, groupId: string): Promise<Json> {
  const body = await ask("DescribeShareGroupOffsets", 0, { groups: [{ groupId, topics: null }] });
  return Object.fromEntries(
    body.groups[0].topics.flatMap(({ topicName, partitions }: Json) =>
      partitions.filter(({ startOffset }: Json) => startOffset >= 0).map(
        ({ partitionIndex, startOffset }: Json) => [`${topicName}-${partitionIndex}`, startOffset],
      )
    ),
  );
}
