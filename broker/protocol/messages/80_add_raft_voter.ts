import {
  api,
  array,
  bool,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  uint16,
  uuid,
} from "../schema.ts";

/** Adds a voter to the metadata quorum (KIP-853). */
export const addRaftVoter = api({
  key: 80,
  name: "AddRaftVoter",
  versions: "0-1",
  flexible: "0+",
  listeners: ["controller", "broker"],
}, {
  request: {
    clusterId: string({ nullable: "0+" }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    // False: the answer comes once the leader has it.
    ackWhenCommitted: bool({ versions: "1+", default: true }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  },
});

/** What a client sends. */
export type AddRaftVoterRequest = RequestOf<typeof addRaftVoter>;
/** What it is answered. */
export type AddRaftVoterResponse = ResponseOf<typeof addRaftVoter>;
