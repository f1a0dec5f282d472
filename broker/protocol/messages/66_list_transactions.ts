import {
  api,
  array,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Lists transactions that a broker coordinates (KIP-664, KIP-994, KIP-1152). */
export const listTransactions = api({
  key: 66,
  name: "ListTransactions",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    // Empty means all.
    stateFilters: array(string()),
    // Empty means all.
    producerIdFilters: array(int64()),
    // KIP-994: at least so many milliseconds old; negative means all.
    durationFilter: int64({ versions: "1+", default: -1 }),
    // KIP-1152; null or empty means all.
    transactionalIdPattern: string({ versions: "2+", nullable: "2+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    // Filters that name no state.
    unknownStateFilters: array(string()),
    transactionStates: array({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
});

/** What a client sends. */
export type ListTransactionsRequest = RequestOf<typeof listTransactions>;
/** What it is answered. */
export type ListTransactionsResponse = ResponseOf<typeof listTransactions>;
