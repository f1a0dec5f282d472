import {
  api,
  array,
  bool,
  float64,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Lists quotas that match a filter (KIP-546). */
export const describeClientQuotas = api({
  key: 48,
  name: "DescribeClientQuotas",
  versions: "0-1",
  flexible: "1+",
  listeners: ["broker"],
}, {
  request: {
    components: array({
      entityType: string(),
      // 0: this name, 1: the default, 2: any name.
      matchType: int8(),
      match: string({ nullable: "0+" }),
    }),
    // Entities with further components do not match.
    strict: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
    entries: array({
      entity: array({
        entityType: string(),
        // Null: the default.
        entityName: string({ nullable: "0+" }),
      }),
      values: array({
        key: string(),
        value: float64(),
      }),
    }, { nullable: "0+" }),
  },
});

/** What a client sends. */
export type DescribeClientQuotasRequest = RequestOf<typeof describeClientQuotas>;
/** What it is answered. */
export type DescribeClientQuotasResponse = ResponseOf<typeof describeClientQuotas>;
