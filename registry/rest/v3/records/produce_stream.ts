import { HttpError, type ServiceLogger } from "../../../http/mod.ts";
import type { BatchingProducer, ProducedRecord } from "../../../kafka/mod.ts";
import { parseExactly } from "../../records/mod.ts";
import type { Outlet } from "../../streams/outlet.ts";
import { type AnswerLimits, AnswerQueue } from "./answer_queue.ts";
import { JsonSplitter, type SplitValue } from "./json_splitter.ts";
import { RecordAnswers, refusalOf, refusalText } from "./record_answers.ts";
import type { EncodedRecord, RecordEncoder } from "./record_encoder.ts";
import { recordRequest } from "./record_request.ts";

/** What a stream of records is made of. */
export interface ProduceStreamOptions {
  readonly clusterId: string;
  readonly topic: string;
  readonly producer: BatchingProducer;
  readonly encoder: RecordEncoder;
  readonly outlet: Outlet;
  readonly logger: ServiceLogger;
  /** Of one record's JSON. */
  readonly recordBytesMax: number;
  /** How long records are taken; Infinity: without a limit. */
  readonly durationMs: number;
  /** How long they are refused then, before the stream ends. */
  readonly graceMs: number;
}

const LIMITS: AnswerLimits = { slotsMax: 8192, bytesMax: 8 * 1024 * 1024 };
const TIMER_MS_MAX = 2 ** 31 - 1;
const OK = `"error_code":200`;

/**
 * Records that come in one body, JSON behind JSON, written to a topic in their order; for each an answer in the same
 * order. A record that is refused leaves those behind it alone; what is no JSON ends the stream, since nobody can
 * tell where the next record would begin.
 *
 * Taking records stops while too many answers are outstanding, be it that the broker or that the client is slow.
 */
export class ProduceStream {
  readonly #options: ProduceStreamOptions;
  readonly #answers: RecordAnswers;
  readonly #queue: AnswerQueue;
  readonly #splitter: JsonSplitter;
  #count = 0;
  /** Records are refused from now on. */
  #isOver = false;
  #isStopped = false;
  /** Ends the wait for more of the body. */
  #wake: () => void = () => {};

  constructor(options: ProduceStreamOptions) {
    this.#options = options;
    this.#answers = new RecordAnswers(options.clusterId, options.topic);
    this.#queue = new AnswerQueue(options.outlet, LIMITS);
    this.#splitter = new JsonSplitter(options.recordBytesMax);
  }

  /** Takes no more records; what was taken is answered. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** Resolves when the last answer is written. Never rejects. */
  async run(body: AsyncGenerator<Uint8Array>): Promise<void> {
    const { durationMs, graceMs, outlet } = this.#options;
    const timers = durationMs === Infinity ? [] : [
      setTimeout(() => this.#isOver = true, durationMs),
      setTimeout(() => this.stop(), Math.min(TIMER_MS_MAX, durationMs + graceMs)),
    ];
    outlet.onGone = () => this.stop();
    try {
      await this.#takeAll(body);
    } catch (error) {
      this.#refuse(error);
    }
    timers.forEach(clearTimeout);
    // What is still to come of the body is read away.
    void body.return(undefined);
    await this.#queue.empty();
    outlet.end();
  }

  async #takeAll(body: AsyncIterator<Uint8Array>): Promise<void> {
    while (!this.#isStopped) {
      const chunk = await this.#next(body);
      if (this.#isStopped) return;
      if (chunk === null) break;
      for (const value of this.#splitter.push(chunk)) {
        if (this.#isFull()) await this.#room();
        if (this.#isStopped) return;
        if (value.kind === "malformed") return this.#endMalformed(value.why);
        const taking = this.#take(value);
        if (taking !== null) await taking;
      }
    }
    if (this.#isStopped) return;
    if (this.#splitter.isInside) this.#endMalformed("the body ends inside of a record");
    else if (this.#count === 0) this.#endMalformed("the body has no record");
  }

  /** The next piece of the body; null: there is none. */
  async #next(body: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
    const reading = body.next();
    // A promise for each wait: one that lives as long as the stream would gather all that wait on it.
    const stopped = new Promise<null>((resolve) => {
      this.#wake = () => resolve(null);
    });
    const result = await Promise.race([reading, stopped]);
    return result === null || result.done === true ? null : result.value;
  }

  #isFull(): boolean {
    return this.#queue.isFull || this.#options.producer.isBackedUp;
  }

  async #room(): Promise<void> {
    while (this.#isFull() && !this.#isStopped) {
      await this.#queue.room();
      await this.#options.producer.ready();
    }
  }

  /** Sends a record; a promise where it has to wait for a schema, so that the order stays. */
  #take(value: Exclude<SplitValue, { kind: "malformed" }>): Promise<void> | null {
    this.#count++;
    try {
      if (this.#isOver) throw tooLate(this.#options.durationMs);
      if (value.kind === "too large") {
        throw tooLarge(value.sizeBytes, this.#options.recordBytesMax);
      }
      const request = recordRequest(this.#parsed(value.text));
      const encoded = this.#options.encoder.encode(request);
      if (encoded instanceof Promise) {
        return encoded.then((ready) => this.#send(ready), (error) => this.#refuse(error));
      }
      this.#send(encoded);
    } catch (error) {
      this.#refuse(error);
    }
    return null;
  }

  #parsed(text: string): unknown {
    try {
      return parseExactly(text);
    } catch (error) {
      if (error instanceof RangeError) throw new HttpError(400, 400, "It is nested too deeply");
      this.stop();
      throw malformed((error as Error).message.slice(0, 200));
    }
  }

  #send(encoded: EncodedRecord): void {
    const slot = this.#queue.reserve(encoded.sizeBytes);
    this.#options.producer.send(this.#options.topic, encoded.record).then(
      (produced: ProducedRecord) =>
        this.#queue.settle(slot, this.#answers.produced(OK, encoded, produced)),
      (error) => this.#queue.settle(slot, refusalText(refusalOf(error, this.#options.logger))),
    );
  }

  #refuse(error: unknown): void {
    this.#queue.push(refusalText(refusalOf(error, this.#options.logger)));
  }

  #endMalformed(why: string): void {
    this.#refuse(malformed(why));
  }
}

function malformed(why: string): HttpError {
  return new HttpError(400, 400, `The body is no JSON, and the stream ends here: ${why}`);
}

function tooLarge(sizeBytes: number, allowed: number): HttpError {
  return new HttpError(
    413,
    413,
    `The record has ${sizeBytes} bytes of JSON; allowed: ${allowed}`,
  );
}

function tooLate(durationMs: number): HttpError {
  const message = `The stream has lasted the ${durationMs} ms that it may; begin another one`;
  return new HttpError(408, 408, message);
}
