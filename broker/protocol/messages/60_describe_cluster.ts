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

/** Tells the nodes of the cluster, from version 1 the controllers on request (KIP-700, KIP-919). */
export const describeCluster = api({
  key: 60,
  name: "DescribeCluster",
  versions: "0-2",
  flexible: "0+",
  listeners: ["broker", "controller"],
}, {
  request: {
    includeClusterAuthorizedOperations: bool(),
    // KIP-919: 1: brokers, 2: controllers.
    endpointType: int8({ versions: "1+", default: 1 }),
    // KIP-1073.
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
    // KIP-430: a bit per operation, INT32_MIN when not asked for.
    clusterAuthorizedOperations: int32({ default: INT32_MIN }),
  },
});

/** What a client sends. */
export type DescribeClusterRequest = RequestOf<typeof describeCluster>;
/** What it is answered. */
export type DescribeClusterResponse = ResponseOf<typeof describeCluster>;
