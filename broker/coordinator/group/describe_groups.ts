import { errorCodes } from "../../protocol/errors.ts";
import type { DescribeGroupsResponse } from "../../protocol/mod.ts";
import type { ClassicGroup } from "./classic_group.ts";
import { metadataFor } from "./classic_member.ts";
import type { GroupRequestContext, ShardState } from "./shard_state.ts";

/** What is told of one group. */
export type DescribedGroup = DescribeGroupsResponse["groups"][number];

const NO_METADATA = new Uint8Array(0);
/** "Not asked for", in the field of the operations that a client may do. */
const NO_OPERATIONS = -(2 ** 31);
/** From this version on a group that is not there is an error, not a dead group (KIP-1043). */
const ERROR_MESSAGE_VERSION = 6;

/** DescribeGroups, versions 0 to 6: who is in a classic group and what each was assigned. */
export function describeGroup(
  state: ShardState,
  groupId: string,
  { version }: GroupRequestContext,
): DescribedGroup {
  const stored = state.store.committed(groupId);
  const group = stored?.type === "classic" ? state.live.find(groupId) : null;
  if (group !== null) return describe(group);
  const message = stored === undefined || stored.type === "classic"
    ? `Group ${groupId} does not exist.`
    : `Group ${groupId} is a ${stored.type} group.`;
  return version >= ERROR_MESSAGE_VERSION
    ? describeError(groupId, { errorCode: errorCodes.GROUP_ID_NOT_FOUND, message, state: "Dead" })
    : describeError(groupId, { errorCode: 0, message: null, state: "Dead" });
}

/** A group of which nothing can be told. */
export function describeError(
  groupId: string,
  error: {
    readonly errorCode: number;
    readonly message: string | null;
    readonly state: string;
  },
): DescribedGroup {
  return {
    errorCode: error.errorCode,
    errorMessage: error.message,
    groupId,
    groupState: error.state,
    protocolType: "",
    protocolData: "",
    members: [],
    authorizedOperations: NO_OPERATIONS,
  };
}

function describe(group: ClassicGroup): DescribedGroup {
  // In a rebalance the members have no common protocol.
  const isStable = group.state === "Stable";
  const protocolData = isStable ? group.protocolName ?? "" : "";
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? "",
    protocolData,
    members: Array.from(group.members.values(), (member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataFor(member, protocolData) ?? NO_METADATA : NO_METADATA,
      memberAssignment: member.assignment,
    })),
    authorizedOperations: NO_OPERATIONS,
  };
}
