import type { Outlet } from "../../streams/outlet.ts";

/** The place of one answer in the order of a stream. */
export interface AnswerSlot {
  /** JSON; null: it isn't known yet. */
  text: string | null;
  /** What its record takes until the answer is known. */
  readonly sizeBytes: number;
}

/** Behind each answer. */
const SEPARATOR = "\r\n";
/** How much of known answers is put into one write. */
const WRITE_LETTERS = 32 * 1024;

/** How many answers, and of how many bytes of records, may be outstanding. */
export interface AnswerLimits {
  readonly slotsMax: number;
  readonly bytesMax: number;
}

/**
 * Writes answers in the order of their requests, each as soon as it is known and those before it are written.
 * An answer that the client doesn't read stays in the queue, and a full queue is for the producer of requests to
 * wait for.
 */
export class AnswerQueue {
  readonly #outlet: Outlet;
  readonly #limits: AnswerLimits;
  /** In order; those before the head are written. */
  #slots: AnswerSlot[] = [];
  #head = 0;
  #bytes = 0;
  #isFlushDue = false;
  #isWaitingForOutlet = false;
  #waiting: (() => void)[] = [];

  constructor(outlet: Outlet, limits: AnswerLimits) {
    this.#outlet = outlet;
    this.#limits = limits;
  }

  /** Answers that are not written yet. */
  get length(): number {
    return this.#slots.length - this.#head;
  }

  /** Whether no more requests should be taken. */
  get isFull(): boolean {
    return this.length >= this.#limits.slotsMax || this.#bytes >= this.#limits.bytesMax;
  }

  /** Takes the next place, for a record of so many bytes. */
  reserve(sizeBytes: number): AnswerSlot {
    const slot = { text: null, sizeBytes };
    this.#slots.push(slot);
    this.#bytes += sizeBytes;
    return slot;
  }

  /** The answer of a place is known. */
  settle(slot: AnswerSlot, text: string): void {
    slot.text = text;
    this.#bytes -= slot.sizeBytes;
    // Answers of one response of a broker come in one turn: they are written together.
    if (this.#isFlushDue || this.#slots[this.#head] !== slot) return;
    this.#isFlushDue = true;
    queueMicrotask(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  /** An answer that is known at once. */
  push(text: string): void {
    this.settle(this.reserve(0), text);
  }

  /** Resolves when it isn't full, or the client has gone. */
  async room(): Promise<void> {
    while (this.isFull && !this.#outlet.isGone) await this.#change();
  }

  /** Resolves when all answers are written, or the client has gone. */
  async empty(): Promise<void> {
    while (this.length > 0 && !this.#outlet.isGone) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #flush(): void {
    const outlet = this.#outlet;
    let text = "";
    while (this.#head < this.#slots.length) {
      const slot = this.#slots[this.#head]!;
      if (slot.text === null || !outlet.hasRoom) break;
      text += slot.text + SEPARATOR;
      this.#head++;
      if (text.length < WRITE_LETTERS) continue;
      outlet.write(text);
      text = "";
    }
    if (text !== "") outlet.write(text);
    this.#compact();
    if (!outlet.hasRoom) this.#flushWhenRoom();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #flushWhenRoom(): void {
    if (this.#isWaitingForOutlet) return;
    this.#isWaitingForOutlet = true;
    void this.#outlet.room().then(() => {
      this.#isWaitingForOutlet = false;
      this.#flush();
    });
  }

  #compact(): void {
    if (this.#head === this.#slots.length) this.#slots = [];
    else if (this.#head >= 1024) this.#slots = this.#slots.slice(this.#head);
    else return;
    this.#head = 0;
  }
}
