import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Members leave a classic group; from version 3 several at once, by instance id too (KIP-345). */
export const leaveGroup = api({
  key: 13,
  name: "LeaveGroup",
  versions: "0-5",
  flexible: "4+",
  listeners: ["broker"],
}, {
  request: {
    groupId: string(),
    memberId: string({ versions: "0-2" }),
    members: array({
      memberId: string(),
      // KIP-345: static membership.
      groupInstanceId: string({ nullable: "3+", default: null }),
      // KIP-800: for the broker's log.
      reason: string({ versions: "5+", nullable: "5+", default: null }),
    }, { versions: "3+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    members: array({
      memberId: string(),
      groupInstanceId: string({ nullable: "3+" }),
      errorCode: int16(),
    }, { versions: "3+" }),
  },
});

/** What a client sends. */
export type LeaveGroupRequest = RequestOf<typeof leaveGroup>;
/** What it is answered. */
export type LeaveGroupResponse = ResponseOf<typeof leaveGroup>;
