import { assert } from "../base/mod.ts";
import type { Segment } from "./segment.ts";

/** The segments of one log by base offset, ascending; an open log has at least one. */
export class Segments {
  #list: Segment[] = [];

  get count(): number {
    return this.#list.length;
  }
  get first(): Segment {
    return this.#list[0]!;
  }
  /** The one that is appended to. */
  get active(): Segment {
    return this.#list[this.#list.length - 1]!;
  }
  get sizeBytes(): number {
    let sum = 0;
    for (const segment of this.#list) sum += segment.sizeBytes;
    return sum;
  }
  get baseOffsets(): number[] {
    return this.#list.map((segment) => segment.baseOffset);
  }

  [Symbol.iterator](): IterableIterator<Segment> {
    return this.#list[Symbol.iterator]();
  }

  /** The segment whose range `offset` falls into; null when it lies before the first one. */
  floor(offset: number): Segment | null {
    return this.#list[this.#floorIndex(offset)] ?? null;
  }

  /** The segment that follows, null for the last one. */
  after(segment: Segment): Segment | null {
    return this.#list[this.#floorIndex(segment.baseOffset) + 1] ?? null;
  }

  /** From the segment that `offset` falls into (or the first one) to the last, as a copy. */
  from(offset: number): Segment[] {
    return this.#list.slice(Math.max(0, this.#floorIndex(offset)));
  }

  add(segment: Segment): void {
    const index = this.#floorIndex(segment.baseOffset);
    assert(
      this.#list[index]?.baseOffset !== segment.baseOffset,
      `Segment ${segment.baseOffset} is there twice`,
    );
    this.#list.splice(index + 1, 0, segment);
  }

  remove(segments: readonly Segment[]): void {
    if (segments.length === 0) return;
    const gone = new Set(segments);
    this.#list = this.#list.filter((segment) => !gone.has(segment));
  }

  /** The index of the last segment whose base offset is at most `offset`; -1 when there is none. */
  #floorIndex(offset: number): number {
    const list = this.#list;
    let high = list.length - 1;
    if (high >= 0 && list[high]!.baseOffset <= offset) return high;
    let low = -1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (list[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
