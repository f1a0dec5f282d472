import { int8, type MessageOf, record } from "../schema.ts";

/** ZkMigrationStateRecord */
export const zkMigrationStateRecord = record({
  name: "ZkMigrationStateRecord",
  type: 21,
  versions: "0",
  flexible: "0+",
}, {
  zkMigrationState: int8(),
});

/** See {@linkcode zkMigrationStateRecord}. */
export type ZkMigrationStateRecord = MessageOf<typeof zkMigrationStateRecord>;
