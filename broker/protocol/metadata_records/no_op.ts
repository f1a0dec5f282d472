import { type MessageOf, record } from "../schema.ts";

/** NoOpRecord */
export const noOpRecord = record(
  { name: "NoOpRecord", type: 20, versions: "0", flexible: "0+" },
  {},
);

/** See {@linkcode noOpRecord}. */
export type NoOpRecord = MessageOf<typeof noOpRecord>;
