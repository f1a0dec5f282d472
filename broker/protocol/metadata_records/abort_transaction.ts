import { type MessageOf, record, string } from "../schema.ts";

/** AbortTransactionRecord */
export const abortTransactionRecord = record({
  name: "AbortTransactionRecord",
  type: 25,
  versions: "0",
  flexible: "0+",
}, {
  reason: string({ tag: 0, nullable: "0+", default: null }),
});

/** See {@linkcode abortTransactionRecord}. */
export type AbortTransactionRecord = MessageOf<typeof abortTransactionRecord>;
