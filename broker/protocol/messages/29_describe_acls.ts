import {
  api,
  array,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Lists access rules that match a filter (KIP-140, KIP-290). */
export const describeAcls = api({
  key: 29,
  name: "DescribeAcls",
  versions: "1-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    resourceTypeFilter: int8(),
    // Null matches any.
    resourceNameFilter: string({ nullable: "0+" }),
    // KIP-290: 1 any, 2 match, 3 literal, 4 prefixed.
    patternTypeFilter: int8({ default: 3 }),
    principalFilter: string({ nullable: "0+" }),
    hostFilter: string({ nullable: "0+" }),
    operation: int8(),
    permissionType: int8(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    resources: array({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ default: 3 }),
      acls: array({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
});

/** What a client sends. */
export type DescribeAclsRequest = RequestOf<typeof describeAcls>;
/** What it is answered. */
export type DescribeAclsResponse = ResponseOf<typeof describeAcls>;
