import { type Disk, replaceFile } from "../base/mod.ts";
import { SmallFile } from "./small_file.ts";

/** Name of the file in a data directory. */
export const CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

/** What a stop left behind. */
export interface ShutdownMark {
  readonly clean: boolean;
  /** The broker epoch of the run that stopped cleanly (KIP-966); -1 when unknown. */
  readonly brokerEpoch: number;
}

/** Reads the mark of a data directory, which stays where it is. */
export function readShutdownMark(disk: Disk, directory: string): ShutdownMark {
  const text = new SmallFile(disk, `${directory}/${CLEAN_SHUTDOWN_FILE}`).readText();
  if (text === null) return { clean: false, brokerEpoch: -1 };
  // Brokers before Kafka 3.7 left the file empty.
  const epoch = /"brokerEpoch"\s*:\s*(-?\d+)/.exec(text);
  return { clean: true, brokerEpoch: epoch === null ? -1 : Number(epoch[1]) };
}

/** Takes the mark away: from now on a crash is one. */
export function removeShutdownMark(disk: Disk, directory: string): void {
  disk.remove(`${directory}/${CLEAN_SHUTDOWN_FILE}`);
}

/** Resolves when the mark would survive a power cut. */
export function writeShutdownMark(
  disk: Disk,
  directory: string,
  brokerEpoch: number,
): Promise<void> {
  const text = JSON.stringify({ version: 0, brokerEpoch });
  return replaceFile(disk, `${directory}/${CLEAN_SHUTDOWN_FILE}`, new TextEncoder().encode(text));
}
