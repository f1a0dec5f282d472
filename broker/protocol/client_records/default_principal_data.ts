import { bool, type MessageOf, record, string } from "../schema.ts";

/** DefaultPrincipalData */
export const defaultPrincipalData = record({
  name: "DefaultPrincipalData",
  versions: "0",
  flexible: "0+",
}, {
  type: string(),
  name: string(),
  tokenAuthenticated: bool(),
});

/** See {@linkcode defaultPrincipalData}. */
export type DefaultPrincipalData = MessageOf<typeof defaultPrincipalData>;
