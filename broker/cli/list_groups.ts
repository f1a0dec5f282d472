import type { ClusterClient } from "./client/cluster_client.ts";
import { allGroups } from "./client/groups.ts";
import { UsageError } from "./command_error.ts";
import type { CommandIo } from "./io.ts";
import { table } from "./table.ts";

const STATES = [
  "PreparingRebalance",
  "CompletingRebalance",
  "Stable",
  "Dead",
  "Empty",
  "Assigning",
  "Reconciling",
];
const TYPES = ["Classic", "Consumer"];

/** `kafkats groups --list`. */
export async function listGroupsOf(
  client: ClusterClient,
  flags: { readonly state: string | null; readonly type: string | null; readonly json: boolean },
  io: CommandIo,
): Promise<number> {
  const groups = await allGroups(client, {
    states: chosen("state", flags.state, STATES),
    types: chosen("type", flags.type, TYPES),
  });
  if (flags.json) {
    await io.stdout.write(`${JSON.stringify(groups)}\n`);
    return 0;
  }
  const withType = flags.type !== null;
  const withState = flags.state !== null;
  if (!withType && !withState) {
    await io.stdout.write(groups.map(({ groupId }) => `${groupId}\n`).join(""));
    return 0;
  }
  await io.stdout.write(table(
    [
      { title: "GROUP", width: 25 },
      ...withType ? [{ title: "TYPE", width: 20 }] : [],
      ...withState ? [{ title: "STATE", width: 20 }] : [],
    ],
    groups.map(({ groupId, type, state }) => [
      groupId,
      ...withType ? [type] : [],
      ...withState ? [state] : [],
    ]),
  ));
  return 0;
}

/** The names that a flag lists, as the protocol spells them. */
function chosen(flag: string, text: string | null, known: readonly string[]): string[] {
  const names = (text ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  return names.map((name) => {
    const found = known.find((one) => one.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      throw new UsageError(`--${flag} ${name}: allowed is ${known.join(", ")}`);
    }
    return found;
  });
}
