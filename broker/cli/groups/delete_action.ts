import { deleteGroups, errorCodes, errorName, make } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  ApiError,
  describeFailure,
  done,
  failed,
  type Outcome,
  partitionsOf,
  type TopicPartition,
} from "../admin/mod.ts";
import type { CommandIo } from "../io.ts";
import { table } from "../table.ts";
import { deleteOffsets } from "./committed_offsets.ts";
import type { GroupFlags } from "./group_flags.ts";
import { parseTopicSelection } from "./topic_selection.ts";

/** `--delete`: 1 when any group stays. */
export async function deleteAction(
  admin: AdminConnection,
  groups: readonly string[],
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const outcomes = [...await deletedGroups(admin, [...new Set(groups)])];
  const kept = outcomes.filter(([, outcome]) => !outcome.ok);
  if (flags.json) {
    const objects = outcomes.map(([group, outcome]) => ({
      group,
      deleted: outcome.ok,
      error: outcome.ok ? null : errorName(outcome.code),
    }));
    await io.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
  } else {
    const deleted = outcomes.filter(([, outcome]) => outcome.ok).map(([group]) => `'${group}'`);
    if (deleted.length > 0) {
      await io.stdout.write(`Deleted consumer groups ${deleted.join(", ")}\n`);
    }
  }
  for (const [group, outcome] of kept) {
    if (outcome.ok) continue;
    await io.stderr.write(`Cannot delete group '${group}': ${describeFailure(outcome)}\n`);
  }
  return kept.length === 0 ? 0 : 1;
}

function deletedGroups(
  admin: AdminConnection,
  groups: readonly string[],
): Promise<Map<string, Outcome<null>>> {
  return admin.forGroups(groups, async (nodeId, asked) => {
    const request = make(deleteGroups.request, { groupsNames: [...asked] });
    const response = await admin.sendToNode(nodeId, deleteGroups, request);
    return new Map(response.results.map(({ groupId, errorCode, errorMessage }) => [
      groupId,
      errorCode === errorCodes.NONE ? done(null) : failed(errorCode, errorMessage),
    ]));
  });
}

/** One line of what `--delete-offsets` prints; partition null where a topic has none. */
interface Deletion {
  readonly topic: string;
  readonly partition: number | null;
  readonly errorCode: number;
}

/** `--delete-offsets`: 1 when any offset stays. */
export async function deleteOffsetsAction(
  admin: AdminConnection,
  group: string,
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const { partitions, missing } = await partitionsToDelete(admin, flags.topic);
  const outcome = await deleteOffsets(admin, group, partitions);
  if (!outcome.ok) throw new ApiError(`Cannot delete offsets of group ${group}`, outcome);
  const deletions: Deletion[] = [...missing];
  for (const [{ topic, partition }, errorCode] of outcome.value) {
    deletions.push({ topic, partition, errorCode });
  }
  deletions.sort((a, b) =>
    a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : (a.partition ?? -1) - (b.partition ?? -1)
  );
  await io.stdout.write(flags.json ? jsonOf(deletions) : `\n${deletionTable(deletions)}`);
  return deletions.every(({ errorCode }) => errorCode === errorCodes.NONE) ? 0 : 1;
}

async function partitionsToDelete(
  admin: AdminConnection,
  topics: readonly string[],
): Promise<{ partitions: TopicPartition[]; missing: Deletion[] }> {
  const selections = topics.map(parseTopicSelection);
  const whole = selections.filter((each) => each.partitions === null).map(({ topic }) => topic);
  const existing = await partitionsOf(admin, whole);
  const partitions: TopicPartition[] = [];
  const missing: Deletion[] = [];
  for (const { topic, partitions: chosen } of selections) {
    const all = chosen === null ? existing.get(topic)! : done(chosen);
    if (!all.ok) missing.push({ topic, partition: null, errorCode: all.code });
    // Offsets outlive their topic, so partitions that are named are not looked for.
    else partitions.push(...all.value.map((partition) => ({ topic, partition })));
  }
  return { partitions, missing };
}

function deletionTable(deletions: readonly Deletion[]): string {
  return table(
    [{ title: "TOPIC", width: 15 }, { title: "PARTITION", width: 10 }, { title: "STATUS" }],
    deletions.map(({ topic, partition, errorCode }) => [
      topic,
      partition === null ? "-" : String(partition),
      errorCode === errorCodes.NONE ? "Successful" : `Error: ${describeFailure(failed(errorCode))}`,
    ]),
  );
}

function jsonOf(deletions: readonly Deletion[]): string {
  const objects = deletions.map(({ topic, partition, errorCode }) => ({
    topic,
    partition,
    error: errorCode === errorCodes.NONE ? null : errorName(errorCode),
  }));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
