import type { PendingRecord } from "./pending_record.ts";

/** How much is taken and not answered, and who waits for that to change. */
export class SendBudget {
  readonly bytesMax: number;
  #bytes = 0;
  #records = 0;
  #waitingForRoom: (() => void)[] = [];
  #waitingForEnd: (() => void)[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing is unanswered. */
  get isIdle(): boolean {
    return this.#records === 0;
  }

  /** Half of what may wait does: time for senders to slow down. */
  get isBackedUp(): boolean {
    return this.#bytes >= this.bytesMax / 2;
  }

  /** Whether a record of this size still may wait. */
  fits(sizeBytes: number): boolean {
    return this.#bytes + sizeBytes <= this.bytesMax;
  }

  take(sizeBytes: number): void {
    this.#bytes += sizeBytes;
    this.#records++;
  }

  /** The records are answered. */
  release(records: readonly PendingRecord[]): void {
    this.#bytes -= bytesOf(records);
    this.#records -= records.length;
    if (this.#waitingForRoom.length > 0 && !this.isBackedUp) {
      const waiting = this.#waitingForRoom;
      this.#waitingForRoom = [];
      for (const resolve of waiting) resolve();
    }
    if (this.#records > 0) return;
    const waiting = this.#waitingForEnd;
    this.#waitingForEnd = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when it isn't backed up. */
  room(): Promise<void> {
    if (!this.isBackedUp) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForRoom.push(resolve));
  }

  /** Resolves when nothing is unanswered. */
  end(): Promise<void> {
    if (this.#records === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waitingForEnd.push(resolve));
  }
}

/** What the records take in batches, at most. */
export function bytesOf(records: readonly PendingRecord[]): number {
  let bytes = 0;
  for (const { sizeBytes } of records) bytes += sizeBytes;
  return bytes;
}
