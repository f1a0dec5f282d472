import type { ClusterClient } from "./client/cluster_client.ts";
import {
  allGroups,
  committedOffsets,
  type DescribedGroup,
  describeGroup,
  type GroupMember,
} from "./client/groups.ts";
import {
  byPartition,
  findOffsets,
  keyOf,
  offsetSpec,
  type TopicPartition,
} from "./client/topic_offsets.ts";
import { UsageError } from "./command_error.ts";
import type { CommandIo } from "./io.ts";
import { table } from "./table.ts";

interface Flags {
  readonly group: readonly string[];
  readonly "all-groups": boolean;
  readonly offsets: boolean;
  readonly members: boolean;
  readonly state: string | null;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** `kafkats groups --describe`. */
export async function describeGroupsOf(
  client: ClusterClient,
  flags: Flags,
  io: CommandIo,
): Promise<number> {
  const views = [flags.offsets, flags.members, flags.state !== null].filter(Boolean).length;
  if (views > 1) throw new UsageError("Only one of --offsets, --members and --state may be given");
  const names = flags["all-groups"]
    ? (await allGroups(client)).map(({ groupId }) => groupId)
    : [...new Set(flags.group)];
  const told: unknown[] = [];
  for (const name of names) {
    const group = await describeGroup(client, name);
    if (flags.json) {
      told.push({ ...group, offsets: await partitionLines(client, group) });
      continue;
    }
    if (group.members.length === 0) {
      const state = group.state === "Stable" ? "is stable" : "has no active members";
      await io.stderr.write(`\nConsumer group '${name}' ${state}.\n`);
    }
    const text = flags.members
      ? membersTable(group, flags.verbose)
      : flags.state !== null
      ? stateTable(group, flags.verbose)
      : offsetsTable(name, await partitionLines(client, group), flags.verbose);
    await io.stdout.write(`\n${text}`);
  }
  if (flags.json) await io.stdout.write(`${JSON.stringify(told)}\n`);
  return 0;
}

interface PartitionLine extends TopicPartition {
  readonly leaderEpoch: number | null;
  readonly currentOffset: number | null;
  readonly logEndOffset: number | null;
  readonly lag: number | null;
  readonly memberId: string | null;
  readonly host: string | null;
  readonly clientId: string | null;
}

/** Partitions that the group has offsets of or that its members have, and how far behind it is. */
async function partitionLines(
  client: ClusterClient,
  group: DescribedGroup,
): Promise<PartitionLine[]> {
  const committed = new Map(
    (await committedOffsets(client, group.groupId)).map((one) => [keyOf(one), one]),
  );
  const owners = new Map<string, GroupMember>();
  const partitions = new Map<string, TopicPartition>(committed);
  for (const member of group.members) {
    for (const partition of member.assignment) {
      owners.set(keyOf(partition), member);
      partitions.set(keyOf(partition), partition);
    }
  }
  const ends = new Map(
    (await findEnds(client, [...partitions.values()])).map((end) => [keyOf(end), end.offset]),
  );
  return [...partitions].map(([key, { topic, partition }]) => {
    const at = committed.get(key);
    const end = ends.get(key) ?? null;
    const owner = owners.get(key);
    return {
      topic,
      partition,
      leaderEpoch: at?.leaderEpoch ?? null,
      currentOffset: at?.offset ?? null,
      logEndOffset: end,
      lag: at === undefined || end === null ? null : Math.max(0, end - at.offset),
      memberId: owner?.memberId ?? null,
      host: owner?.host ?? null,
      clientId: owner?.clientId ?? null,
    };
  }).sort(byPartition);
}

/** Log end offsets of those partitions that still exist and have a leader. */
async function findEnds(client: ClusterClient, partitions: readonly TopicPartition[]) {
  const { topics } = await client.metadata([...new Set(partitions.map(({ topic }) => topic))]);
  const led = new Set(
    topics.flatMap(({ name, partitions }) =>
      partitions.filter(({ leaderId }) => leaderId >= 0)
        .map(({ partitionIndex }) => keyOf({ topic: name ?? "", partition: partitionIndex }))
    ),
  );
  const questions = partitions.filter((partition) => led.has(keyOf(partition)))
    .map((partition) => ({ ...partition, timestamp: offsetSpec.latest }));
  return await findOffsets(client, questions);
}

function offsetsTable(group: string, lines: readonly PartitionLine[], verbose: boolean): string {
  return table(
    [
      { title: "GROUP", width: 15 },
      { title: "TOPIC", width: 15 },
      { title: "PARTITION", width: 10 },
      ...verbose ? [{ title: "LEADER-EPOCH", width: 15 }] : [],
      { title: "CURRENT-OFFSET", width: 15 },
      { title: "LOG-END-OFFSET", width: 15 },
      { title: "LAG", width: 15 },
      { title: "CONSUMER-ID", width: 15 },
      { title: "HOST", width: 15 },
      { title: "CLIENT-ID" },
    ],
    lines.map((line) => [
      group,
      line.topic,
      String(line.partition),
      ...verbose ? [orDash(line.leaderEpoch)] : [],
      orDash(line.currentOffset),
      orDash(line.logEndOffset),
      orDash(line.lag),
      orDash(line.memberId),
      orDash(line.host),
      orDash(line.clientId),
    ]),
  );
}

function membersTable({ groupId, members }: DescribedGroup, verbose: boolean): string {
  const withInstance = members.some(({ instanceId }) => instanceId !== null);
  return table(
    [
      { title: "GROUP", width: 15 },
      { title: "CONSUMER-ID", width: 15 },
      ...withInstance ? [{ title: "GROUP-INSTANCE-ID", width: 15 }] : [],
      { title: "HOST", width: 15 },
      { title: "CLIENT-ID", width: 15 },
      { title: "#PARTITIONS", width: 15 },
      ...verbose
        ? [
          { title: "CURRENT-EPOCH", width: 15 },
          { title: "CURRENT-ASSIGNMENT", width: 15 },
          { title: "TARGET-EPOCH", width: 15 },
          { title: "TARGET-ASSIGNMENT" },
        ]
        : [],
    ],
    members.map((member) => [
      groupId,
      member.memberId,
      ...withInstance ? [member.instanceId ?? ""] : [],
      member.host,
      member.clientId,
      String(member.assignment.length),
      ...verbose
        ? [
          orDash(member.epoch),
          assignmentText(member.assignment),
          orDash(member.epoch),
          member.target === null ? "-" : assignmentText(member.target),
        ]
        : [],
    ]),
  );
}

function stateTable(group: DescribedGroup, verbose: boolean): string {
  const { groupId, coordinator, assignor, state, members } = group;
  return table(
    [
      { title: "GROUP", width: 15 },
      { title: "COORDINATOR (ID)", width: 25 },
      { title: "ASSIGNMENT-STRATEGY", width: 20 },
      { title: "STATE", width: 20 },
      ...verbose
        ? [{ title: "GROUP-EPOCH", width: 15 }, { title: "TARGET-ASSIGNMENT-EPOCH", width: 25 }]
        : [],
      { title: "#MEMBERS" },
    ],
    [[
      groupId,
      `${coordinator.host}:${coordinator.port}  (${coordinator.nodeId})`,
      assignor === "" ? "-" : assignor,
      state,
      ...verbose ? [orDash(group.groupEpoch), orDash(group.assignmentEpoch)] : [],
      String(members.length),
    ]],
  );
}

/** `topic:0,1,2;other:0`, or a dash. */
function assignmentText(partitions: readonly TopicPartition[]): string {
  const byTopic = Map.groupBy([...partitions].sort(byPartition), ({ topic }) => topic);
  const texts = [...byTopic].map(([topic, of]) =>
    `${topic}:${of.map(({ partition }) => partition).join(",")}`
  );
  return texts.length === 0 ? "-" : texts.join(";");
}

function orDash(value: string | number | null): string {
  return value === null || value === "" ? "-" : String(value);
}
