import {
  api,
  array,
  int16,
  int32,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/** Deletes topics, from version 6 by id too (KIP-516). */
export const deleteTopics = api({
  key: 20,
  name: "DeleteTopics",
  versions: "1-6",
  flexible: "4+",
  listeners: ["broker", "controller"],
}, {
  request: {
    // By name or by id, the other left out.
    topics: array({
      name: string({ nullable: "6+", default: null }),
      topicId: uuid(),
    }, { versions: "6+" }),
    topicNames: array(string(), { versions: "0-5" }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32(),
    responses: array({
      name: string({ nullable: "6+" }),
      topicId: uuid({ versions: "6+" }),
      errorCode: int16(),
      errorMessage: string({ versions: "5+", nullable: "5+", default: null }),
    }),
  },
});

/** What a client sends. */
export type DeleteTopicsRequest = RequestOf<typeof deleteTopics>;
/** What it is answered. */
export type DeleteTopicsResponse = ResponseOf<typeof deleteTopics>;
