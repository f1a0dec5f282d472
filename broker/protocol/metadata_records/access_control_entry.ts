import { int8, type MessageOf, record, string, uuid } from "../schema.ts";

/** AccessControlEntryRecord */
export const accessControlEntryRecord = record({
  name: "AccessControlEntryRecord",
  type: 18,
  versions: "0",
  flexible: "0+",
}, {
  id: uuid(),
  resourceType: int8(),
  resourceName: string(),
  patternType: int8(),
  principal: string(),
  host: string(),
  operation: int8(),
  permissionType: int8(),
});

/** See {@linkcode accessControlEntryRecord}. */
export type AccessControlEntryRecord = MessageOf<typeof accessControlEntryRecord>;
