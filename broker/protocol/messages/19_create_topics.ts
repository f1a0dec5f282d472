import {
  api,
  array,
  bool,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/**
 * Creates topics; version 4 lets the broker choose counts (KIP-464), 5 returns the configs
 * (KIP-525).
 */
export const createTopics = api({
  key: 19,
  name: "CreateTopics",
  versions: "2-7",
  flexible: "5+",
  listeners: ["broker", "controller"],
}, {
  request: {
    topics: array({
      name: string(),
      // -1: by assignments, or the broker's default (KIP-464).
      numPartitions: int32(),
      // -1: by assignments, or the broker's default (KIP-464).
      replicationFactor: int16(),
      assignments: array({
        partitionIndex: int32(),
        brokerIds: array(int32()),
      }),
      configs: array({
        name: string(),
        value: string({ nullable: "0+" }),
      }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array({
      name: string(),
      topicId: uuid({ versions: "7+" }),
      errorCode: int16(),
      errorMessage: string({ nullable: "0+" }),
      // Why configs are not told (KIP-525).
      topicConfigErrorCode: int16({ versions: "5+", tag: 0 }),
      numPartitions: int32({ versions: "5+", default: -1 }),
      replicationFactor: int16({ versions: "5+", default: -1 }),
      configs: array({
        name: string(),
        value: string({ nullable: "5+" }),
        readOnly: bool(),
        // As in DescribeConfigs.
        configSource: int8({ default: -1 }),
        isSensitive: bool(),
      }, { versions: "5+", nullable: "5+" }),
    }),
  },
});

/** What a client sends. */
export type CreateTopicsRequest = RequestOf<typeof createTopics>;
/** What it is answered. */
export type CreateTopicsResponse = ResponseOf<typeof createTopics>;
