import { type AdminConnection, ApiError, type TopicPartition } from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import { commitOffsets } from "../groups/committed_offsets.ts";
import type { ReadSettings } from "./consume_settings.ts";
import type { PartitionFetcher } from "./partition_fetcher.ts";
import { keyOf, partitionsIn, type Reading, startPositions } from "./reading.ts";
import type { ChosenTopics } from "./topic_choice.ts";

/**
 * Reads all partitions of its topics, or one of them, without joining a group; so it starts at once
 * and leaves nothing behind. A group that is named with a partition only keeps its offsets.
 */
export class OwnReading implements Reading {
  readonly #admin: AdminConnection;
  readonly #fetcher: PartitionFetcher;
  readonly #settings: ReadSettings;
  #isStarted = false;

  constructor(admin: AdminConnection, fetcher: PartitionFetcher, settings: ReadSettings) {
    this.#admin = admin;
    this.#fetcher = fetcher;
    this.#settings = settings;
  }

  /** Partitions that come later are read from their start: nothing in them has been missed yet. */
  async useTopics(topics: ChosenTopics): Promise<void> {
    const positions = this.#fetcher.positions();
    const known = new Set(positions.map(keyOf));
    const added = this.#wanted(topics).filter((key) => !known.has(keyOf(key)));
    const startAt = this.#isStarted ? "earliest" : this.#settings.startAt;
    this.#fetcher.assign([...positions, ...await startPositions(this.#admin, added, startAt)]);
    this.#isStarted = true;
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  async commit(): Promise<void> {
    const { group, isAutoCommit } = this.#settings;
    const positions = this.#fetcher.positions();
    if (group === null || !isAutoCommit || positions.length === 0) return;
    const outcome = await commitOffsets(this.#admin, group, positions);
    if (!outcome.ok) throw new ApiError(`Cannot commit offsets of group ${group}`, outcome);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  #wanted(topics: ChosenTopics): TopicPartition[] {
    const { topic, partition } = this.#settings;
    if (partition === null) return partitionsIn(topics);
    const count = topics.get(topic ?? "") ?? 0;
    if (partition < count) return [{ topic: topic!, partition }];
    throw new CommandError(
      `Cannot read --partition ${partition}: ${topic} has partitions 0 to ${count - 1}`,
    );
  }
}
