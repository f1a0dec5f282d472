import {
  api,
  array,
  bool,
  bytes,
  int16,
  int32,
  INT32_MIN,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Describes classic groups with their members. Version 6 says which do not exist (KIP-1043). */
export const describeGroups = api({
  key: 15,
  name: "DescribeGroups",
  versions: "0-6",
  flexible: "5+",
  listeners: ["broker"],
}, {
  request: {
    groups: array(string()),
    includeAuthorizedOperations: bool({ versions: "3+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ versions: "6+", nullable: "6+", default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array({
        memberId: string(),
        groupInstanceId: string({ versions: "4+", nullable: "4+", default: null }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      authorizedOperations: int32({ versions: "3+", default: INT32_MIN }),
    }),
  },
});

/** What a client sends. */
export type DescribeGroupsRequest = RequestOf<typeof describeGroups>;
/** What it is answered. */
export type DescribeGroupsResponse = ResponseOf<typeof describeGroups>;
