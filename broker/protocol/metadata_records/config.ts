import { int8, type MessageOf, record, string } from "../schema.ts";

/** ConfigRecord */
export const configRecord = record(
  { name: "ConfigRecord", type: 4, versions: "0", flexible: "0+" },
  {
    resourceType: int8(),
    resourceName: string(),
    name: string(),
    value: string({ nullable: "0+" }),
  },
);

/** See {@linkcode configRecord}. */
export type ConfigRecord = MessageOf<typeof configRecord>;
