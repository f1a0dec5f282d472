import { byCodeUnits } from "./json.ts";

/** A set of names that lists them in order, all or those with a prefix. */
export class SortedNames {
  readonly #names = new Set<string>();
  /** Made on first use, so that filling a large set stays cheap; kept true from then on. */
  #sorted: string[] | null = null;

  /** Adds a name that isn't there yet. */
  add(name: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#sorted?.splice(lowerBound(this.#sorted, name), 0, name);
  }

  /** Takes a name away. */
  delete(name: string): void {
    if (this.#names.delete(name)) this.#sorted?.splice(lowerBound(this.#sorted, name), 1);
  }

  /** The names that start with `prefix`, in the order of their code units. */
  *startingWith(prefix: string): Generator<string> {
    const sorted = this.#sorted ??= [...this.#names].sort(byCodeUnits);
    for (let index = lowerBound(sorted, prefix); index < sorted.length; index++) {
      const name = sorted[index]!;
      if (!name.startsWith(prefix)) return;
      yield name;
    }
  }
}

function lowerBound(sorted: readonly string[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
