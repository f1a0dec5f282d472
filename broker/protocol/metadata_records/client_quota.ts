import { array, bool, float64, type MessageOf, record, string } from "../schema.ts";

/** ClientQuotaRecord */
export const clientQuotaRecord = record({
  name: "ClientQuotaRecord",
  type: 14,
  versions: "0",
  flexible: "0+",
}, {
  entity: array({
    entityType: string(),
    entityName: string({ nullable: "0+" }),
  }),
  key: string(),
  value: float64(),
  remove: bool(),
});

/** See {@linkcode clientQuotaRecord}. */
export type ClientQuotaRecord = MessageOf<typeof clientQuotaRecord>;
