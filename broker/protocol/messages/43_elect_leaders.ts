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

/** Has the controller elect leaders of partitions: the preferred one, or any (KIP-183, KIP-460). */
export const electLeaders = api({
  key: 43,
  name: "ElectLeaders",
  versions: "0-2",
  flexible: "2+",
  listeners: ["broker", "controller"],
}, {
  request: {
    // 0: the preferred leader, 1: any live replica where none is in sync (KIP-460).
    electionType: int8({ versions: "1+" }),
    // Null means all.
    topicPartitions: array({
      topic: string(),
      partitions: array(int32()),
    }, { nullable: "0+" }),
    timeoutMs: int32({ default: 60000 }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "1+" }),
    replicaElectionResults: array({
      topic: string(),
      partitionResult: array({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "0+" }),
      }),
    }),
  },
});

/** What a client sends. */
export type ElectLeadersRequest = RequestOf<typeof electLeaders>;
/** What it is answered. */
export type ElectLeadersResponse = ResponseOf<typeof electLeaders>;
