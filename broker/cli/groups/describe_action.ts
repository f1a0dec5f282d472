import { errorCodes } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  ApiError,
  describeFailure,
  OFFSET_TIMES,
  offsetsAt,
  type TopicPartition,
} from "../admin/mod.ts";
import type { CommandIo } from "../io.ts";
import { type CommittedOffset, committedOffsets } from "./committed_offsets.ts";
import { describedGroups, type GroupDescription, type GroupMember } from "./group_description.ts";
import type { GroupFlags } from "./group_flags.ts";
import {
  memberTable,
  type OffsetRow,
  offsetRows,
  offsetTable,
  stateTable,
} from "./group_tables.ts";

/** States in which the members are about to get other partitions. */
const REBALANCING = /^(?:PreparingRebalance|CompletingRebalance|Assigning|Reconciling)$/;

/** `--describe`: offsets, members or state of groups; 1 when any of them cannot be described. */
export async function describeAction(
  admin: AdminConnection,
  groups: readonly string[],
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const described = await describedGroups(admin, groups);
  const found: GroupDescription[] = [];
  let isComplete = true;
  for (const group of [...new Set(groups)].sort()) {
    const outcome = described.get(group)!;
    if (outcome.ok) found.push(outcome.value);
    else {
      isComplete = false;
      await io.stderr.write(
        outcome.code === errorCodes.GROUP_ID_NOT_FOUND
          ? `There is no consumer group ${group}\n`
          : `Cannot describe group ${group}: ${describeFailure(outcome)}\n`,
      );
    }
  }
  const rows = flags.members || flags.state !== null
    ? new Map<string, OffsetRow[]>()
    : await rowsOf(admin, found);
  if (flags.json) {
    const objects = found.map((each) => objectOf(each, rows.get(each.group), flags));
    await io.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
  } else for (const each of found) await print(each, rows.get(each.group) ?? [], flags, io);
  return isComplete ? 0 : 1;
}

async function print(
  description: GroupDescription,
  rows: readonly OffsetRow[],
  flags: GroupFlags,
  io: CommandIo,
): Promise<void> {
  const { group, state, members } = description;
  if (members.length === 0) {
    await io.stderr.write(`\nConsumer group '${group}' has no active members.\n`);
  } else if (REBALANCING.test(state)) {
    await io.stderr.write(`\nConsumer group '${group}' is rebalancing.\n`);
  }
  if (flags.members) await io.stdout.write(`\n${memberTable(description, flags.verbose)}`);
  else if (flags.state !== null) {
    await io.stdout.write(`\n${stateTable(description, flags.verbose)}`);
  } else if (rows.length > 0) await io.stdout.write(`\n${offsetTable(rows, flags.verbose)}`);
}

/** Offsets, log ends and lags of all groups at once: a question per broker, not per group. */
async function rowsOf(
  admin: AdminConnection,
  descriptions: readonly GroupDescription[],
): Promise<Map<string, OffsetRow[]>> {
  const outcomes = await committedOffsets(admin, descriptions.map(({ group }) => group));
  const committed = new Map<string, CommittedOffset[]>();
  const partitions = new Map<string, TopicPartition>();
  for (const { group, members } of descriptions) {
    const outcome = outcomes.get(group)!;
    if (!outcome.ok) throw new ApiError(`Cannot read the offsets of group ${group}`, outcome);
    committed.set(group, outcome.value);
    const assigned = members.flatMap(({ assignment }) => assignment);
    for (const { topic, partition } of [...outcome.value, ...assigned]) {
      partitions.set(`${topic}:${partition}`, { topic, partition });
    }
  }
  const ends = await offsetsAt(admin, partitions.values(), OFFSET_TIMES.latest);
  function logEnd(topic: string, partition: number): number | null {
    const end = ends.get(partitions.get(`${topic}:${partition}`)!);
    return end?.ok ? end.value.offset : null;
  }
  return new Map(descriptions.map((each) => [
    each.group,
    offsetRows(each, committed.get(each.group)!, logEnd),
  ]));
}

function objectOf(
  description: GroupDescription,
  rows: readonly OffsetRow[] | undefined,
  flags: GroupFlags,
): object {
  const { group, type, state, assignor, coordinator, members } = description;
  const head = { group, type, state };
  if (flags.members) return { ...head, members: members.map(memberObject) };
  if (flags.state === null) {
    return { ...head, offsets: (rows ?? []).map(({ group: _, ...row }) => row) };
  }
  return {
    ...head,
    coordinator: coordinator === null
      ? null
      : { id: coordinator.id, host: coordinator.host, port: coordinator.port },
    assignor: assignor || null,
    groupEpoch: description.groupEpoch,
    assignmentEpoch: description.assignmentEpoch,
    memberCount: members.length,
  };
}

function memberObject(member: GroupMember): object {
  return {
    consumerId: member.memberId,
    groupInstanceId: member.instanceId,
    host: member.host,
    clientId: member.clientId,
    epoch: member.epoch,
    assignment: byTopic(member.assignment),
    targetAssignment: member.target === null ? null : byTopic(member.target),
  };
}

function byTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {};
  for (const { topic, partition } of partitions) (topics[topic] ??= []).push(partition);
  return topics;
}
