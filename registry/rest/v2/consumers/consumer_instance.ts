import { HttpError } from "../../../http/mod.ts";
import type { GroupConsumer } from "../../../kafka/mod.ts";
import { restCodes } from "../../errors.ts";
import type { EmbeddedFormat } from "../../records/mod.ts";

/** What an instance is made with. */
export interface InstanceOptions {
  readonly group: string;
  readonly name: string;
  readonly format: EmbeddedFormat;
  /** How long a read lasts at most. */
  readonly requestTimeoutMs: number;
  /** Bytes that end a read; -1: none do. */
  readonly fetchMinBytes: number;
  /** Requests that may wait for the one that is served. */
  readonly waitingMax: number;
  readonly consumer: GroupConsumer;
  readonly nowMs: () => number;
}

/** A consumer that a client reads through, one request at a time. */
export class ConsumerInstance {
  readonly group: string;
  readonly name: string;
  readonly format: EmbeddedFormat;
  readonly requestTimeoutMs: number;
  readonly fetchMinBytes: number;
  /** What the next read has to tell: it came up behind records that were given out. */
  problem: Error | null = null;
  readonly #consumer: GroupConsumer;
  readonly #waitingMax: number;
  readonly #nowMs: () => number;
  /** Requests that are served or wait. */
  #requests = 0;
  #last: Promise<unknown> = Promise.resolve();
  #usedAtMs: number;
  #isRemoved = false;

  constructor(options: InstanceOptions) {
    this.group = options.group;
    this.name = options.name;
    this.format = options.format;
    this.requestTimeoutMs = options.requestTimeoutMs;
    this.fetchMinBytes = options.fetchMinBytes;
    this.#consumer = options.consumer;
    this.#waitingMax = options.waitingMax;
    this.#nowMs = options.nowMs;
    this.#usedAtMs = options.nowMs();
  }

  /** How long nobody has asked for anything; 0 while someone is served. */
  get idleMs(): number {
    return this.#requests > 0 ? 0 : this.#nowMs() - this.#usedAtMs;
  }

  /**
   * Lets a request use the consumer when those before it are done. Rejects with 429 when too many wait, and with
   * 40403 once the instance is removed.
   */
  async use<T>(serve: (consumer: GroupConsumer) => T | Promise<T>): Promise<T> {
    if (this.#requests > this.#waitingMax) {
      throw new HttpError(
        429,
        429,
        `${this.#waitingMax} requests wait for consumer instance "${this.name}", more can't`,
        { "Retry-After": "1" },
      );
    }
    this.#requests++;
    const turn = this.#last.then(() => {
      if (this.#isRemoved) throw instanceNotFound(this.group, this.name);
      return serve(this.#consumer);
    });
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#requests--;
      this.#usedAtMs = this.#nowMs();
    }
  }

  /** Lets the request under way end, and the consumer leave its group; those that wait are told 40403. */
  async remove(): Promise<void> {
    this.#isRemoved = true;
    await this.#last;
    await this.#consumer.close();
  }
}

/** 40403. */
export function instanceNotFound(group: string, name: string): HttpError {
  return new HttpError(
    404,
    restCodes.CONSUMER_INSTANCE_NOT_FOUND,
    `Group ${cut(group)} has no consumer instance ${cut(name)} here`,
  );
}

function cut(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
}
