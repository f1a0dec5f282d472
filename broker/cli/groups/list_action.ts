import type { AdminConnection } from "../admin/mod.ts";
import type { CommandIo } from "../io.ts";
import { table } from "../table.ts";
import type { GroupFlags } from "./group_flags.ts";
import {
  GROUP_STATES,
  GROUP_TYPES,
  isConsumerGroup,
  type ListedGroup,
  listedGroups,
  parseNames,
} from "./group_listing.ts";

/** Kafka's tool leaves this much room behind the longest name. */
const GROUP_ROOM = 10;

/** `--list`: names, or a table when states or types are asked for. */
export async function listAction(
  admin: AdminConnection,
  flags: GroupFlags,
  io: CommandIo,
): Promise<number> {
  const groups = await listedGroups(admin, {
    states: parseNames("--state", flags.state ?? "", GROUP_STATES),
    types: parseNames("--type", flags.type ?? "", GROUP_TYPES),
  });
  // Other kinds of groups are shown when their types are asked for: the command says which is which.
  const shown = flags.type === null ? groups.filter(isConsumerGroup) : groups;
  await io.stdout.write(
    flags.json ? jsonOf(shown) : listText(shown, {
      hasType: flags.type !== null,
      hasState: flags.state !== null,
    }),
  );
  return 0;
}

/** What is printed: names alone, or a table with the columns that are asked for. */
export function listText(
  groups: readonly ListedGroup[],
  { hasType, hasState }: { readonly hasType: boolean; readonly hasState: boolean },
): string {
  if (!hasType && !hasState) return groups.map(({ group }) => `${group}\n`).join("");
  const longest = groups.reduce((most, { group }) => Math.max(most, group.length), 15);
  return table(
    [
      { title: "GROUP", width: longest + GROUP_ROOM },
      ...(hasType ? [{ title: "TYPE", width: 20 }] : []),
      ...(hasState ? [{ title: "STATE", width: 20 }] : []),
    ],
    groups.map(({ group, type, state }) => [
      group,
      ...(hasType ? [type || "Unknown"] : []),
      ...(hasState ? [state || "Unknown"] : []),
    ]),
  );
}

function jsonOf(groups: readonly ListedGroup[]): string {
  const objects = groups.map(({ group, type, state, protocolType }) => ({
    group,
    type: type || null,
    state: state || null,
    protocolType,
  }));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
