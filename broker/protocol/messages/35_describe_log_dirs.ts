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

/** DescribeLogDirs */
export const describeLogDirs = api({
  key: 35,
  name: "DescribeLogDirs",
  versions: "1-5",
  flexible: "2+",
  listeners: ["broker"],
}, {
  request: {
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
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ versions: "4+", default: -1 }),
      usableBytes: int64({ versions: "4+", default: -1 }),
      isCordoned: bool({ versions: "5+" }),
    }),
  },
});

/** What a client sends. */
export type DescribeLogDirsRequest = RequestOf<typeof describeLogDirs>;
/** What it is answered. */
export type DescribeLogDirsResponse = ResponseOf<typeof describeLogDirs>;
