import {
  api,
  array,
  bool,
  int16,
  int32,
  INT32_MIN,
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

/** Describes share groups (KIP-932). */
export const shareGroupDescribe = api({
  key: 77,
  name: "ShareGroupDescribe",
  versions: "1",
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
        rackId: string({ nullable: "0+", default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array(string()),
        assignment: struct(assignment),
      }),
      // KIP-430: a bit per operation, INT32_MIN when not asked for.
      authorizedOperations: int32({ default: INT32_MIN }),
    }),
  },
});

/** What a client sends. */
export type ShareGroupDescribeRequest = RequestOf<typeof shareGroupDescribe>;
/** What it is answered. */
export type ShareGroupDescribeResponse = ResponseOf<typeof shareGroupDescribe>;
