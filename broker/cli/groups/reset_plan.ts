import type { TopicPartition } from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";

/** An offset that a group is to have. */
export interface PlannedOffset extends TopicPartition {
  readonly group: string;
  readonly offset: number;
}

/**
 * What `--export` writes and `--from-file` reads: `topic,partition,offset` for one group, with the
 * group in front for several.
 */
export function formatPlan(plan: readonly PlannedOffset[], hasGroups: boolean): string {
  return plan.map(({ group, topic, partition, offset }) => {
    const fields = [topic, partition, offset];
    return `${(hasGroups ? [group, ...fields] : fields).map(csvField).join(",")}\n`;
  }).join("");
}

/**
 * Reads a plan. Lines of three fields belong to `onlyGroup`, which is null when several groups were
 * named. Throws CommandError that names file and line.
 */
export function parsePlan(text: string, file: string, onlyGroup: string | null): PlannedOffset[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const fields = csvFields(line.replace(/\r$/, ""));
    const group = fields.length === 4 ? fields[0]! : onlyGroup;
    const [topic = "", partition = "", offset = ""] = fields.slice(-3);
    const isPlan = fields.length >= 3 && fields.length <= 4 && group !== null && topic !== "" &&
      /^\d{1,10}$/.test(partition) && /^\d{1,16}$/.test(offset);
    if (!isPlan) {
      const allowed = onlyGroup === null
        ? "group,topic,partition,offset"
        : "topic,partition,offset, maybe with the group in front";
      throw new CommandError(
        `Cannot use line ${index + 1} of ${file}, ${line}: allowed is ${allowed}`,
      );
    }
    return [{ group, topic, partition: Number(partition), offset: Number(offset) }];
  });
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvFields(line: string): string[] {
  const fields: string[] = [];
  // A field in quotes, where two quotes stand for one, or anything up to the next comma.
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    fields.push((quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
  }
  return fields;
}
