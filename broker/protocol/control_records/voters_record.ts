import {
  array,
  int16,
  int32,
  type MessageOf,
  record,
  string,
  struct,
  uint16,
  uuid,
} from "../schema.ts";

/** VotersRecord */
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
