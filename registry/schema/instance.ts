/**
 * One instance of the registry: its state, which follows the topic, and its writes, which run here while it is
 * primary and are handed to the primary while it is not.
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
  readonly topic: SchemasTopic;
  readonly logger: ServiceLogger;
  /** How long a write waits for an election, in milliseconds. */
  readonly electionWaitMs: number;
  /** How often a decision is made anew when another instance's record came between. */
  readonly retriesMax: number;
  /** How many writes may wait for those before them. */
  readonly waitingMax: number;
}

const encoder = new TextEncoder();
const CATCH_UP_PAUSE_MS = 500;

/** Takes writes, or knows who does. */
export class Instance {
  readonly #options: InstanceOptions;
  #primary: Primary | null = null;
  #elected = Promise.withResolvers<void>();
  /** Counts primaries: a write that began under one is not acknowledged under another. */
  #term = 0;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Who takes writes now; null while nobody does. */
  get primary(): Primary | null {
    return this.#primary;
  }

  /** How many writes wait or run. */
  get waitingCount(): number {
    return this.#waiting;
  }

  /** A new primary, or nobody for now. A primary of our own first sees all that others have written. */
  async onPrimary(primary: Primary | null): Promise<void> {
    this.#primary = null;
    const term = ++this.#term;
    if (primary === null) return;
    if (primary.isSelf) await this.#catchUp(term);
    if (term !== this.#term) return;
    this.#primary = primary;
    this.#elected.resolve();
    this.#elected = Promise.withResolvers();
  }

  /** The primary, waited for while an election runs. Rejects with 50004 when there is none in time. */
  async electedPrimary(): Promise<Primary> {
    const deadlineMs = performance.now() + this.#options.electionWaitMs;
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

  /** Runs a decision here, behind those before it, and resolves to its result once its records are read back. */
  write<T>(decide: () => Decision<T>): Promise<T> {
    const { waitingMax } = this.#options;
    if (this.#waiting >= waitingMax) {
      const message = `${waitingMax} writes are waiting; send this one again later`;
      return Promise.reject(new RegistryError(errorCodes.STORE_TIMEOUT, message));
    }
    this.#waiting += 1;
    const job = () => this.#decideAndAppend(decide);
    const result = this.#last.then(job, job).finally(() => this.#waiting -= 1);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Writes what makes every instance see the same again; a primary alone does. */
  repair(records: readonly RegistryRecord[], reason: string): void {
    if (this.#primary?.isSelf !== true) return;
    this.#options.logger.warn(`Mending the topic: ${reason}`);
    this.write(() => ({ records: [...records], result: null })).catch((error: Error) =>
      this.#options.logger.error(`The topic is not mended: ${error.message}`)
    );
  }

  async #decideAndAppend<T>(decide: () => Decision<T>): Promise<T> {
    const { topic, retriesMax } = this.#options;
    for (let tries = 0; tries <= retriesMax; tries++) {
      const term = this.#term;
      if (this.#primary?.isSelf !== true) break;
      const { records, result } = decide();
      if (records.length === 0) return result;
      const outcomes = await topic.append(records);
      // Whoever was primary meanwhile may have written the like of it: the new state decides.
      if (term === this.#term && outcomes.every(({ kind }) => kind !== "conflict")) return result;
    }
    throw new RegistryError(
      errorCodes.STORE_ERROR,
      "Another instance took over while this was written; what came of it is not known: look it up",
    );
  }

  /**
   * Everything that an earlier primary wrote stands before this record: tried until it is read back, or until the
   * term ends.
   */
  async #catchUp(term: number): Promise<void> {
    const key = encoder.encode(keyText({ kind: "NOOP" }));
    while (term === this.#term) {
      try {
        await this.#options.topic.append([{ key, value: null }]);
        return;
      } catch (error) {
        this.#options.logger.warn(`Cannot take over writes yet: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, CATCH_UP_PAUSE_MS));
      }
    }
  }
}
