import {
  api,
  array,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * Finds the broker that coordinates a group, a transactional id or a share partition; from version
 * 4 several at once (KIP-699).
 */
export const findCoordinator = api({
  key: 10,
  name: "FindCoordinator",
  versions: "0-6",
  flexible: "3+",
  listeners: ["broker"],
}, {
  request: {
    key: string({ versions: "0-3" }),
    // 0: group, 1: transactional id, 2: share partition, its key
    // `group:topicId:partition`.
    keyType: int8({ versions: "1+" }),
    // KIP-699.
    coordinatorKeys: array(string(), { versions: "4+" }),
  },
  response: {
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16({ versions: "0-3" }),
    errorMessage: string({ versions: "1-3", nullable: "1-3" }),
    nodeId: int32({ versions: "0-3" }),
    host: string({ versions: "0-3" }),
    port: int32({ versions: "0-3" }),
    coordinators: array({
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: string({ nullable: "4+" }),
    }, { versions: "4+" }),
  },
});

/** What a client sends. */
export type FindCoordinatorRequest = RequestOf<typeof findCoordinator>;
/** What it is answered. */
export type FindCoordinatorResponse = ResponseOf<typeof findCoordinator>;
