/** Something with a deadline that a {@linkcode DeadlineHeap} orders. */
export interface Due {
  /** Monotonic milliseconds. */
  readonly deadlineMs: number;
  /** Where it is in the heap; kept by the heap, -1 outside. */
  heapIndex: number;
}

/** A binary heap by deadline from which any element can be taken in logarithmic time. */
export class DeadlineHeap<T extends Due> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The element with the earliest deadline, or null. */
  first(): T | null {
    return this.#items[0] ?? null;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#up(item, this.#items.length - 1);
  }

  /** Takes `item` out; does nothing when it is not inside. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#up(last, index);
    this.#down(last, last.heapIndex);
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #up(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex]!;
      if (parent.deadlineMs <= item.deadlineMs) break;
      this.#put(parent, index);
      index = parentIndex;
    }
    this.#put(item, index);
  }

  #down(item: T, from: number): void {
    const size = this.#items.length;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= size) break;
      const right = this.#items[childIndex + 1];
      if (right !== undefined && right.deadlineMs < this.#items[childIndex]!.deadlineMs) {
        childIndex++;
      }
      const child = this.#items[childIndex]!;
      if (child.deadlineMs >= item.deadlineMs) break;
      this.#put(child, index);
      index = childIndex;
    }
    this.#put(item, index);
  }
}
