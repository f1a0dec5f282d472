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

/** AlterUserScramCredentials */
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
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
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
