import { errorCodes } from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, type TopicPartition } from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import { table } from "../table.ts";
import { readTextFile } from "../text_file.ts";
import { commitOffsets, type CommittedOffset, committedOffsets } from "./committed_offsets.ts";
import { describedGroups } from "./group_description.ts";
import type { GroupFlags } from "./group_flags.ts";
import { type ResetTargets, resetTargets, withinLog } from "./offset_reset.ts";
import { formatPlan, parsePlan, type PlannedOffset } from "./reset_plan.ts";
import { type ResetScenario, scenarioOf } from "./reset_scenario.ts";
import { parseTopicSelection, selectedPartitions } from "./topic_selection.ts";

/** `--reset-offsets`: plans, prints, and with `--execute` commits; 1 when a group is in use. */
export async function resetAction(
  admin: AdminConnection,
  groups: readonly string[],
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const scenario = scenarioOf(flags, io.nowMs());
  if (!flags.execute && !flags["dry-run"]) {
    await io.stderr.write("Nothing is changed without --execute: this is a dry run.\n");
  }
  const free = await groupsWithoutMembers(admin, [...new Set(groups)], io);
  if (free.length === 0) return groups.length === 0 ? 0 : 1;
  const plan: PlannedOffset[] = [];
  for (const group of free) plan.push(...await planOf(admin, group, scenario, flags, io));
  if (flags.execute) { for (const group of free) await execute(admin, group, plan); }
  await io.stdout.write(printed(plan, flags));
  return free.length === new Set(groups).size ? 0 : 1;
}

/** Groups that may be reset: without members, or not there at all. Says why others may not. */
async function groupsWithoutMembers(
  admin: AdminConnection,
  groups: readonly string[],
  io: CommandIo,
): Promise<string[]> {
  const free: string[] = [];
  for (const [group, outcome] of await describedGroups(admin, groups)) {
    if (!outcome.ok && outcome.code !== errorCodes.GROUP_ID_NOT_FOUND) {
      throw new ApiError(`Cannot describe group ${group}`, outcome);
    }
    if (!outcome.ok || outcome.value.state === "Empty") free.push(group);
    else {
      await io.stderr.write(
        `Cannot reset group '${group}' while it has members: its state is ${outcome.value.state}\n`,
      );
    }
  }
  return free;
}

async function planOf(
  admin: AdminConnection,
  group: string,
  scenario: ResetScenario,
  flags: GroupFlags,
  io: CommandIo,
): Promise<PlannedOffset[]> {
  const { offsets, warnings } = scenario.kind === "file"
    ? await targetsFromFile(admin, group, scenario.path, flags, io)
    : await targetsByRule(admin, group, scenario, flags);
  for (const warning of warnings) await io.stderr.write(`Warning: ${warning}\n`);
  return offsets.map((each) => ({ group, ...each }));
}

async function targetsByRule(
  admin: AdminConnection,
  group: string,
  scenario: Exclude<ResetScenario, { kind: "file" }>,
  flags: GroupFlags,
): Promise<ResetTargets> {
  const needsCommitted = flags["all-topics"] || scenario.kind === "shift" ||
    scenario.kind === "current";
  const committed = needsCommitted ? await committedOf(admin, group) : [];
  const partitions: TopicPartition[] = flags["all-topics"]
    ? committed.map(({ topic, partition }) => ({ topic, partition }))
    : await selectedPartitions(admin, flags.topic.map(parseTopicSelection));
  return await resetTargets(admin, scenario, partitions, committed);
}

async function targetsFromFile(
  admin: AdminConnection,
  group: string,
  path: string,
  flags: GroupFlags,
  io: CommandIo,
): Promise<ResetTargets> {
  const onlyGroup = flags.group.length === 1 ? flags.group[0]! : null;
  const plan = parsePlan(await readTextFile(path, io), path, onlyGroup);
  const own = plan.filter((each) => each.group === group);
  if (own.length === 0) throw new CommandError(`${path} has no line for group ${group}`);
  return await withinLog(admin, own);
}

async function committedOf(admin: AdminConnection, group: string): Promise<CommittedOffset[]> {
  const outcome = (await committedOffsets(admin, [group])).get(group)!;
  if (outcome.ok) return outcome.value;
  if (outcome.code === errorCodes.GROUP_ID_NOT_FOUND) return [];
  throw new ApiError(`Cannot read the offsets of group ${group}`, outcome);
}

async function execute(
  admin: AdminConnection,
  group: string,
  plan: readonly PlannedOffset[],
): Promise<void> {
  const offsets = plan.filter((each) => each.group === group);
  if (offsets.length === 0) return;
  const outcome = await commitOffsets(admin, group, offsets);
  if (!outcome.ok) throw new ApiError(`Cannot reset the offsets of group ${group}`, outcome);
}

function printed(plan: readonly PlannedOffset[], flags: GroupFlags): string {
  if (flags.export) return formatPlan(plan, flags.group.length !== 1);
  if (flags.json) {
    const objects = plan.map(({ group, topic, partition, offset }) => ({
      group,
      topic,
      partition,
      newOffset: offset,
    }));
    return `${JSON.stringify(objects, null, 2)}\n`;
  }
  return `\n${resetTable(plan)}`;
}

/** The table of `--reset-offsets`. */
export function resetTable(plan: readonly PlannedOffset[]): string {
  return table(
    [
      { title: "GROUP", width: 15 },
      { title: "TOPIC", width: 15 },
      { title: "PARTITION", width: 10 },
      { title: "NEW-OFFSET" },
    ],
    plan.map(({ group, topic, partition, offset }) => [
      group,
      topic,
      String(partition),
      String(offset),
    ]),
  );
}
