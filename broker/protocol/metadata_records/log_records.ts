import { type MessageOf, record, string } from "../schema.ts";

/** Nothing: the controller writes it so that the log goes on (KIP-835). */
export const noOpRecord = record(
  { name: "NoOpRecord", type: 20, versions: "0", flexible: "0+" },
  {},
);

/** See {@linkcode noOpRecord}. */
export type NoOpRecord = MessageOf<typeof noOpRecord>;

/** Begins records that count together or not at all (KIP-868). */
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

/** Records since BeginTransactionRecord count (KIP-868). */
export const endTransactionRecord = record({
  name: "EndTransactionRecord",
  type: 24,
  versions: "0",
  flexible: "0+",
}, {});

/** See {@linkcode endTransactionRecord}. */
export type EndTransactionRecord = MessageOf<typeof endTransactionRecord>;

/** Records since BeginTransactionRecord do not count (KIP-868). */
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
