import { array, int64, type MessageOf, record, string } from "../schema.ts";

/** ConsumerGroupRegularExpressionKey */
export const consumerGroupRegularExpressionKey = record({
  name: "ConsumerGroupRegularExpressionKey",
  type: 16,
  versions: "0",
  flexible: "none",
}, {
  groupId: string(),
  regularExpression: string(),
});

/** See {@linkcode consumerGroupRegularExpressionKey}. */
export type ConsumerGroupRegularExpressionKey = MessageOf<typeof consumerGroupRegularExpressionKey>;

/** ConsumerGroupRegularExpressionValue */
export const consumerGroupRegularExpressionValue = record({
  name: "ConsumerGroupRegularExpressionValue",
  type: 16,
  versions: "0",
  flexible: "0+",
}, {
  topics: array(string()),
  version: int64(),
  timestamp: int64(),
});

/** See {@linkcode consumerGroupRegularExpressionValue}. */
export type ConsumerGroupRegularExpressionValue = MessageOf<
  typeof consumerGroupRegularExpressionValue
>;
