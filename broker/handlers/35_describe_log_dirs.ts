import {
  describeLogDirs,
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  errorCodes,
} from "../protocol/mod.ts";
import { handler } from "./handler.ts";
import type { LogDirectory } from "./replicas_room.ts";

type DirectoryResponse = DescribeLogDirsResponse["results"][number];
type TopicResponse = DirectoryResponse["topics"][number];

/**
 * DescribeLogDirs, versions 1 to 5: log directories, their file systems, and the replicas in them;
 * null topics stand for all.
 *
 * Gaps: replicas are never moved between directories, so none is a future one.
 */
export const describeLogDirsHandler = handler({
  api: describeLogDirs,
  versions: [1, 5],
  listeners: ["broker"],
  handle({ topics }, { node }) {
    const wanted = topics === null ? null : wantedOf(topics);
    const directories = node.logDirectories();
    const results = directories.map((directory) => describe(directory, wanted));
    return { throttleTimeMs: 0, errorCode: errorCodes.NONE, results };
  },
  failed: (_request, errorCode) => ({ throttleTimeMs: 0, errorCode, results: [] }),
});

type Wanted = ReadonlyMap<string, ReadonlySet<number>>;

function wantedOf(topics: NonNullable<DescribeLogDirsRequest["topics"]>): Wanted {
  const wanted = new Map<string, Set<number>>();
  for (const { topic, partitions } of topics) {
    const known = wanted.get(topic) ?? new Set();
    for (const partition of partitions) known.add(partition);
    wanted.set(topic, known);
  }
  return wanted;
}

function describe(directory: LogDirectory, wanted: Wanted | null): DirectoryResponse {
  const { errorCode, path, totalBytes, usableBytes, isCordoned } = directory;
  const topics = new Map<string, TopicResponse>();
  for (const replica of directory.replicas) {
    const { topic, partition, sizeBytes, offsetLag, isFuture } = replica;
    if (wanted !== null && !wanted.get(topic)?.has(partition)) continue;
    let described = topics.get(topic);
    if (described === undefined) topics.set(topic, described = { name: topic, partitions: [] });
    described.partitions.push({
      partitionIndex: partition,
      partitionSize: sizeBytes,
      offsetLag,
      isFutureKey: isFuture,
    });
  }
  return {
    errorCode,
    logDir: path,
    topics: [...topics.values()],
    totalBytes,
    usableBytes,
    isCordoned,
  };
}
