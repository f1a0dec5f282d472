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
} from "../schema.ts";

/** DescribeCluster */
export const describeCluster = api({
  key: 60,
  name: "DescribeCluster",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    includeClusterAuthorizedOperations: bool(),
    endpointType: int8({ versions: "1+", default: 1 }),
    includeFencedBrokers: bool({ versions: "2+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
    endpointType: int8({ versions: "1+", default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: "0+", default: null }),
      isFenced: bool({ versions: "2+" }),
    }),
    clusterAuthorizedOperations: int32({ default: INT32_MIN }),
  },
});

/** What a client sends. */
export type DescribeClusterRequest = RequestOf<typeof describeCluster>;
/** What it is answered. */
export type DescribeClusterResponse = ResponseOf<typeof describeCluster>;
