import { api, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** A member of a classic group shows that it is alive, and learns of a rebalance. */
export const heartbeat = api({
  key: 12,
  name: "Heartbeat",
  versions: "0-4",
  flexible: "4+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    // KIP-345: static membership.
    groupInstanceId: string({ versions: "3+", nullable: "3+", default: null }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
  },
});

/** What a client sends. */
export type HeartbeatRequest = RequestOf<typeof heartbeat>;
/** What it is answered. */
export type HeartbeatResponse = ResponseOf<typeof heartbeat>;
