import { int16, type MessageOf, record } from "../schema.ts";

/** ControlRecordTypeSchema */
export const controlRecordTypeSchema = record({
  name: "ControlRecordTypeSchema",
  versions: "0",
  flexible: "none",
}, {
  type: int16(),
});

/** See {@linkcode controlRecordTypeSchema}. */
export type ControlRecordTypeSchema = MessageOf<typeof controlRecordTypeSchema>;
