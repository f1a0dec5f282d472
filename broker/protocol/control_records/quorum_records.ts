import {
  array,
  int16,
  int32,
  int64,
  type MessageOf,
  record,
  string,
  struct,
  uint16,
  uuid,
} from "../schema.ts";

const voter = {
  voterId: int32(),
  voterDirectoryId: uuid({ versions: "1+" }),
};

/** The first record of a leader in the metadata log (KIP-595). */
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

/** The first record of a metadata snapshot (KIP-630). */
export const snapshotHeaderRecord = record({
  name: "SnapshotHeaderRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
  lastContainedLogTimestamp: int64(),
});

/** See {@linkcode snapshotHeaderRecord}. */
export type SnapshotHeaderRecord = MessageOf<typeof snapshotHeaderRecord>;

/** The last record of a metadata snapshot (KIP-630). */
export const snapshotFooterRecord = record({
  name: "SnapshotFooterRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
});

/** See {@linkcode snapshotFooterRecord}. */
export type SnapshotFooterRecord = MessageOf<typeof snapshotFooterRecord>;

/** The version of KRaft from here on (KIP-853). */
export const kraftVersionRecord = record({
  name: "KRaftVersionRecord",
  versions: "0",
  flexible: "0+",
}, {
  version: int16(),
  kRaftVersion: int16(),
});

/** See {@linkcode kraftVersionRecord}. */
export type KraftVersionRecord = MessageOf<typeof kraftVersionRecord>;

/** The voters of the metadata quorum from here on (KIP-853). */
export const votersRecord = record({ name: "VotersRecord", versions: "0", flexible: "0+" }, {
  version: int16(),
  voters: array({
    voterId: int32(),
    voterDirectoryId: uuid(),
    endpoints: array({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    kRaftVersionFeature: struct({
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
  }),
});

/** See {@linkcode votersRecord}. */
export type VotersRecord = MessageOf<typeof votersRecord>;
