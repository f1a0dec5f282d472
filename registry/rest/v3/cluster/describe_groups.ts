import {
  consumerGroupDescribe,
  describeGroups,
  errorCodes,
  findCoordinator,
  listGroups,
  make,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { decodeAssignment, KafkaError, throwOnCode } from "../../../kafka/mod.ts";
import type { V3Request } from "./route.ts";

/** A partition of a topic. */
interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** A member as both kinds of group tell it. */
export interface Member {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly partitions: readonly Place[];
}

/** A group as both kinds tell it. */
export interface Group {
  readonly id: string;
  readonly isSimple: boolean;
  readonly assignor: string;
  /** Upper snake case. */
  readonly state: string;
  /** CLASSIC or CONSUMER. */
  readonly type: string;
  readonly members: readonly Member[];
}

const CONSUMER_PROTOCOL = "consumer";
const GROUP_KEY = 0;
/** Groups that one request asks for. */
const GROUPS_AT_ONCE = 100;

/** The group of the path. Throws 404. */
export async function groupOf(request: V3Request): Promise<Group> {
  const id = request.param("group");
  const [group] = await describeAt(request, { group: id }, [id]);
  if (group !== undefined) return group;
  throw new HttpError(404, 404, `There is no group ${shown(id)}`);
}

/** The broker that coordinates a group. */
export async function coordinatorOf({ context: { client } }: V3Request, id: string) {
  const answer = await client.call(
    findCoordinator,
    make(findCoordinator.request, { key: id, keyType: GROUP_KEY, coordinatorKeys: [id] }),
  );
  const found = answer.coordinators[0] ?? answer;
  throwOnCode(found.errorCode, `Cannot find the coordinator of ${shown(id)}`, found.errorMessage);
  return found.nodeId;
}

/** All consumer groups with the brokers that coordinate them: who lists a group is its coordinator. */
export async function allGroups(
  request: V3Request,
): Promise<{ readonly group: Group; readonly coordinator: number }[]> {
  const { client } = request.context;
  const { brokers } = await client.metadata([], { maxAgeMs: 0 });
  const perBroker = await Promise.all(brokers.map(async ({ id: coordinator }) => {
    const to = { broker: coordinator };
    const { errorCode, groups } = await client.call(listGroups, make(listGroups.request, {}), {
      to,
    });
    throwOnCode(errorCode, "Cannot list the groups");
    const ids = groups.filter(({ protocolType }) =>
      protocolType === CONSUMER_PROTOCOL || protocolType === ""
    ).map(({ groupId }) => groupId);
    const found: Group[] = [];
    for (let from = 0; from < ids.length; from += GROUPS_AT_ONCE) {
      found.push(...await describeAt(request, to, ids.slice(from, from + GROUPS_AT_ONCE)));
    }
    return found.map((group) => ({ group, coordinator }));
  }));
  return perBroker.flat().sort((a, b) => (a.group.id < b.group.id ? -1 : 1));
}

type Coordinator = { readonly broker: number } | { readonly group: string };

/** Whether a group is no more, or has gone to another broker since that one listed it. */
function isGone(code: number, to: Coordinator): boolean {
  return code === errorCodes.GROUP_ID_NOT_FOUND ||
    (code === errorCodes.NOT_COORDINATOR && "broker" in to);
}

/** Describes groups that one broker coordinates, two requests at most; those that it hasn't are left out. */
async function describeAt(
  request: V3Request,
  to: Coordinator,
  ids: readonly string[],
): Promise<Group[]> {
  const classic = await classicGroups(request, to, ids);
  const left = ids.filter((id) => !classic.has(id));
  const others = left.length === 0 ? [] : await consumerGroups(request, to, left);
  return [...classic.values(), ...others];
}

async function classicGroups(
  { context: { client } }: V3Request,
  to: Coordinator,
  ids: readonly string[],
): Promise<Map<string, Group>> {
  const { groups } = await client.call(
    describeGroups,
    make(describeGroups.request, { groups: [...ids] }),
    { to },
  );
  const found = new Map<string, Group>();
  for (const group of groups) {
    if (isGone(group.errorCode, to)) continue;
    const what = `Cannot describe group ${shown(group.groupId)}`;
    throwOnCode(group.errorCode, what, group.errorMessage);
    // How older versions say that there is none.
    if (group.groupState === "Dead") continue;
    const isConsumer = group.protocolType === CONSUMER_PROTOCOL;
    found.set(group.groupId, {
      id: group.groupId,
      isSimple: group.protocolType === "",
      assignor: group.protocolData,
      state: stateWord(group.groupState),
      type: "CLASSIC",
      members: group.members.map((member) => ({
        id: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        partitions: isConsumer ? placesOf(member.memberAssignment) : [],
      })),
    });
  }
  return found;
}

/** What an assignment has; nothing, where its bytes are none: they are the group's leader's to choose. */
function placesOf(assignment: Uint8Array): Place[] {
  try {
    return decodeAssignment(assignment)
      .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  } catch (error) {
    if (error instanceof KafkaError) return [];
    throw error;
  }
}

/** Groups of KIP-848; none where the broker knows no such groups. */
async function consumerGroups(
  { context: { client } }: V3Request,
  to: Coordinator,
  ids: readonly string[],
): Promise<Group[]> {
  try {
    const { groups } = await client.call(
      consumerGroupDescribe,
      make(consumerGroupDescribe.request, { groupIds: [...ids] }),
      { to },
    );
    return groups.flatMap((group) => {
      if (isGone(group.errorCode, to)) return [];
      const what = `Cannot describe group ${shown(group.groupId)}`;
      throwOnCode(group.errorCode, what, group.errorMessage);
      return [{
        id: group.groupId,
        isSimple: false,
        assignor: group.assignorName,
        state: stateWord(group.groupState),
        type: "CONSUMER",
        members: group.members.map((member) => ({
          id: member.memberId,
          instanceId: member.instanceId,
          clientId: member.clientId,
          partitions: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
            partitions.map((partition) => ({ topic: topicName, partition }))
          ),
        })),
      }];
    });
  } catch (error) {
    if (error instanceof KafkaError && error.code === errorCodes.UNSUPPORTED_VERSION) return [];
    throw error;
  }
}

function stateWord(state: string): string {
  const word = state.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
  return word === "" ? "UNKNOWN" : word;
}
