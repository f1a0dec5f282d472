import type { JoinGroupRequest, JoinGroupResponse, SyncGroupResponse } from "../../protocol/mod.ts";
import type { ShardTimer } from "../state_machine.ts";

/** A way of assigning partitions that a member offers, with its subscription in that way's terms. */
export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** Hands a response to the client that waits for it; called at most once. */
export type Reply<T> = (response: T) => void;

/** No partitions. */
export const EMPTY_ASSIGNMENT: Uint8Array = new Uint8Array(0);

/** A member of a classic group: what it said when it joined, and the requests that wait for others. */
export interface ClassicMember {
  readonly memberId: string;
  /** Names a static member, which keeps its place over restarts (KIP-345). */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** As Java prints an address: `/127.0.0.1`. */
  readonly clientHost: string;
  readonly protocolType: string;
  rebalanceTimeoutMs: number;
  sessionTimeoutMs: number;
  /** In the member's order of preference. */
  protocols: readonly MemberProtocol[];
  assignment: Uint8Array;
  /** A JoinGroup that waits for the join phase to end. */
  awaitingJoin: Reply<JoinGroupResponse> | null;
  /** A SyncGroup that waits for the leader's assignment. */
  awaitingSync: Reply<SyncGroupResponse> | null;
  /** Whether it waits for the answer to its first join and so cannot send heartbeats yet. */
  isNew: boolean;
  /** Ends the member's session; null before it is set for the first time. */
  session: ShardTimer | null;
}

/** A member that waits for nothing yet. */
export function newMember(
  identity: Pick<
    ClassicMember,
    "memberId" | "groupInstanceId" | "clientId" | "clientHost" | "protocolType"
  >,
  state: Pick<
    ClassicMember,
    "rebalanceTimeoutMs" | "sessionTimeoutMs" | "protocols" | "assignment"
  >,
): ClassicMember {
  return {
    memberId: identity.memberId,
    groupInstanceId: identity.groupInstanceId,
    clientId: identity.clientId,
    clientHost: identity.clientHost,
    protocolType: identity.protocolType,
    rebalanceTimeoutMs: state.rebalanceTimeoutMs,
    sessionTimeoutMs: state.sessionTimeoutMs,
    protocols: state.protocols,
    assignment: state.assignment,
    awaitingJoin: null,
    awaitingSync: null,
    isNew: false,
    session: null,
  };
}

/** The protocols of a request, copied: they outlive the frame that they came in. */
export function copyProtocols(protocols: JoinGroupRequest["protocols"]): MemberProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }));
}

/** The member's subscription under a protocol; null when it does not offer that. */
export function metadataFor(member: ClassicMember, protocolName: string | null): Uint8Array | null {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? null;
}

/** Whether a member that joins again says the same as before, order of preference included. */
export function sameProtocols(
  known: readonly MemberProtocol[],
  asked: readonly MemberProtocol[],
): boolean {
  return known.length === asked.length && known.every((protocol, index) => {
    const other = asked[index]!;
    return protocol.name === other.name && sameBytes(protocol.metadata, other.metadata);
  });
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
