import { type MessageOf, record, uuid } from "../schema.ts";

/** RemoveTopicRecord */
export const removeTopicRecord = record({
  name: "RemoveTopicRecord",
  type: 9,
  versions: "0",
  flexible: "0+",
}, {
  topicId: uuid(),
});

/** See {@linkcode removeTopicRecord}. */
export type RemoveTopicRecord = MessageOf<typeof removeTopicRecord>;
