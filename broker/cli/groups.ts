import { type AdminConnection, withAdmin } from "./admin/mod.ts";
import { command } from "./command.ts";
import { deleteAction, deleteOffsetsAction } from "./groups/delete_action.ts";
import { describeAction } from "./groups/describe_action.ts";
import { actionOf, type GroupFlags, groupFlags } from "./groups/group_flags.ts";
import { isConsumerGroup, listedGroups } from "./groups/group_listing.ts";
import { listAction } from "./groups/list_action.ts";
import { resetAction } from "./groups/reset_action.ts";

/** `kafkats groups`, as kafka-consumer-groups. */
export const groupsCommand = command({
  name: "groups",
  summary: "List and describe consumer groups, reset their offsets, delete them.",
  usage: "(--list | --describe | --reset-offsets | --delete-offsets | --delete) [flags]",
  examples: [
    "kafkats groups --list --state",
    "kafkats groups --describe --group billing",
    "kafkats groups --describe --group billing --members --verbose",
    "kafkats groups --reset-offsets --group billing --topic orders --to-earliest --execute",
    "kafkats groups --reset-offsets --group billing --topic orders:0,1 --shift-by -10 --dry-run",
    "kafkats groups --reset-offsets --group billing --all-topics --by-duration PT1H --export",
    "kafkats groups --delete-offsets --group billing --topic orders",
    "kafkats groups --delete --group billing",
  ],
  flags: groupFlags,
  async run(flags, io) {
    const action = actionOf(flags);
    return await withAdmin(flags, io, async (admin) => {
      switch (action) {
        case "list":
          return await listAction(admin, flags, io);
        case "describe":
          return await describeAction(admin, await namedGroups(admin, flags), flags, io);
        case "reset-offsets":
          return await resetAction(admin, await namedGroups(admin, flags), flags, io);
        case "delete":
          return await deleteAction(admin, await namedGroups(admin, flags), flags, io);
        case "delete-offsets":
          return await deleteOffsetsAction(admin, flags.group[0]!, flags, io);
      }
    }, flags.timeout);
  },
});

/** The groups of `--group`, or every consumer group for `--all-groups`. */
async function namedGroups(admin: AdminConnection, flags: GroupFlags): Promise<readonly string[]> {
  if (!flags["all-groups"]) return flags.group;
  const listed = await listedGroups(admin, { states: [], types: [] });
  return listed.filter(isConsumerGroup).map(({ group }) => group);
}
