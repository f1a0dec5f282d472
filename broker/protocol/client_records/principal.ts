import { bool, type MessageOf, record, string } from "../schema.ts";

/** A principal in a forwarded request, behind an int16 version (KIP-590). */
export const defaultPrincipalData = record({
  name: "DefaultPrincipalData",
  versions: "0",
  flexible: "0+",
}, {
  type: string(),
  name: string(),
  // By a delegation token.
  tokenAuthenticated: bool(),
});

/** See {@linkcode defaultPrincipalData}. */
export type DefaultPrincipalData = MessageOf<typeof defaultPrincipalData>;
