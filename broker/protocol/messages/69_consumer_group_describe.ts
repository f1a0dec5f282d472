import {
  api,
  array,
  bool,
  int16,
  int32,
  INT32_MIN,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  struct,
  uuid,
} from "../schema.ts";

const topicPartitions = {
  topicId: uuid(),
  topicName: string(),
  partitions: array(int32()),
};

const assignment = {
  topicPartitions: array(topicPartitions),
};

/** Describes consumer groups (KIP-848); version 1 tells which members are classic (KIP-1099). */
export const consumerGroupDescribe = api({
  key: 69,
  name: "ConsumerGroupDescribe",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    groupIds: array(string()),
    includeAuthorizedOperations: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array({
        memberId: string(),
        instanceId: string({ nullable: "0+", default: null }),
        rackId: string({ nullable: "0+", default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        subscribedTopicRegex: string({ nullable: "0+", default: null }),
        assignment: struct(assignment),
        targetAssignment: struct(assignment),
        // KIP-1099: -1: unknown, 0: classic, 1: consumer.
        memberType: int8({ versions: "1+", default: -1 }),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      authorizedOperations: int32({ default: INT32_MIN }),
    }),
  },
});

/** What a client sends. */
export type ConsumerGroupDescribeRequest = RequestOf<typeof consumerGroupDescribe>;
/** What it is answered. */
export type ConsumerGroupDescribeResponse = ResponseOf<typeof consumerGroupDescribe>;
