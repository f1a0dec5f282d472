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

/** ListTransactions */
export const listTransactions = api({
  key: 66,
  name: "ListTransactions",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    stateFilters: array(string()),
    producerIdFilters: array(int64()),
    durationFilter: int64({ versions: "1+", default: -1 }),
    transactionalIdPattern: string({ versions: "2+", nullable: "2+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
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
