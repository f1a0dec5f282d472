import {
  api,
  array,
  bytes,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** The leader of a classic group hands in the assignment; every member takes its part. */
export const syncGroup = api({
  key: 14,
  name: "SyncGroup",
  versions: "0-5",
  flexible: "4+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    // KIP-345: static membership.
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
    // KIP-559.
    protocolType: string({ versions: "5+", nullable: "5+", default: null }),
    protocolName: string({ versions: "5+", nullable: "5+", default: null }),
    // From the leader; empty from the others.
    assignments: array({
      memberId: string(),
      assignment: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    protocolType: string({ versions: "5+", nullable: "5+", default: null }),
    protocolName: string({ versions: "5+", nullable: "5+", default: null }),
    assignment: bytes(),
  },
});

/** What a client sends. */
export type SyncGroupRequest = RequestOf<typeof syncGroup>;
/** What it is answered. */
export type SyncGroupResponse = ResponseOf<typeof syncGroup>;
