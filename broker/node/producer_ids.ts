import { type ControllerDriver, ControllerError } from "../controller/mod.ts";
import { RequestError } from "../handlers/mod.ts";
import { allocateProducerIds, errorCodes, make } from "../protocol/mod.ts";

const NO_BLOCK = { start: 0, length: 0 };

/**
 * Hands out producer ids from blocks of the controller (KIP-730): an id is never given twice in a
 * cluster, and a restart leaves the rest of a block unused. One request for a block is under way at a
 * time; who asks meanwhile shares it.
 */
export class ProducerIds {
  readonly #nodeId: number;
  readonly #controller: ControllerDriver;
  readonly #brokerEpoch: () => number;
  #block = NO_BLOCK;
  #used = 0;
  #fetching: Promise<void> | null = null;

  constructor(nodeId: number, controller: ControllerDriver, brokerEpoch: () => number) {
    this.#nodeId = nodeId;
    this.#controller = controller;
    this.#brokerEpoch = brokerEpoch;
  }

  /** The next id; a promise only where a new block has to be fetched, which may fail with a RequestError. */
  next(): number | Promise<number> {
    if (this.#used < this.#block.length) return this.#block.start + this.#used++;
    return this.#nextAfterFetch();
  }

  async #nextAfterFetch(): Promise<number> {
    while (this.#used >= this.#block.length) {
      this.#fetching ??= this.#fetch().finally(() => this.#fetching = null);
      await this.#fetching;
    }
    return this.#block.start + this.#used++;
  }

  async #fetch(): Promise<void> {
    const request = make(allocateProducerIds.request, {
      brokerId: this.#nodeId,
      brokerEpoch: this.#brokerEpoch(),
    });
    const answer = await this.#controller.submit(allocateProducerIds, request, { version: 0 })
      .catch((error: Error) => {
        if (!(error instanceof ControllerError)) throw error;
        throw new RequestError(errorCodes.COORDINATOR_LOAD_IN_PROGRESS, error.message);
      });
    if (answer.errorCode !== errorCodes.NONE) {
      throw new RequestError(errorCodes.COORDINATOR_LOAD_IN_PROGRESS, "No producer ids are left");
    }
    this.#block = { start: answer.producerIdStart, length: answer.producerIdLen };
    this.#used = 0;
  }
}
