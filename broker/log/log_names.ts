/** The kinds of files that a segment consists of, by their ending. */
export const SEGMENT_ENDINGS = [".log", ".index", ".timeindex", ".txnindex"] as const;

/** A name that marks a file for removal; it is removed after a delay, or when the log loads again. */
export const DELETED_ENDING = ".deleted";
/** A segment that a cleaner was still writing. */
export const CLEANED_ENDING = ".cleaned";
/** A segment that a cleaner had finished and was about to put in place. */
export const SWAP_ENDING = ".swap";
/** A snapshot of the producers of a partition. */
export const SNAPSHOT_ENDING = ".snapshot";

/** The topic of the cluster's metadata, whose log is not loaded with the others. */
export const METADATA_TOPIC = "__cluster_metadata";

const OFFSET_DIGITS = 20;
const MARKED_DIRECTORY = /^(.+)\.(\S+)-(delete|future|stray)$/;
const PARTITION_DIRECTORY = /^(.+)-(\d+)$/;
const NAME_LENGTH_MAX = 255;

/** A file name that begins with an offset, taken apart. */
export interface OffsetName {
  readonly offset: number;
  /** All from the first dot on, such as `.log` or `.timeindex.deleted`. */
  readonly ending: string;
}

/** What a directory in a data directory is, by its name. */
export interface LogDirectoryName {
  readonly topic: string;
  readonly partition: number;
  readonly kind: "current" | "future" | "delete" | "stray";
}

/** `00000000000000000042.log`: the offset in twenty digits and an ending. */
export function offsetName(offset: number, ending: string): string {
  return String(offset).padStart(OFFSET_DIGITS, "0") + ending;
}

/** Null when the name does not begin with an offset that fits a number, and a dot. */
export function parseOffsetName(name: string): OffsetName | null {
  const dot = name.indexOf(".");
  if (dot < 1 || dot > OFFSET_DIGITS || dot === name.length - 1) return null;
  let offset = 0;
  for (let at = 0; at < dot; at++) {
    const digit = name.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return null;
    offset = offset * 10 + digit;
  }
  return Number.isSafeInteger(offset) ? { offset, ending: name.slice(dot) } : null;
}

/** `topic-3`. */
export function logDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/**
 * `topic-3.<32 hex digits>-delete` (or `-stray`): the name of a directory that is no longer a
 * partition's. The topic is cut where the name would pass 255 letters, as Kafka does.
 */
export function markedDirectoryName(
  topic: string,
  partition: number,
  mark: "delete" | "stray",
  unique: Uint8Array,
): string {
  const hex = Array.from(unique, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const ending = `-${partition}.${hex}-${mark}`;
  return topic.slice(0, NAME_LENGTH_MAX - ending.length) + ending;
}

/** Null when the name is not one that Kafka gives to a directory of a partition. */
export function parseLogDirectoryName(name: string): LogDirectoryName | null {
  const marked = MARKED_DIRECTORY.exec(name);
  const match = PARTITION_DIRECTORY.exec(marked === null ? name : marked[1]!);
  if (match === null) return null;
  const partition = Number(match[2]);
  if (partition > 0x7fffffff) return null;
  const kind = marked === null ? "current" : marked[3] as "delete" | "future" | "stray";
  return { topic: match[1]!, partition, kind };
}
