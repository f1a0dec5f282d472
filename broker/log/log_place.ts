import type { Disk } from "../base/mod.ts";
import type { FilePool } from "./file_pool.ts";
import type { LogLogger } from "./log_environment.ts";

/** Where a log lies; shared by all its files, since a log that is deleted is renamed first. */
export interface LogPlace {
  readonly disk: Disk;
  readonly files: FilePool;
  readonly logger: LogLogger;
  /** The partition's own directory. */
  directory: string;
}
