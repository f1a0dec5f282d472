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

/** Adds access rules (KIP-140, KIP-290). */
export const createAcls = api({
  key: 30,
  name: "CreateAcls",
  versions: "1-3",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    creations: array({
      resourceType: int8(),
      resourceName: string(),
      // KIP-290: 3 literal, 4 prefixed.
      resourcePatternType: int8({ default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
    }),
  },
});

/** What a client sends. */
export type CreateAclsRequest = RequestOf<typeof createAcls>;
/** What it is answered. */
export type CreateAclsResponse = ResponseOf<typeof createAcls>;
