import { api, int16, int32, type RequestOf, type ResponseOf, string, uuid } from "../schema.ts";

/** Removes a voter from the metadata quorum (KIP-853). */
export const removeRaftVoter = api({
  key: 81,
  name: "RemoveRaftVoter",
  versions: "0",
  flexible: "0+",
  listeners: ["controller", "broker"],
}, {
  request: {
    clusterId: string({ nullable: "0+" }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  },
});

/** What a client sends. */
export type RemoveRaftVoterRequest = RequestOf<typeof removeRaftVoter>;
/** What it is answered. */
export type RemoveRaftVoterResponse = ResponseOf<typeof removeRaftVoter>;
