import { int8, type MessageOf, record, string } from "../schema.ts";

/** RemoveUserScramCredentialRecord */
export const removeUserScramCredentialRecord = record({
  name: "RemoveUserScramCredentialRecord",
  type: 22,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  mechanism: int8(),
});

/** See {@linkcode removeUserScramCredentialRecord}. */
export type RemoveUserScramCredentialRecord = MessageOf<typeof removeUserScramCredentialRecord>;
