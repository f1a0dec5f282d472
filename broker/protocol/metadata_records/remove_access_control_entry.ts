import { type MessageOf, record, uuid } from "../schema.ts";

/** RemoveAccessControlEntryRecord */
export const removeAccessControlEntryRecord = record({
  name: "RemoveAccessControlEntryRecord",
  type: 19,
  versions: "0",
  flexible: "0+",
}, {
  id: uuid(),
});

/** See {@linkcode removeAccessControlEntryRecord}. */
export type RemoveAccessControlEntryRecord = MessageOf<typeof removeAccessControlEntryRecord>;
