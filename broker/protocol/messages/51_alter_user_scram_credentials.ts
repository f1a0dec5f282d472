import {
  api,
  array,
  bytes,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Sets and removes SCRAM credentials (KIP-554). */
export const alterUserScramCredentials = api({
  key: 51,
  name: "AlterUserScramCredentials",
  versions: "0",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    deletions: array({
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array({
      name: string(),
      // 1: SCRAM-SHA-256, 2: SCRAM-SHA-512.
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      // Salted and hashed by the client: the broker never sees the password.
      saltedPassword: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
    }),
  },
});

/** What a client sends. */
export type AlterUserScramCredentialsRequest = RequestOf<typeof alterUserScramCredentials>;
/** What it is answered. */
export type AlterUserScramCredentialsResponse = ResponseOf<typeof alterUserScramCredentials>;
