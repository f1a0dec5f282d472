import type { Clock, Disk, Prng } from "../base/mod.ts";
import type { FilePool } from "./file_pool.ts";
import type { FileRemover } from "./file_remover.ts";

/** Where logs report what happens to them: a sentence each. */
export interface LogLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A logger that says nothing. */
export const silentLogger: LogLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** What changed since the start, counted; checkpoints are only written when their count moved. */
export interface LogChanges {
  highWatermarks: number;
  recoveryPoints: number;
  logStartOffsets: number;
}

/** What all logs of a node share. */
export interface LogEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly files: FilePool;
  readonly remover: FileRemover;
  readonly logger: LogLogger;
  readonly changes: LogChanges;
  /** `producer.id.expiration.ms`; may change while the node runs. */
  readonly producerIdExpirationMs: () => number;
  /** A log has something that should be synced soon, by calling `sync`. */
  readonly syncSoon: (sync: () => Promise<void>) => void;
  /** The log in `directory` takes no appends any more: what was written could not be made to last. */
  readonly onFailure: (directory: string, error: Error) => void;
}
