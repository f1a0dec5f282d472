import {
  api,
  array,
  bool,
  bytes,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * A member joins a classic group, or joins again in a rebalance. From version 4 it first learns its
 * id (KIP-394).
 */
export const joinGroup = api({
  key: 11,
  name: "JoinGroup",
  versions: "0-9",
  flexible: "6+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    // -1: the session timeout counts.
    rebalanceTimeoutMs: int32({ versions: "1+", default: -1 }),
    memberId: string(),
    // KIP-345: static membership.
    groupInstanceId: string({ versions: "5+", nullable: "5+", default: null }),
    protocolType: string(),
    // In the order that the member prefers.
    protocols: array({
      name: string(),
      metadata: bytes(),
    }),
    // KIP-800: for the broker's log.
    reason: string({ versions: "8+", nullable: "8+", default: null }),
  },
  response: {
    throttleTimeMs: int32({ versions: "2+" }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ versions: "7+", nullable: "7+", default: null }),
    protocolName: string({ nullable: "7+" }),
    leader: string(),
    // KIP-814: a static leader that came back need not assign again.
    skipAssignment: bool({ versions: "9+" }),
    memberId: string(),
    // For the leader; empty for the others.
    members: array({
      memberId: string(),
      groupInstanceId: string({ versions: "5+", nullable: "5+", default: null }),
      metadata: bytes(),
    }),
  },
});

/** What a client sends. */
export type JoinGroupRequest = RequestOf<typeof joinGroup>;
/** What it is answered. */
export type JoinGroupResponse = ResponseOf<typeof joinGroup>;
