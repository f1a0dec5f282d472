import { command } from "./command.ts";
import { UsageError } from "./command_error.ts";
import { connect, connectionFlags } from "./connection_flags.ts";
import { deleteGroupOffsets, removeGroups } from "./delete_groups.ts";
import { describeGroupsOf } from "./describe_groups.ts";
import {
  type FlagSet,
  type FlagValues,
  integer,
  onOff,
  optionalText,
  text,
  texts,
} from "./flags.ts";
import { listGroupsOf } from "./list_groups.ts";
import { resetOffsets } from "./reset_offsets.ts";

const flags = {
  ...connectionFlags,
  "all-groups": onOff("All groups."),
  "all-topics": onOff("All topics that the group has offsets of. With --reset-offsets."),
  "by-duration": text("duration", "Reset to offsets of this long ago, as PnDTnHnMnS."),
  delete: onOff("Delete groups with all their offsets; they must be empty."),
  "delete-offsets": onOff("Delete the offsets that a group has of topics."),
  describe: onOff("Tell offsets and lag of groups, or their members or state."),
  "dry-run": onOff("Only show what --reset-offsets would do; this is the default."),
  execute: onOff("Carry out --reset-offsets."),
  export: onOff("Print what --reset-offsets does as CSV."),
  "from-file": text("file", "CSV file with topic,partition,offset to reset to."),
  group: texts("group", "The group."),
  list: onOff("List groups."),
  members: onOff("Describe members."),
  offsets: onOff("Describe offsets and lag; this is the default."),
  "reset-offsets": onOff("Set the offsets of a group that has no members at the moment."),
  "shift-by": integer("n", "Reset to n records further on; back where n is negative."),
  state: optionalText(
    "state,...",
    "Describe the state; with --list, show states and list only these.",
  ),
  "to-current": onOff("Reset to the offsets that the group has now."),
  "to-datetime": text("time", "Reset to offsets of this time, as YYYY-MM-DDThh:mm:ss.sss."),
  "to-earliest": onOff("Reset to the first offsets."),
  "to-latest": onOff("Reset to the last offsets."),
  "to-offset": integer("offset", "Reset to this offset.", { min: 0 }),
  topic: texts("topic[:0,1]", "The topic, and which partitions of it."),
  type: optionalText("type,...", "With --list: show types and list only these."),
  verbose: onOff("Tell more."),
} as const satisfies FlagSet;

/** The flags of `kafkats groups`, for its parts. */
export type GroupFlags = FlagValues<typeof flags>;

const ACTIONS = ["list", "describe", "delete", "reset-offsets", "delete-offsets"] as const;

/** `kafkats groups`: what kafka-consumer-groups does. */
export const groupsCommand = command({
  name: "groups",
  summary: "List and describe consumer groups, reset and delete their offsets, delete them.",
  usage:
    "(--list | --describe | --reset-offsets | --delete-offsets | --delete) [--group <group>] [flags]",
  examples: [
    "kafkats groups --list --state",
    "kafkats groups --describe --group billing",
    "kafkats groups --describe --group billing --members --verbose",
    "kafkats groups --reset-offsets --group billing --topic user-events --to-earliest --execute",
    "kafkats groups --reset-offsets --group billing --all-topics --to-datetime 2025-11-25T00:00:00.000 --dry-run",
    "kafkats groups --delete --group billing --group audit",
  ],
  flags,
  async run(flags, io) {
    const actions = ACTIONS.filter((action) => flags[action]);
    const [action] = actions;
    if (action === undefined || actions.length > 1) {
      throw new UsageError(
        `Exactly one of ${ACTIONS.map((name) => `--${name}`).join(", ")} must be given`,
      );
    }
    if (action !== "list" && flags.group.length === 0 && !flags["all-groups"]) {
      throw new UsageError(`--${action} needs --group or --all-groups`);
    }
    if (flags.group.length > 0 && flags["all-groups"]) {
      throw new UsageError("--group and --all-groups do not go together");
    }
    if (flags.type !== null && action !== "list") throw new UsageError("--type goes with --list");
    using client = await connect(flags, io);
    switch (action) {
      case "list":
        return await listGroupsOf(client, flags, io);
      case "describe":
        return await describeGroupsOf(client, flags, io);
      case "delete":
        return await removeGroups(client, flags, io);
      case "reset-offsets":
        return await resetOffsets(client, flags, io);
      case "delete-offsets":
        return await deleteGroupOffsets(client, flags, io);
    }
  },
});
