import { type MessageOf, record } from "../schema.ts";

/** EndTransactionRecord */
export const endTransactionRecord = record({
  name: "EndTransactionRecord",
  type: 24,
  versions: "0",
  flexible: "0+",
}, {});

/** See {@linkcode endTransactionRecord}. */
export type EndTransactionRecord = MessageOf<typeof endTransactionRecord>;
