import { FileFormatError } from "./small_file.ts";
import { EpochCache } from "./epoch_cache.ts";
import type { LogEnvironment } from "./log_environment.ts";
import { PartitionLog } from "./partition_log.ts";
import { PartitionMetadata } from "./partition_metadata.ts";
import { loadLog, type LoadOptions, runToEnd } from "./recovery.ts";

/** A topic id that stands for none. */
export const NO_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA";

/** Which partition's log lies where. */
export interface LogIdentity {
  readonly topic: string;
  readonly partition: number;
  readonly directory: string;
}

/**
 * Opens the log in a directory, recovering what a crash left. A generator, as `loadLog` is. Throws a
 * `FileFormatError` when `partition.metadata` is damaged, and a `DiskError`.
 */
export function openLog(
  environment: LogEnvironment,
  identity: LogIdentity,
  options: LoadOptions & { readonly highWatermark: number },
): Generator<void, PartitionLog> {
  const metadata = new PartitionMetadata(environment.disk, identity.directory);
  return open(environment, identity, metadata, options);
}

function* open(
  environment: LogEnvironment,
  { topic, partition, directory }: LogIdentity,
  metadata: PartitionMetadata,
  options: LoadOptions & { readonly highWatermark: number },
): Generator<void, PartitionLog> {
  const { disk, files, logger } = environment;
  const place = { disk, files, logger, directory };
  const topicId = metadata.read() ?? NO_TOPIC_ID;
  const { settings, stoppedCleanly, highWatermark } = options;
  const loaded = yield* loadLog(environment, place, options);
  return new PartitionLog({
    topic,
    partition,
    topicId,
    settings,
    environment,
    place,
    metadata,
    loaded,
    stoppedCleanly,
    highWatermark,
  });
}

/**
 * Makes the directory and the files of a new log, the topic id among them, and opens it. A directory
 * that is there already is taken over if it names the same topic id or none; else this throws a
 * `FileFormatError`.
 */
export function createLog(
  environment: LogEnvironment,
  identity: LogIdentity,
  topicId: string,
  settings: LoadOptions["settings"],
): PartitionLog {
  const { disk } = environment;
  const { directory } = identity;
  const existed = disk.stat(directory) !== null;
  disk.makeDirectory(directory);
  const metadata = new PartitionMetadata(disk, directory);
  const found = existed ? metadata.read() : null;
  if (found !== null && found !== topicId) {
    throw new FileFormatError(
      `Cannot use ${directory}: it is of topic id ${found}, not ${topicId}`,
    );
  }
  if (!existed) new EpochCache(disk, directory).create();
  if (found === null && topicId !== NO_TOPIC_ID) metadata.write(topicId);
  return runToEnd(open(environment, identity, metadata, {
    settings,
    stoppedCleanly: false,
    recoveryPoint: 0,
    logStartOffset: 0,
    highWatermark: 0,
  }));
}
