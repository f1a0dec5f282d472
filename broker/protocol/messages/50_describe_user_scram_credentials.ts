import {
  api,
  array,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Tells which SCRAM mechanisms users have, without secrets (KIP-554). */
export const describeUserScramCredentials = api({
  key: 50,
  name: "DescribeUserScramCredentials",
  versions: "0",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    // Null or empty means all.
    users: array({
      name: string(),
    }, { nullable: "0+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    results: array({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      credentialInfos: array({
        // 1: SCRAM-SHA-256, 2: SCRAM-SHA-512.
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
});

/** What a client sends. */
export type DescribeUserScramCredentialsRequest = RequestOf<typeof describeUserScramCredentials>;
/** What it is answered. */
export type DescribeUserScramCredentialsResponse = ResponseOf<typeof describeUserScramCredentials>;
