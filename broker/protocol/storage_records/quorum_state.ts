import { array, int32, int64, type MessageOf, record, string, uuid } from "../schema.ts";

/** What `quorum-state` holds as JSON: epoch, vote and leader of this node (KIP-595). */
export const quorumStateData = record(
  { name: "QuorumStateData", versions: "0-1", flexible: "0+" },
  {
    clusterId: string({ versions: "0" }),
    leaderId: int32({ default: -1 }),
    leaderEpoch: int32({ default: -1 }),
    votedId: int32({ default: -1 }),
    votedDirectoryId: uuid({ versions: "1+" }),
    appliedOffset: int64({ versions: "0" }),
    currentVoters: array({
      voterId: int32(),
    }, { versions: "0", nullable: "0" }),
  },
);

/** See {@linkcode quorumStateData}. */
export type QuorumStateData = MessageOf<typeof quorumStateData>;
