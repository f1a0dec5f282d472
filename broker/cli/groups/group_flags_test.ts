import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../command_error.ts";
import { parseFlags } from "../flags.ts";
import { actionOf, groupFlags } from "./group_flags.ts";

function action(line: string): string {
  return actionOf(parseFlags(groupFlags, line.split(" ").filter((each) => each !== "")).flags);
}

Deno.test("actionOf() gives the one action that is asked for", () => {
  assertEquals(action("--list"), "list");
  assertEquals(action("--list --state --type classic"), "list");
  assertEquals(action("--describe --group a --group b --members --verbose"), "describe");
  assertEquals(action("--describe --all-groups --state"), "describe");
  assertEquals(action("--delete --group a"), "delete");
  assertEquals(action("--delete-offsets --group a --topic t:0"), "delete-offsets");
  assertEquals(
    action("--reset-offsets --group a --topic t --to-earliest --execute"),
    "reset-offsets",
  );
  assertEquals(action("--reset-offsets --all-groups --all-topics --to-latest"), "reset-offsets");
  assertEquals(action("--reset-offsets --group a --from-file p.csv"), "reset-offsets");
});

Deno.test("actionOf() says which flag is missing or does not fit", () => {
  const wrong: [string, string][] = [
    ["", "No action is given"],
    ["--list --describe", "--list, --describe together"],
    ["--list --group a", "--group does not go with --list"],
    ["--list --topic t", "--topic does not go with --list"],
    ["--describe", "--describe with no group"],
    ["--describe --group a --all-groups", "--describe with both"],
    ["--describe --group a --members --offsets", "--offsets, --members together"],
    ["--describe --group a --members --state", "--members, --state together"],
    ["--describe --group a --state stable", "--state takes no value"],
    ["--describe --group a --type", "--type does not go with --describe"],
    ["--delete", "--delete with no group"],
    ["--delete --group a --topic t", "--topic does not go with --delete"],
    ["--delete --group a --verbose", "--verbose does not go with --delete"],
    ["--delete-offsets --topic t", "needed is --group"],
    ["--delete-offsets --group a", "--delete-offsets needs --topic"],
    ["--delete-offsets --group a --group b --topic t", "--delete-offsets takes one --group"],
    ["--delete-offsets --all-groups --topic t", "--all-groups does not go"],
    ["--reset-offsets --group a --to-earliest", "needs one of --topic and --all-topics"],
    ["--reset-offsets --group a --topic t --all-topics --to-earliest", "needs one of --topic"],
    [
      "--reset-offsets --group a --topic t --to-latest --execute --dry-run",
      "--execute and --dry-run",
    ],
    ["--list --execute", "--execute does not go with --list"],
  ];
  for (const [line, message] of wrong) assertThrows(() => action(line), UsageError, message);
});
