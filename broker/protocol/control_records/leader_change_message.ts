import { array, int16, int32, type MessageOf, record, uuid } from "../schema.ts";

const voter = {
  voterId: int32(),
  voterDirectoryId: uuid({ versions: "1+" }),
};

/** LeaderChangeMessage */
export const leaderChangeMessage = record({
  name: "LeaderChangeMessage",
  versions: "0-1",
  flexible: "0+",
}, {
  version: int16(),
  leaderId: int32(),
  voters: array(voter),
  grantingVoters: array(voter),
});

/** See {@linkcode leaderChangeMessage}. */
export type LeaderChangeMessage = MessageOf<typeof leaderChangeMessage>;
