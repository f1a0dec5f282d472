import { api, array, int16, int32, type RequestOf, type ResponseOf, string } from "../schema.ts";

/** Lists the groups that a broker coordinates, filtered by state (KIP-518) and type (KIP-848). */
export const listGroups = api({
  key: 16,
  name: "ListGroups",
  versions: "0-5",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    // KIP-518: empty means all.
    statesFilter: array(string(), { versions: "4+" }),
    // KIP-848: empty means all.
    typesFilter: array(string(), { versions: "5+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    groups: array({
      groupId: string(),
      protocolType: string(),
      groupState: string({ versions: "4+" }),
      groupType: string({ versions: "5+" }),
    }),
  },
});

/** What a client sends. */
export type ListGroupsRequest = RequestOf<typeof listGroups>;
/** What it is answered. */
export type ListGroupsResponse = ResponseOf<typeof listGroups>;
