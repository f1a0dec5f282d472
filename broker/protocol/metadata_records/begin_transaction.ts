import { type MessageOf, record, string } from "../schema.ts";

/** BeginTransactionRecord */
export const beginTransactionRecord = record({
  name: "BeginTransactionRecord",
  type: 23,
  versions: "0",
  flexible: "0+",
}, {
  name: string({ tag: 0, nullable: "0+", default: null }),
});

/** See {@linkcode beginTransactionRecord}. */
export type BeginTransactionRecord = MessageOf<typeof beginTransactionRecord>;
