import type { Disk } from "../base/mod.ts";
import { FileFormatError, SmallFile } from "./small_file.ts";

/** Name of the file in a partition's directory. */
export const PARTITION_METADATA_FILE = "partition.metadata";

const VERSION = 0;
const TEXT = /^version: (\d+)\s+topic_id: ([A-Za-z0-9_-]{22})\s*$/;

/** The topic id that Kafka's tools and brokers expect a partition's directory to name (KIP-516). */
export class PartitionMetadata {
  readonly #file: SmallFile;
  #changed: Uint8Array | null = null;

  constructor(disk: Disk, directory: string) {
    this.#file = new SmallFile(disk, `${directory}/${PARTITION_METADATA_FILE}`);
  }

  /**
   * The topic id; null when the file is missing, or empty as a power cut leaves it right after it was
   * made. Throws a `FileFormatError` when it is damaged.
   */
  read(): string | null {
    const text = this.#file.readText();
    if (text === null || /^\0*$/.test(text)) return null;
    const match = TEXT.exec(text);
    if (match === null || Number(match[1]) !== VERSION) {
      throw new FileFormatError(
        `Cannot read ${this.#file.path}: it is ${JSON.stringify(text.slice(0, 100))}, ` +
          `expected version ${VERSION} and a topic id`,
      );
    }
    return match[2]!;
  }

  /** Writes the topic id, so that it is there before any record is; `save` makes it last. */
  write(topicId: string): void {
    const bytes = new TextEncoder().encode(`version: ${VERSION}\ntopic_id: ${topicId}`);
    this.#file.writeNow(bytes);
    this.#changed = bytes;
  }

  /** Whether what was written may not last yet. */
  get changed(): boolean {
    return this.#changed !== null;
  }

  /** The log's directory has another name from now on. */
  moveTo(directory: string): void {
    this.#file.moveTo(`${directory}/${PARTITION_METADATA_FILE}`);
  }

  /** Resolves when the topic id would survive a power cut. */
  async save(): Promise<void> {
    const bytes = this.#changed;
    if (bytes === null) return this.#file.settled();
    this.#changed = null;
    try {
      await this.#file.write(bytes);
    } catch (error) {
      this.#changed = bytes;
      throw error;
    }
  }
}
