/**
 * One instance of the registry: its state, which follows the topic, and its writes, which run here while it is
 * primary and are handed to the primary while it is not.
 *
 * Two instances may both think that they are primary for a while, and what one wrote may arrive late. The topic
 * decides then: every instance replays the same records in the same order and refuses the same ones, so a write is
 * acknowledged once its records are read back and none was refused, and decided anew when one was.
 */
import type { ServiceLogger } from "../http/mod.ts";
import type { Primary } from "./primary_election.ts";
import type { SchemasTopic } from "./schemas_topic.ts";
import {
  type Decision,
  errorCodes,
  keyText,
  RegistryError,
  type RegistryRecord,
} from "./store/mod.ts";

/** What an instance stands on. */
export interface InstanceOptions {
  readonly topic: Pick<SchemasTopic, "append" | "position" | "isRead">;
  readonly logger: ServiceLogger;
  /** How long a client waits for a write, or for an election, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a decision is made anew when another instance's record came between. */
  readonly retriesMax: number;
  /** How many writes may wait for those before them. */
  readonly waitingMax: number;
  /** What the topic needs where records were refused, some of them at a time; no records: nothing. */
  decideRepair(): Decision<number>;
}

const encoder = new TextEncoder();
const CATCH_UP_PAUSE_MS = 500;

/** Takes writes, or knows who does. */
export class Instance {
  readonly #options: InstanceOptions;
  #primary: Primary | null = null;
  #elected = Promise.withResolvers<void>();
  /** Counts primaries: taking over ends when the next one is named. */
  #term = 0;
  /** The last primary that there was, until another one is named. */
  #reign = { url: "", end: new AbortController() };
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isMending = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Who takes writes now; null while nobody does. */
  get primary(): Primary | null {
    return this.#primary;
  }

  /** Aborted when another than the last primary takes writes: who waits for that one waits in vain. */
  get replaced(): AbortSignal {
    return this.#reign.end.signal;
  }

  /** How many writes wait or run. */
  get waitingCount(): number {
    return this.#waiting;
  }

  /** Where this instance reads the topic on: what it answers holds all before. */
  get position(): number {
    return this.#options.topic.position;
  }

  /** Waits until this instance has read what stands before a position, but no longer than a client does. */
  async catchUpTo(position: number): Promise<void> {
    await this.#options.topic.isRead(position, this.#options.timeoutMs);
  }

  /** A new primary, or nobody for now. A primary of our own first sees all that others have written. */
  onPrimary(primary: Primary | null): void {
    this.#primary = null;
    const term = ++this.#term;
    // The election must go on meanwhile, or the group would take this instance for dead.
    if (primary?.isSelf === true) void this.#takeOver(primary, term);
    else if (primary !== null) this.#follow(primary);
  }

  /** The primary, waited for while an election runs. Rejects with 50004 when there is none in time. */
  async electedPrimary(): Promise<Primary> {
    const deadlineMs = performance.now() + this.#options.timeoutMs;
    while (this.#primary === null) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        throw new RegistryError(
          errorCodes.NO_LEADER,
          "No instance of the registry takes writes now",
        );
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, leftMs));
      await Promise.race([this.#elected.promise, late]);
      clearTimeout(timer);
    }
    return this.#primary;
  }

  /**
   * Runs a decision here, behind those before it, and resolves to its result once its records are read back. Rejects
   * with RegistryError: what the decision throws, 50001 and 50002 for what the topic doesn't take in time.
   */
  async write<T>(decide: () => Decision<T>): Promise<T> {
    const { waitingMax, timeoutMs } = this.#options;
    if (this.#waiting >= waitingMax) {
      const message = `${waitingMax} writes are waiting; send this one again later`;
      throw new RegistryError(errorCodes.STORE_TIMEOUT, message);
    }
    this.#waiting += 1;
    let isLate = false;
    const job = async () => {
      try {
        // Nobody waits for it any more: it shall not happen after all.
        if (isLate) throw new RegistryError(errorCodes.STORE_TIMEOUT, "It was not begun in time");
        return await this.#decideAndAppend(decide);
      } finally {
        this.#waiting -= 1;
      }
    };
    const result = this.#last.then(job);
    this.#last = result.catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        isLate = true;
        const message = `It is not written and read back in ${timeoutMs} ms; whether it will be ` +
          "is not known: look it up";
        reject(new RegistryError(errorCodes.STORE_TIMEOUT, message));
      }, timeoutMs);
    });
    try {
      return await Promise.race([result, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A record was refused: a primary alone puts what counts in its place, once writes before are done. */
  repair(reason: string): void {
    const { logger, decideRepair } = this.#options;
    if (this.#primary?.isSelf !== true || this.#isMending) return;
    logger.warn(`Mending the topic: ${reason}`);
    this.#isMending = true;
    this.write(decideRepair).then(
      (count) => {
        this.#isMending = false;
        // There may be more than one decision takes.
        if (count > 0 && decideRepair().records.length > 0) this.repair("more was refused");
      },
      (error: Error) => {
        this.#isMending = false;
        logger.error(`The topic is not mended: ${error.message}`);
      },
    );
  }

  async #decideAndAppend<T>(decide: () => Decision<T>): Promise<T> {
    const { topic, retriesMax } = this.#options;
    for (let tries = 0; tries <= retriesMax && this.#primary?.isSelf === true; tries++) {
      const { records, result } = decide();
      if (records.length === 0) return result;
      const outcomes = await topic.append(records);
      // Who was primary meanwhile wrote the like of it before: the new state decides.
      if (outcomes.every(({ kind }) => kind !== "conflict")) return result;
    }
    throw new RegistryError(
      errorCodes.STORE_ERROR,
      "Another instance took over before this was written: send it again",
    );
  }

  /** Takes writes once everything that an earlier primary wrote is read: it stands before a record of this one. */
  async #takeOver(primary: Primary, term: number): Promise<void> {
    const { topic, logger, decideRepair } = this.#options;
    const noop: RegistryRecord = { key: encoder.encode(keyText({ kind: "NOOP" })), value: null };
    while (term === this.#term) {
      try {
        await topic.append([noop]);
        break;
      } catch (error) {
        logger.warn(`Cannot take over writes yet: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, CATCH_UP_PAUSE_MS));
      }
    }
    if (term !== this.#term) return;
    this.#follow(primary);
    if (decideRepair().records.length > 0) this.repair("records of an earlier primary are refused");
  }

  #follow(primary: Primary): void {
    if (primary.url !== this.#reign.url) {
      this.#reign.end.abort();
      this.#reign = { url: primary.url, end: new AbortController() };
    }
    this.#primary = primary;
    this.#elected.resolve();
    this.#elected = Promise.withResolvers();
  }
}
