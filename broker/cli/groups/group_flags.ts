import { adminFlags } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";
import { type FlagSet, type FlagValues, integer, onOff, optionalText, texts } from "../flags.ts";
import { scenarioFlags } from "./reset_scenario.ts";

/** The flags of `kafkats groups`, Kafka's own. */
export const groupFlags = {
  ...adminFlags,
  list: onOff("List groups."),
  describe: onOff("Tell where groups are and who reads: --offsets, --members or --state."),
  delete: onOff("Delete groups without members, with their offsets."),
  "reset-offsets": onOff("Move the offsets of groups without members."),
  "delete-offsets": onOff("Delete a group's offsets of some topics."),
  group: texts("group", "The group."),
  "all-groups": onOff("Every group."),
  topic: texts("topic", "With --reset-offsets and --delete-offsets: a topic, or topic:0,1,2."),
  "all-topics": onOff("With --reset-offsets: every topic that the group has offsets of."),
  offsets: onOff("With --describe: each partition's offset, log end and lag. The default."),
  members: onOff("With --describe: the members."),
  state: optionalText(
    "states",
    "With --describe: the state. With --list: show states, or only groups in these: stable,empty.",
  ),
  type: optionalText(
    "types",
    "With --list: show types of all groups, or only groups of these: classic,consumer,share,streams.",
  ),
  verbose: onOff("With --describe: tell more."),
  ...scenarioFlags,
  "dry-run": onOff("With --reset-offsets: only show what would change."),
  execute: onOff("With --reset-offsets: change it."),
  export: onOff("With --reset-offsets: print CSV as --from-file reads it."),
  timeout: integer("ms", "How long to wait for answers. (default: 30000)", { min: 1 }),
  json: onOff("Print JSON."),
} as const satisfies FlagSet;

/** Values of {@linkcode groupFlags}. */
export type GroupFlags = FlagValues<typeof groupFlags>;

/** What the command is to do; one flag of these is needed. */
export const ACTIONS = ["list", "describe", "delete", "reset-offsets", "delete-offsets"] as const;

/** One of {@linkcode ACTIONS}. */
export type GroupAction = typeof ACTIONS[number];

/** The one action that is asked for, and its flags fit. Throws UsageError. */
export function actionOf(flags: GroupFlags): GroupAction {
  const actions = ACTIONS.filter((name) => flags[name]);
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw new UsageError(`${given(actions)}: allowed is one of ${dashed(ACTIONS)}`);
  }
  const isReset = action === "reset-offsets";
  const isDescribe = action === "describe";
  const hasGroup = flags.group.length > 0;
  only(hasGroup, "group", action !== "list", action);
  only(flags["all-groups"], "all-groups", action !== "list" && action !== "delete-offsets", action);
  only(flags.topic.length > 0, "topic", isReset || action === "delete-offsets", action);
  only(flags["all-topics"], "all-topics", isReset, action);
  only(flags.members, "members", isDescribe, action);
  only(flags.offsets, "offsets", isDescribe, action);
  only(flags.verbose, "verbose", isDescribe, action);
  only(flags.state !== null, "state", isDescribe || action === "list", action);
  only(flags.type !== null, "type", action === "list", action);
  only(flags.execute, "execute", isReset, action);
  only(flags["dry-run"], "dry-run", isReset, action);
  only(flags.export, "export", isReset, action);
  if (action !== "list" && hasGroup === flags["all-groups"]) {
    const groups = action === "delete-offsets" ? "--group" : "one of --group and --all-groups";
    throw new UsageError(`--${action} with ${hasGroup ? "both" : "no group"}: needed is ${groups}`);
  }
  checkAction(action, flags);
  return action;
}

function checkAction(action: GroupAction, flags: GroupFlags): void {
  switch (action) {
    case "describe": {
      const views = (["offsets", "members"] as const).filter((name) => flags[name]);
      const all = flags.state === null ? views : [...views, "state"];
      if (all.length > 1) {
        throw new UsageError(
          `${given(all)}: --describe takes one of --offsets, --members, --state`,
        );
      }
      if (flags.state) throw new UsageError("--state takes no value beside --describe");
      break;
    }
    case "reset-offsets":
      if (flags.execute && flags["dry-run"]) {
        throw new UsageError("--execute and --dry-run together: allowed is one of them");
      }
      if (flags["from-file"] === null && (flags.topic.length > 0) === flags["all-topics"]) {
        throw new UsageError(
          "--reset-offsets needs one of --topic and --all-topics, or --from-file",
        );
      }
      break;
    case "delete-offsets":
      if (flags.group.length > 1) throw new UsageError("--delete-offsets takes one --group");
      if (flags.topic.length === 0) throw new UsageError("--delete-offsets needs --topic");
      break;
    default:
  }
}

function only(isGiven: boolean, flag: string, fits: boolean, action: GroupAction): void {
  if (isGiven && !fits) throw new UsageError(`--${flag} does not go with --${action}`);
}

function given(names: readonly string[]): string {
  return names.length === 0 ? "No action is given" : `${dashed(names)} together`;
}

function dashed(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(", ");
}
