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

/** Removes the access rules that match filters (KIP-140, KIP-290). */
export const deleteAcls = api({
  key: 31,
  name: "DeleteAcls",
  versions: "1-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    filters: array({
      resourceTypeFilter: int8(),
      resourceNameFilter: string({ nullable: "0+" }),
      // KIP-290: 1 any, 2 match, 3 literal, 4 prefixed.
      patternTypeFilter: int8({ default: 3 }),
      principalFilter: string({ nullable: "0+" }),
      hostFilter: string({ nullable: "0+" }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    filterResults: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      matchingAcls: array({
        errorCode: int16(),
        errorMessage: string({ nullable: "0+" }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
});

/** What a client sends. */
export type DeleteAclsRequest = RequestOf<typeof deleteAcls>;
/** What it is answered. */
export type DeleteAclsResponse = ResponseOf<typeof deleteAcls>;
