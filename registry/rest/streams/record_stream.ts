import { errorCodes } from "../../../broker/protocol/errors.ts";
import { HttpError, type ServiceLogger } from "../../http/mod.ts";
import { KafkaError } from "../../kafka/mod.ts";
import { toHttpError } from "../errors.ts";
import { Cursor } from "./cursor.ts";
import type { EventOutlet } from "./event_outlet.ts";
import type { PartitionsReader, PositionReset, Stretch } from "./partitions_reader.ts";
import type { Formats } from "./read_query.ts";
import type { SchemaLookup } from "./schema_lookup.ts";
import type { SharedTexts } from "./stretch_texts.ts";
import type { TopicWatch } from "./topic_watch.ts";
import { Wake } from "./wake.ts";

/** What a stream is made of. */
export interface RecordStreamOptions {
  readonly reader: PartitionsReader;
  readonly watch: TopicWatch;
  readonly formats: Formats;
  readonly texts: SharedTexts;
  readonly schemas: SchemaLookup;
  readonly outlet: EventOutlet;
  readonly heartbeatMs: number;
  /** Whether the topic has partitions that are to be read and are not: who comes back reads them, too. */
  isOutdated(): boolean;
  readonly logger: ServiceLogger;
}

/** Bytes of keys and values that are read at once. */
const FETCH_BYTES = 256 * 1024;
/** How long records are held for a client that doesn't read; then they are let go, to be fetched again. */
const HOLD_MS = 1000;
const FOREVER_MS = 2 ** 31 - 1;
const BACKOFF_MS = 100;
const BACKOFF_MAX_MS = 2000;
/** How long a topic may be missing: a broker that starts may not know it at once. */
const MISSING_MS = 2000;

/**
 * Tells a client the records of some partitions as they come, at the pace at which it reads: while its outlet has no
 * room nothing is read, and soon nothing is held. Waits through lost brokers; a topic that is deleted ends it.
 */
export class RecordStream {
  readonly #options: RecordStreamOptions;
  readonly #cursor: Cursor;
  readonly #wake = new Wake();
  /** Nothing is told any more. */
  #isOver = false;
  #toldAtMs = performance.now();
  #checkAtMs = 0;
  #backoffMs = BACKOFF_MS;
  #missingSinceMs = Infinity;

  constructor(options: RecordStreamOptions) {
    this.#options = options;
    this.#cursor = new Cursor(options.reader.positions());
  }

  /** Ends it behind what was told, at once: the server may close connections next. */
  stop(): void {
    this.#end("the server stops");
  }

  /** Resolves when it has ended. Never rejects. */
  async run(): Promise<void> {
    const { outlet } = this.#options;
    outlet.onGone = () => this.#leave();
    outlet.start(this.#cursor.toString());
    try {
      while (!this.#isOver) await this.#step();
    } catch (error) {
      if (!this.#isOver) this.#fail(error);
    }
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.#tellEnd("end", JSON.stringify({ reason }));
    this.#leave();
  }

  #leave(): void {
    this.#isOver = true;
    this.#wake.wake();
  }

  #fail(error: unknown): void {
    let failure = toHttpError(error);
    if (failure === null) {
      this.#options.logger.error(`A stream failed: ${(error as Error).stack ?? String(error)}`);
      failure = new HttpError(500, 500, "The stream failed inside the server");
    }
    const { errorCode, message } = failure;
    this.#tellEnd("error", JSON.stringify({ error_code: errorCode, message }));
    this.#isOver = true;
  }

  #tellEnd(kind: "end" | "error", data: string): void {
    const { outlet } = this.#options;
    outlet.send(kind, this.#cursor.toString(), data);
    outlet.end(kind === "error");
  }

  async #step(): Promise<void> {
    const { outlet, heartbeatMs } = this.#options;
    if (!outlet.hasRoom && !await this.#roomWithin(FOREVER_MS)) return;
    const nowMs = performance.now();
    if (nowMs >= this.#checkAtMs) {
      this.#checkAtMs = nowMs + heartbeatMs;
      if (this.#options.isOutdated()) return this.#end("the topic has more partitions now");
    }
    const found = await this.#next();
    if (found === null) await this.#idle();
    else if (found.kind === "reset") this.#tellReset(found);
    else await this.#tell(found);
  }

  /** Null where there is nothing, or no broker to ask. */
  async #next(): Promise<Stretch | PositionReset | null> {
    try {
      const found = await this.#options.reader.next({ maxBytes: FETCH_BYTES });
      this.#backoffMs = BACKOFF_MS;
      this.#missingSinceMs = Infinity;
      return found;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      await this.#onProblem(error);
      return null;
    }
  }

  async #onProblem(error: KafkaError): Promise<void> {
    if (!error.retriable) throw error;
    if (error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) {
      const nowMs = performance.now();
      this.#missingSinceMs = Math.min(this.#missingSinceMs, nowMs);
      if (nowMs - this.#missingSinceMs >= MISSING_MS) throw error;
    }
    this.#options.outlet.flush();
    if (!this.#isOver) await this.#wake.wait(this.#backoffMs);
    this.#backoffMs = Math.min(BACKOFF_MAX_MS, 2 * this.#backoffMs);
  }

  /** Waits for more, and shows the client now and then that it does. */
  async #idle(): Promise<void> {
    const { outlet, reader, watch, heartbeatMs } = this.#options;
    outlet.flush();
    const leftMs = this.#toldAtMs + heartbeatMs - performance.now();
    if (leftMs <= 0) {
      outlet.heartbeat();
      this.#toldAtMs = performance.now();
    } else if (!this.#isOver && !reader.isDue) await watch.wait(this.#wake, leftMs);
  }

  async #tell({ index, partition, records, nextOffset }: Stretch): Promise<void> {
    const { outlet, reader, watch, formats, texts: shared, schemas } = this.#options;
    const texts = shared.of(watch.topic, partition, records, formats);
    const preparing = texts.prepare(schemas);
    if (preparing !== null) await preparing;
    for (let n = 0; n < records.length; n++) {
      if (!outlet.hasRoom && !await this.#roomWithin(HOLD_MS)) return;
      if (this.#isOver) return;
      const position = n + 1 < records.length ? records[n]!.offset + 1 : nextOffset;
      outlet.send("record", this.#cursor.at(index, position), texts.at(n));
      reader.moveTo(index, position);
    }
    this.#toldAtMs = performance.now();
    outlet.flush();
  }

  #tellReset({ index, partition, from, to, reason }: PositionReset): void {
    const { outlet, reader } = this.#options;
    reader.moveTo(index, to);
    const data = { partition_id: partition, requested_offset: from, offset: to, reason };
    outlet.send("reset", this.#cursor.at(index, to), JSON.stringify(data));
    outlet.flush();
    this.#toldAtMs = performance.now();
  }

  /** Whether the client made room in time. */
  async #roomWithin(timeoutMs: number): Promise<boolean> {
    const { outlet } = this.#options;
    outlet.flush();
    void outlet.room().then(() => this.#wake.wake());
    if (!this.#isOver) await this.#wake.wait(timeoutMs);
    return outlet.hasRoom && !this.#isOver;
  }
}
