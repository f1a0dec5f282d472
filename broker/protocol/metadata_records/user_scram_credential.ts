import { bytes, int32, int8, type MessageOf, record, string } from "../schema.ts";

/** UserScramCredentialRecord */
export const userScramCredentialRecord = record({
  name: "UserScramCredentialRecord",
  type: 11,
  versions: "0",
  flexible: "0+",
}, {
  name: string(),
  mechanism: int8(),
  salt: bytes(),
  storedKey: bytes(),
  serverKey: bytes(),
  iterations: int32(),
});

/** See {@linkcode userScramCredentialRecord}. */
export type UserScramCredentialRecord = MessageOf<typeof userScramCredentialRecord>;
