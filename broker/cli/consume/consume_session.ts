import { systemClock } from "../../base/mod.ts";
import { RecordsError } from "../../protocol/records/mod.ts";
import { type AdminConnection, pause, type ServerAddress } from "../admin/mod.ts";
import { CommandError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import { BatchReader, type FetchedRecords } from "./batch_reader.ts";
import type { ReadSettings } from "./consume_settings.ts";
import { ByteSink, type ConsumedRecord, type RecordFormat } from "./consumed_record.ts";
import { GroupReading } from "./group_reading.ts";
import { OwnReading } from "./own_reading.ts";
import { PartitionFetcher } from "./partition_fetcher.ts";
import type { Reading } from "./reading.ts";
import { type ChosenTopics, chosenTopics } from "./topic_choice.ts";

/** How records are read and printed. */
export interface SessionOptions {
  readonly settings: ReadSettings;
  readonly bootstrap: readonly ServerAddress[];
  readonly format: RecordFormat;
  /** A record that cannot be printed is told of and passed over. */
  readonly skipsFailures: boolean;
}

/** Printed text is written when so much of it has come together. */
const WRITE_BYTES = 1024 * 1024;
/** How soon a topic that is missing is looked for again. */
const TOPIC_PAUSE_MS = 1000;

/** One run of `kafkats consume`: reads and prints until it has enough, or Ctrl-C. */
export class ConsumeSession {
  readonly #io: CommandIo;
  readonly #admin: AdminConnection;
  readonly #options: SessionOptions;
  readonly #fetcher: PartitionFetcher;
  readonly #reading: Reading;
  readonly #reader = new BatchReader();
  readonly #sink = new ByteSink();
  /** Said once until records come again. */
  readonly #told = new Set<string>();
  #warnings: string[] = [];
  #isStopped = false;
  #count = 0;
  #lastRecordMs = systemClock.monotonicMs();
  #topics: ChosenTopics = new Map();
  #topicsCheckedMs = -Infinity;

  constructor(io: CommandIo, admin: AdminConnection, options: SessionOptions) {
    const { settings, bootstrap } = options;
    this.#io = io;
    this.#admin = admin;
    this.#options = options;
    const warn = (message: string) => this.#warn(message);
    this.#fetcher = new PartitionFetcher(admin, settings, warn);
    const { group } = settings;
    this.#reading = group === null || settings.partition !== null
      ? new OwnReading(admin, this.#fetcher, settings)
      : new GroupReading(admin, this.#fetcher, { ...settings, group }, bootstrap, warn);
  }

  /** Resolves to the exit code, when all is committed and closed. Rejects with CommandError. */
  async run(): Promise<number> {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    // A second Ctrl-C ends the process as usual.
    const forgetStop = this.#io.onStop(() => {
      forgetStop();
      this.#isStopped = true;
      stop();
    });
    let hasReader = true;
    try {
      await this.#readUntil(stopped);
      await this.#reading.commit();
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) {
        if (this.#count > 0) this.#warn(this.#total());
        throw error;
      }
      hasReader = false;
      this.#warn("Nobody reads the output any more: ending");
      await this.#reading.commit();
    } finally {
      forgetStop();
      await this.#close();
    }
    // How many records a reader that has gone took of what was written last, nobody knows.
    if (hasReader) await this.#io.stderr.write(`${this.#total()}\n`);
    return 0;
  }

  #total(): string {
    return `Processed a total of ${this.#count} messages`;
  }

  async #close(): Promise<void> {
    try {
      await this.#reading.stop();
    } finally {
      this.#admin.close();
      await this.#fetcher.close();
      await this.#flushWarnings();
    }
  }

  async #readUntil(stopped: Promise<void>): Promise<void> {
    const { countMax, commitIntervalMs } = this.#options.settings;
    let fetching: Promise<FetchedRecords[]> | null = null;
    let committedMs = systemClock.monotonicMs();
    while (this.#count < countMax && !this.#isStopped && !this.#isIdle()) {
      await Promise.race([this.#checkTopics(), stopped]);
      await this.#flushWarnings();
      if (this.#isStopped) return;
      await this.#reading.settle();
      fetching ??= this.#fetcher.next();
      const fetched = await this.#soon(fetching, stopped);
      if (fetched === null) continue;
      fetching = null;
      for (const each of fetched) await this.#print(each);
      if (systemClock.monotonicMs() - committedMs < commitIntervalMs) continue;
      committedMs = systemClock.monotonicMs();
      await this.#commitOnTheWay();
    }
  }

  /** What was fetched, or null when the time without records is over or Ctrl-C came first. */
  async #soon(
    fetching: Promise<FetchedRecords[]>,
    stopped: Promise<void>,
  ): Promise<FetchedRecords[] | null> {
    const { idleMsMax } = this.#options.settings;
    const { promise: idle, resolve } = Promise.withResolvers<null>();
    const leftMs = this.#lastRecordMs + idleMsMax - systemClock.monotonicMs();
    const timer = idleMsMax === Infinity ? null : systemClock.schedule(leftMs, () => resolve(null));
    try {
      return await Promise.race([fetching, idle, stopped.then(() => null)]);
    } finally {
      timer?.cancel();
    }
  }

  #isIdle(): boolean {
    const { idleMsMax } = this.#options.settings;
    return systemClock.monotonicMs() - this.#lastRecordMs >= idleMsMax;
  }

  /** Looks whether the topics are there, and from time to time whether they have changed. */
  async #checkTopics(): Promise<void> {
    const { metadataMaxAgeMs } = this.#options.settings;
    const ageMs = systemClock.monotonicMs() - this.#topicsCheckedMs;
    if (ageMs < (this.#topics.size === 0 ? TOPIC_PAUSE_MS : metadataMaxAgeMs)) {
      if (this.#topics.size === 0) await pause(systemClock, TOPIC_PAUSE_MS - ageMs);
      else return;
    }
    this.#topicsCheckedMs = systemClock.monotonicMs();
    const topics = await chosenTopics(this.#admin, this.#options.settings);
    if (topics.size === 0) {
      const { topic, include, createsTopics } = this.#options.settings;
      const asked = createsTopics
        ? "the broker is asked to create it (auto.create.topics.enable), "
        : "";
      this.#warn(
        topic === null
          ? `No topic matches --include ${include} yet: waiting`
          : `Topic ${topic} is not there: ${asked}waiting`,
      );
      return;
    }
    if (sameTopics(topics, this.#topics)) return;
    this.#topics = topics;
    await this.#reading.useTopics(topics);
  }

  async #print(fetched: FetchedRecords): Promise<void> {
    if (!this.#fetcher.isCurrent(fetched)) return;
    const { topic, partition } = fetched;
    const { countMax } = this.#options.settings;
    let { fetchOffset } = fetched;
    let isCut = true;
    while (isCut && !this.#isStopped && this.#count < countMax) {
      let count = this.#count, leaderEpoch = -1;
      isCut = false;
      fetchOffset = this.#read({ ...fetched, fetchOffset }, (record) => {
        leaderEpoch = record.leaderEpoch;
        this.#append(record);
        isCut = ++count >= countMax || this.#sink.sizeBytes >= WRITE_BYTES;
        return !isCut;
      });
      await this.#io.stdout.writeBytes(this.#sink.take());
      // What has been written counts as read, nothing else.
      this.#fetcher.advance({ topic, partition, offset: fetchOffset, leaderEpoch });
      if (count === this.#count) continue;
      this.#count = count;
      this.#lastRecordMs = systemClock.monotonicMs();
      this.#told.clear();
    }
  }

  #read(fetched: FetchedRecords, visit: (record: ConsumedRecord) => boolean): number {
    try {
      return this.#reader.read(fetched, visit);
    } catch (cause) {
      if (!(cause instanceof RecordsError)) throw cause;
      const { topic, partition } = fetched;
      throw new CommandError(`Cannot read ${topic}-${partition}: ${cause.message}`, { cause });
    }
  }

  #append(record: ConsumedRecord): void {
    const { format, skipsFailures } = this.#options;
    const sizeBytes = this.#sink.sizeBytes;
    try {
      format.append(record, this.#sink);
    } catch (cause) {
      if (!(cause instanceof CommandError)) throw cause;
      this.#sink.cutTo(sizeBytes);
      const { topic, partition, offset } = record;
      const message = `${topic}-${partition} at offset ${offset}: ${cause.message}`;
      if (!skipsFailures) throw new CommandError(message, { cause });
      this.#warn(message);
    }
  }

  /** A commit that fails while reading goes on is made up for by the next one. */
  async #commitOnTheWay(): Promise<void> {
    try {
      await this.#reading.commit();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#warn(error.message);
    }
  }

  #warn(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#warnings.push(message);
  }

  async #flushWarnings(): Promise<void> {
    const warnings = this.#warnings;
    this.#warnings = [];
    for (const warning of warnings) await this.#io.stderr.write(`${warning}\n`);
  }
}

function sameTopics(a: ChosenTopics, b: ChosenTopics): boolean {
  return a.size === b.size && [...a].every(([topic, count]) => b.get(topic) === count);
}
