import type { Disk } from "../base/mod.ts";
import { FileFormatError, SmallFile } from "./small_file.ts";

/** Up to which offset each log was synced. */
export const RECOVERY_POINT_FILE = "recovery-point-offset-checkpoint";
/** High watermarks. */
export const HIGH_WATERMARK_FILE = "replication-offset-checkpoint";
/** Log start offsets that lie inside a segment or past it (KIP-107). */
export const LOG_START_OFFSET_FILE = "log-start-offset-checkpoint";

const VERSION = "0";

/** An offset for each of some partitions. */
export class PartitionOffsets {
  readonly #topics = new Map<string, Map<number, number>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get(topic: string, partition: number): number | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  set(topic: string, partition: number, offset: number): void {
    let partitions = this.#topics.get(topic);
    if (partitions === undefined) this.#topics.set(topic, partitions = new Map());
    if (!partitions.has(partition)) this.#count++;
    partitions.set(partition, offset);
  }

  *[Symbol.iterator](): Generator<readonly [topic: string, partition: number, offset: number]> {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, offset] of partitions) yield [topic, partition, offset];
    }
  }
}

/** The text of a checkpoint file: version, count, then `topic partition offset` a line. */
export function formatOffsets(offsets: PartitionOffsets): string {
  const lines = [VERSION, String(offsets.count)];
  for (const [topic, partition, offset] of offsets) lines.push(`${topic} ${partition} ${offset}`);
  return lines.join("\n") + "\n";
}

/**
 * Reads a checkpoint's text; an empty file holds no offsets. `path` is named in the
 * {@linkcode FileFormatError} that anything unexpected throws.
 */
export function parseOffsets(text: string, path: string): PartitionOffsets {
  const offsets = new PartitionOffsets();
  parseCheckpoint(text, path, (line) => {
    const [topic, partition, offset, ...rest] = line.split(/\s+/);
    if (rest.length > 0 || topic === "" || !isWhole(partition) || !isWhole(offset)) return false;
    offsets.set(topic!, Number(partition), Number(offset));
    return true;
  });
  return offsets;
}

/**
 * Reads what all checkpoint files share: version 0, the number of lines, the lines. `take` returns
 * false for a line that it can't read.
 */
export function parseCheckpoint(
  text: string,
  path: string,
  take: (line: string) => boolean,
): void {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return;
  if (lines[0] !== VERSION) {
    throw new FileFormatError(`Cannot read ${path}: version ${lines[0]}, known is ${VERSION}`);
  }
  if (lines.length === 1) return;
  const count = lines[1]!;
  if (!isWhole(count) || Number(count) !== lines.length - 2) {
    throw new FileFormatError(
      `Cannot read ${path}: it promises ${count} entries and holds ${lines.length - 2}`,
    );
  }
  for (let index = 2; index < lines.length; index++) {
    if (!take(lines[index]!)) {
      throw new FileFormatError(
        `Cannot read ${path}: line ${index + 1} is ${JSON.stringify(lines[index])}`,
      );
    }
  }
}

/** True for text that is a whole number of int64's positive range. */
export function isWhole(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,19}$/.test(text);
}

/** One of the checkpoint files of a data directory. */
export class OffsetCheckpoint {
  readonly #file: SmallFile;

  constructor(disk: Disk, path: string) {
    this.#file = new SmallFile(disk, path);
  }

  /** No offsets when the file is missing; throws a {@linkcode FileFormatError} when it is damaged. */
  read(): PartitionOffsets {
    return parseOffsets(this.#file.readText() ?? "", this.#file.path);
  }

  /** Resolves when the offsets would survive a power cut. */
  write(offsets: PartitionOffsets): Promise<void> {
    return this.#file.write(new TextEncoder().encode(formatOffsets(offsets)));
  }

  /** Writes at once; see {@linkcode SmallFile.writeNow}. */
  writeNow(offsets: PartitionOffsets): void {
    this.#file.writeNow(new TextEncoder().encode(formatOffsets(offsets)));
  }
}
