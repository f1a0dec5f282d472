import { formatServerAddress, type TopicPartition } from "../admin/mod.ts";
import { type Column, table } from "../table.ts";
import type { CommittedOffset } from "./committed_offsets.ts";
import type { GroupDescription, GroupMember } from "./group_description.ts";

/**
 * What kafka-consumer-groups prints of groups, as rows and as tables with its columns. A dash stands
 * for what is not known.
 */

const UNKNOWN = "-";

/** One partition of a group: where the group is, where the log ends, and who reads it. */
export interface OffsetRow extends TopicPartition {
  readonly group: string;
  readonly leaderEpoch: number | null;
  readonly currentOffset: number | null;
  readonly logEndOffset: number | null;
  readonly lag: number | null;
  readonly consumerId: string | null;
  readonly host: string | null;
  readonly clientId: string | null;
}

/**
 * The partitions of a group: first what its members have, those with the most partitions first, then
 * what it has committed but nobody reads. `logEnd` gives a partition's end, null where unknown.
 */
export function offsetRows(
  description: GroupDescription,
  committed: readonly CommittedOffset[],
  logEnd: (topic: string, partition: number) => number | null,
): OffsetRow[] {
  const { group, members } = description;
  const byKey = new Map(committed.map((each) => [keyOf(each), each]));
  const rows: OffsetRow[] = [];
  function add({ topic, partition }: TopicPartition, member: GroupMember | null): void {
    const known = byKey.get(keyOf({ topic, partition }));
    byKey.delete(keyOf({ topic, partition }));
    const end = logEnd(topic, partition);
    rows.push({
      group,
      topic,
      partition,
      leaderEpoch: known?.leaderEpoch ?? null,
      currentOffset: known?.offset ?? null,
      logEndOffset: end,
      lag: known === undefined || end === null ? null : end - known.offset,
      consumerId: member?.memberId ?? null,
      host: member?.host ?? null,
      clientId: member?.clientId ?? null,
    });
  }
  const busiestFirst = [...members].sort((a, b) => b.assignment.length - a.assignment.length);
  for (const member of busiestFirst) for (const key of member.assignment) add(key, member);
  for (const key of [...byKey.values()]) add(key, null);
  return rows;
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}

/** The table of `--describe` and `--describe --offsets`. */
export function offsetTable(rows: readonly OffsetRow[], isVerbose: boolean): string {
  const columns: Column[] = [
    { title: "GROUP", width: 15 },
    { title: "TOPIC", width: 15 },
    { title: "PARTITION", width: 10 },
    ...(isVerbose ? [{ title: "LEADER-EPOCH", width: 15 }] : []),
    { title: "CURRENT-OFFSET", width: 15 },
    { title: "LOG-END-OFFSET", width: 15 },
    { title: "LAG", width: 15 },
    { title: "CONSUMER-ID", width: 15 },
    { title: "HOST", width: 15 },
    { title: "CLIENT-ID" },
  ];
  return table(
    columns,
    rows.map((row) => [
      row.group,
      row.topic,
      String(row.partition),
      ...(isVerbose ? [orDash(row.leaderEpoch)] : []),
      orDash(row.currentOffset),
      orDash(row.logEndOffset),
      orDash(row.lag),
      orDash(row.consumerId),
      orDash(row.host),
      orDash(row.clientId),
    ]),
  );
}

/** The table of `--describe --members`; instance ids have a column when any member has one. */
export function memberTable({ group, members }: GroupDescription, isVerbose: boolean): string {
  const hasInstances = members.some((member) => (member.instanceId ?? "") !== "");
  const columns: Column[] = [
    { title: "GROUP", width: 15 },
    { title: "CONSUMER-ID", width: 15 },
    ...(hasInstances ? [{ title: "GROUP-INSTANCE-ID", width: 17 }] : []),
    { title: "HOST", width: 15 },
    { title: "CLIENT-ID", width: 15 },
    { title: "#PARTITIONS", width: 15 },
    ...(isVerbose
      ? [
        { title: "CURRENT-EPOCH", width: 15 },
        { title: "CURRENT-ASSIGNMENT", width: 20 },
        { title: "TARGET-EPOCH", width: 15 },
        { title: "TARGET-ASSIGNMENT" },
      ]
      : []),
  ];
  return table(
    columns,
    members.map((member) => [
      group,
      member.memberId,
      ...(hasInstances ? [member.instanceId ?? ""] : []),
      member.host,
      member.clientId,
      String(member.assignment.length),
      ...(isVerbose
        ? [
          orDash(member.epoch),
          assignmentText(member.assignment),
          orDash(member.target === null ? null : member.epoch),
          assignmentText(member.target ?? []),
        ]
        : []),
    ]),
  );
}

/** The table of `--describe --state`. */
export function stateTable(description: GroupDescription, isVerbose: boolean): string {
  const { group, coordinator, assignor, state, members } = description;
  const address = coordinator === null
    ? UNKNOWN
    : `${formatServerAddress(coordinator)}  (${coordinator.id})`;
  return table([
    { title: "GROUP", width: 15 },
    { title: "COORDINATOR (ID)", width: 25 },
    { title: "ASSIGNMENT-STRATEGY", width: 20 },
    { title: "STATE", width: 20 },
    ...(isVerbose
      ? [
        { title: "GROUP-EPOCH", width: 15 },
        { title: "TARGET-ASSIGNMENT-EPOCH", width: 25 },
      ]
      : []),
    { title: "#MEMBERS" },
  ], [[
    group,
    address,
    assignor === "" ? UNKNOWN : assignor,
    state,
    ...(isVerbose ? [orDash(description.groupEpoch), orDash(description.assignmentEpoch)] : []),
    String(members.length),
  ]]);
}

/** `orders:0,1;payments:2`, or a dash for nothing. */
export function assignmentText(partitions: readonly TopicPartition[]): string {
  if (partitions.length === 0) return UNKNOWN;
  const byTopic = Map.groupBy(partitions, (each) => each.topic);
  return [...byTopic].map(([topic, keys]) => `${topic}:${keys.map((key) => key.partition)}`)
    .join(";");
}

function orDash(value: string | number | null): string {
  return value === null ? UNKNOWN : String(value);
}
