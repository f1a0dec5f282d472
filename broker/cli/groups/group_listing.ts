import { errorCodes, listGroups, make } from "../../protocol/mod.ts";
import {
  type AdminConnection,
  ApiError,
  done,
  failed,
  fanOut,
  type Outcome,
} from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";

/** A group as ListGroups tells of it. */
export interface ListedGroup {
  readonly group: string;
  /** `consumer` for consumers, something else for other users of classic groups, "" for none. */
  readonly protocolType: string;
  /** "" where the broker is too old to tell (before KIP-518). */
  readonly state: string;
  /** "" where the broker is too old to tell (before KIP-848). */
  readonly type: string;
}

/** States that a group may have, as Kafka spells them. */
export const GROUP_STATES: readonly string[] = [
  "PreparingRebalance",
  "CompletingRebalance",
  "Stable",
  "Dead",
  "Empty",
  "Assigning",
  "Reconciling",
  "NotReady",
];

/** Types that a group may have, as Kafka spells them. */
export const GROUP_TYPES: readonly string[] = ["Classic", "Consumer", "Share", "Streams"];

/** What is listed; an empty list of states or types is all of them. */
export interface GroupFilter {
  readonly states: readonly string[];
  readonly types: readonly string[];
}

const STATES_SINCE_VERSION = 4;
const TYPES_SINCE_VERSION = 5;

/**
 * Reads a list of names with commas in any case, as `--state stable,empty`. Throws UsageError that
 * tells which are allowed.
 */
export function parseNames(flag: string, text: string, allowed: readonly string[]): string[] {
  return text.split(",").filter((part) => part.trim() !== "").map((part) => {
    const name = allowed.find((each) => each.toLowerCase() === part.trim().toLowerCase());
    if (name !== undefined) return name;
    throw new UsageError(`${flag} ${text}: allowed are ${allowed.join(", ")}`);
  });
}

/** All groups of the cluster that the filter lets through, by name. Rejects with ApiError. */
export async function listedGroups(
  admin: AdminConnection,
  filter: GroupFilter,
): Promise<ListedGroup[]> {
  const nodeIds = [...(await admin.brokers()).keys()];
  const answers = await fanOut(nodeIds, {
    locate: (pending) => Promise.resolve(new Map(pending.map((id) => [id, done(id)]))),
    ask: async (nodeId) => new Map([[nodeId, await askBroker(admin, nodeId, filter)]]),
    forget() {},
  }, admin);
  const groups = new Map<string, ListedGroup>();
  for (const [nodeId, answer] of answers) {
    if (!answer.ok) throw new ApiError(`Cannot list the groups of broker ${nodeId}`, answer);
    for (const group of answer.value) groups.set(group.group, group);
  }
  return [...groups.values()].sort((a, b) => a.group < b.group ? -1 : 1);
}

/** Whether kafka-consumer-groups would show it: a group of consumers, or one that only has offsets. */
export function isConsumerGroup({ protocolType, type }: ListedGroup): boolean {
  if (type === "Share" || type === "Streams") return false;
  return protocolType === "consumer" || protocolType === "";
}

async function askBroker(
  admin: AdminConnection,
  nodeId: number,
  { states, types }: GroupFilter,
): Promise<Outcome<ListedGroup[]>> {
  const request = make(listGroups.request, { statesFilter: [...states], typesFilter: [...types] });
  // An older broker would pass over a filter and list everything.
  const versionMin = types.length > 0
    ? TYPES_SINCE_VERSION
    : states.length > 0
    ? STATES_SINCE_VERSION
    : 0;
  const response = await admin.sendToNode(nodeId, listGroups, request, { versionMin });
  if (response.errorCode !== errorCodes.NONE) return failed(response.errorCode);
  return done(response.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
    group: groupId,
    protocolType,
    state: groupState,
    type: capitalized(groupType),
  })));
}

/** Brokers write `classic` or `Classic`. */
function capitalized(type: string): string {
  return GROUP_TYPES.find((each) => each.toLowerCase() === type.toLowerCase()) ?? type;
}
