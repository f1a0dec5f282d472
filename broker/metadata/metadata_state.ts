import { assert } from "../base/mod.ts";
import { MetadataDelta } from "./delta.ts";
import { EMPTY_IMAGE, type MetadataImage, type Provenance } from "./image.ts";
import type { MetadataRecord } from "./records.ts";
import { ReplayError } from "./replay_error.ts";

/** A batch of the metadata log as replay needs it. */
export interface MetadataBatch {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly timestampMs: number;
  readonly records: readonly MetadataRecord[];
}

/** An image that listeners may see once its offset is committed, and what changed in it. */
export interface Publication {
  readonly delta: MetadataDelta;
  readonly image: MetadataImage;
}

/** Records of a transaction that has begun and not ended (KIP-868). */
interface OpenTransaction {
  /** Offset of its BeginTransactionRecord. */
  readonly offset: number;
  /** Gathers what the transaction changes, over all its batches. */
  readonly delta: MetadataDelta;
}

/**
 * Replays the metadata log, alike on leader, follower and restart:
 *
 *     no transaction --BeginTransactionRecord--> open --EndTransactionRecord---> no transaction, published
 *                                                 |----AbortTransactionRecord--> no transaction, undone
 *
 * `head` holds every record so far; what is published leaves out an open transaction.
 */
export class MetadataState {
  #head: MetadataImage;
  #transaction: OpenTransaction | null = null;

  /** Starts from an image, which is the state of a log without open transaction. */
  constructor(image: MetadataImage = EMPTY_IMAGE) {
    this.#head = image;
  }

  /** The image with all that was replayed. */
  get head(): MetadataImage {
    return this.#head;
  }

  /** The image without an open transaction. */
  get published(): MetadataImage {
    return this.#transaction?.delta.before ?? this.#head;
  }

  /** Where the open transaction began; null when there is none. */
  get transactionOffset(): number | null {
    return this.#transaction?.offset ?? null;
  }

  /**
   * Replays a batch and gives what to publish when it is committed: usually one image; none within a
   * transaction; two where a transaction begins after other records. Throws {@linkcode ReplayError}.
   */
  replay(batch: MetadataBatch): Publication[] {
    const published: Publication[] = [];
    const { baseOffset, records } = batch;
    let delta = this.#transaction?.delta ?? new MetadataDelta(this.#head);
    let waiting = 0; // records of the delta that neither an image nor a transaction has taken up
    for (const [index, record] of records.entries()) {
      switch (record.name) {
        case "BeginTransactionRecord":
          this.#requireTransaction(false, record.name, baseOffset + index);
          if (waiting > 0) published.push(this.#publish(delta, provenanceOf(batch, index - 1)));
          delta = new MetadataDelta(this.#head);
          this.#transaction = { offset: baseOffset + index, delta };
          break;
        case "EndTransactionRecord":
          this.#requireTransaction(true, record.name, baseOffset + index);
          this.#transaction = null;
          break;
        case "AbortTransactionRecord":
          this.#requireTransaction(true, record.name, baseOffset + index);
          delta = new MetadataDelta(delta.before);
          this.#transaction = null;
          break;
        default:
          this.#replay(delta, record, baseOffset + index);
      }
      waiting++;
    }
    const provenance = provenanceOf(batch, records.length - 1);
    if (this.#transaction === null) published.push(this.#publish(delta, provenance));
    else this.#head = delta.apply(provenance);
    return published;
  }

  /** Replaces everything by what a snapshot holds. */
  loadSnapshot(records: Iterable<MetadataRecord>, provenance: Provenance): Publication {
    const delta = new MetadataDelta(this.#head, { fromSnapshot: true });
    for (const record of records) this.#replay(delta, record, provenance.offset);
    delta.finishSnapshot();
    this.#transaction = null;
    return this.#publish(delta, provenance);
  }

  #publish(delta: MetadataDelta, provenance: Provenance): Publication {
    const image = delta.apply(provenance);
    this.#head = image;
    return { delta, image };
  }

  #replay(delta: MetadataDelta, record: MetadataRecord, offset: number): void {
    try {
      delta.replay(record);
    } catch (error) {
      if (!(error instanceof ReplayError)) throw error;
      throw new ReplayError(`${error.message} (${record.name} at offset ${offset})`);
    }
  }

  #requireTransaction(open: boolean, name: string, offset: number): void {
    if ((this.#transaction !== null) === open) return;
    const found = open ? "no transaction is open" : "a transaction is open already";
    throw new ReplayError(`Cannot replay ${name} at offset ${offset}: ${found}`);
  }
}

function provenanceOf({ baseOffset, epoch, timestampMs, records }: MetadataBatch, index: number) {
  assert(records.length > 0, "A metadata batch has no records");
  const isBatchAligned = index === records.length - 1;
  return { offset: baseOffset + index, epoch, timestampMs, isBatchAligned };
}
