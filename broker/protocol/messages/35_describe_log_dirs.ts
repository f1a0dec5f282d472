import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/** Tells the log directories of a broker and the replicas in them (KIP-113). */
export const describeLogDirs = api({
  key: 35,
  name: "DescribeLogDirs",
  versions: "1-5",
  flexible: "2+",
  listeners: ["broker"],
}, {
  request: {
    // Null means all.
    topics: array({
      topic: string(),
      partitions: array(int32()),
    }, { nullable: "0+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "3+" }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          // Behind the high watermark, or behind the current replica if isFutureKey.
          offsetLag: int64(),
          // The replica is on its way here from another directory.
          isFutureKey: bool(),
        }),
      }),
      // KIP-827; -1: unknown.
      totalBytes: int64({ versions: "4+", default: -1 }),
      usableBytes: int64({ versions: "4+", default: -1 }),
      // KIP-1066: gets no new replicas.
      isCordoned: bool({ versions: "5+" }),
    }),
  },
});

/** What a client sends. */
export type DescribeLogDirsRequest = RequestOf<typeof describeLogDirs>;
/** What it is answered. */
export type DescribeLogDirsResponse = ResponseOf<typeof describeLogDirs>;
