import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Deletes empty groups with their offsets (KIP-229). */
export const deleteGroups = api({
  key: 42,
  name: "DeleteGroups",
  versions: "0-3",
  flexible: "2+",
  listeners: ["broker"],
}, {
  request: {
    groupsNames: array(string()),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      groupId: string(),
      errorCode: int16(),
      errorMessage: string({ versions: "3+", nullable: "3+", default: null }),
    }),
  },
});

/** What a client sends. */
export type DeleteGroupsRequest = RequestOf<typeof deleteGroups>;
/** What it is answered. */
export type DeleteGroupsResponse = ResponseOf<typeof deleteGroups>;
