import {
  api,
  array,
  bool,
  float64,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Sets and removes quotas (KIP-546). */
export const alterClientQuotas = api({
  key: 49,
  name: "AlterClientQuotas",
  versions: "0-1",
  flexible: "1+",
  listeners: ["broker", "controller"],
}, {
  request: {
    entries: array({
      entity: array({
        entityType: string(),
        // Null: the default.
        entityName: string({ nullable: "0+" }),
      }),
      ops: array({
        key: string(),
        value: float64(),
        remove: bool(),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    entries: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      entity: array({
        entityType: string(),
        entityName: string({ nullable: "0+" }),
      }),
    }),
  },
});

/** What a client sends. */
export type AlterClientQuotasRequest = RequestOf<typeof alterClientQuotas>;
/** What it is answered. */
export type AlterClientQuotasResponse = ResponseOf<typeof alterClientQuotas>;
