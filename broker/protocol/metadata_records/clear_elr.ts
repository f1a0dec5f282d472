import { type MessageOf, record, string } from "../schema.ts";

/** ClearElrRecord */
export const clearElrRecord = record({
  name: "ClearElrRecord",
  type: 28,
  versions: "0",
  flexible: "0+",
}, {
  topicName: string(),
});

/** See {@linkcode clearElrRecord}. */
export type ClearElrRecord = MessageOf<typeof clearElrRecord>;
