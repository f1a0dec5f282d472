import { HttpError } from "../../http/mod.ts";

/** Where to read on in each partition. */
export type Positions = ReadonlyMap<number, number>;

/** Longest cursor that is read. */
const LETTERS_MAX = 24 * 1024;
const RADIX = 36;
const ENTRY = /^(?:(\d{1,9})-)?([0-9a-z]{1,11})$/;

/**
 * Positions as text that stands for itself: whoever gets it can read on, at any proxy of the cluster. Offsets in the
 * order of their partitions, in base 36 with dots between; one whose partition does not follow the one before has
 * the partition in front. `0.1a.7` is of partitions 0, 1 and 2; `5-1a` of partition 5.
 */
export class Cursor {
  readonly #partitions: readonly number[];
  readonly #texts: string[];
  /** The text in front of the entry that was set last, and behind it: most often it is set again. */
  #last = -1;
  #before = "";
  #after = "";

  /** `positions` by rising partition. */
  constructor(positions: Iterable<readonly [partition: number, position: number]>) {
    const partitions: number[] = [], texts: string[] = [];
    for (const [partition, position] of positions) {
      const isNext = partition === (partitions.at(-1) ?? -1) + 1;
      partitions.push(partition);
      texts.push(`${isNext ? "" : `${partition}-`}${position.toString(RADIX)}`);
    }
    this.#partitions = partitions;
    this.#texts = texts;
  }

  /** The text once entry `index` stands at `position`. */
  at(index: number, position: number): string {
    const { [index]: old = "" } = this.#texts;
    const digits = position.toString(RADIX);
    const text = old.includes("-") ? `${this.#partitions[index]}-${digits}` : digits;
    if (this.#last !== index) {
      this.#last = index;
      this.#before = this.#texts.slice(0, index).map((one) => `${one}.`).join("");
      this.#after = this.#texts.slice(index + 1).map((one) => `.${one}`).join("");
    }
    this.#texts[index] = text;
    return this.#before + text + this.#after;
  }

  toString(): string {
    return this.#texts.join(".");
  }
}

/** Reads a cursor. Throws 400 for what is none. */
export function parseCursor(text: string): Positions {
  const positions = new Map<number, number>();
  const entries = text.length > LETTERS_MAX ? [] : text.split(".");
  let next = 0;
  for (const entry of entries) {
    const match = ENTRY.exec(entry);
    const partition = match?.[1] === undefined ? next : Number(match[1]);
    const position = match === null ? NaN : parseInt(match[2]!, RADIX);
    if (!Number.isSafeInteger(position) || positions.has(partition)) throw noCursor();
    positions.set(partition, position);
    next = partition + 1;
  }
  if (positions.size === 0) throw noCursor();
  return positions;
}

function noCursor(): HttpError {
  return new HttpError(400, 400, "The cursor is none that this API gave out");
}
