import { type MessageOf, record, string, uuid } from "../schema.ts";

/** TopicRecord */
export const topicRecord = record({ name: "TopicRecord", type: 2, versions: "0", flexible: "0+" }, {
  name: string(),
  topicId: uuid(),
});

/** See {@linkcode topicRecord}. */
export type TopicRecord = MessageOf<typeof topicRecord>;
