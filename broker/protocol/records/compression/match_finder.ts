const HASH_BITS = 14;
const NONE = -1;

/** Blocks may not be larger, so that no distance passes 65535. */
export const FINDER_BLOCK_BYTES_MAX = 1 << 16;
const MATCH_MIN = 4;
/** LZ4's end rules, harmless to snappy: the last bytes are literals, and no match starts near them. */
const LAST_LITERALS = 5;
const MATCH_START_MARGIN = 12;
/** After every 64 misses in a row the fast search takes longer steps: noise is passed over soon. */
const SKIP_SHIFT = 6;

/**
 * Finds repetitions in a block of up to 64 KiB: the half that LZ4 and snappy have in common. The
 * block is `count` times some literals followed by a match, then the literals that are left.
 */
export class MatchFinder {
  /** How many matches there are. */
  count = 0;
  /** Per match: the literals in front of it, its length (from 4) and how far back it reaches. */
  readonly literals: Int32Array = new Int32Array(FINDER_BLOCK_BYTES_MAX / MATCH_MIN);
  readonly lengths: Int32Array = new Int32Array(FINDER_BLOCK_BYTES_MAX / MATCH_MIN);
  readonly distances: Int32Array = new Int32Array(FINDER_BLOCK_BYTES_MAX / MATCH_MIN);
  readonly #heads = new Int32Array(1 << HASH_BITS);
  readonly #chain = new Int32Array(FINDER_BLOCK_BYTES_MAX);

  /** Searches `input[start, end)`, trying up to `attempts` earlier places for each position. */
  find(input: Uint8Array, start: number, end: number, attempts: number): this {
    this.count = 0;
    const searchEnd = end - MATCH_START_MARGIN;
    const matchEnd = end - LAST_LITERALS;
    const heads = this.#heads.fill(NONE);
    const isFast = attempts === 1;
    let anchor = start;
    let misses = 0;
    for (let at = start; at < searchEnd;) {
      const sequence = word(input, at);
      const hash = Math.imul(sequence, 0x9e3779b1) >>> 32 - HASH_BITS;
      let candidate = heads[hash]!;
      let length = 0;
      let from = NONE;
      if (isFast) {
        heads[hash] = at;
        if (candidate !== NONE && word(input, candidate) === sequence) {
          length = extent(input, candidate, at, matchEnd);
          from = candidate;
        }
      } else {
        this.#insert(hash, at, start);
        for (let tries = attempts; candidate !== NONE && tries > 0; tries--) {
          if (
            input[candidate + length] === input[at + length] && word(input, candidate) === sequence
          ) {
            const found = extent(input, candidate, at, matchEnd);
            if (found > length) {
              length = found;
              from = candidate;
            }
          }
          candidate = this.#chain[candidate - start]!;
        }
      }
      if (length < MATCH_MIN) {
        at += isFast ? 1 + (misses++ >>> SKIP_SHIFT) : 1;
        continue;
      }
      misses = 0;
      let matchStart = at;
      while (matchStart > anchor && from > start && input[matchStart - 1] === input[from - 1]) {
        matchStart--;
        from--;
        length++;
      }
      this.literals[this.count] = matchStart - anchor;
      this.lengths[this.count] = length;
      this.distances[this.count++] = matchStart - from;
      anchor = matchStart + length;
      if (isFast) {
        if (anchor < searchEnd) heads[hashAt(input, anchor - 2)] = anchor - 2;
      } else {
        for (let inside = at + 1; inside < anchor && inside < searchEnd; inside++) {
          this.#insert(hashAt(input, inside), inside, start);
        }
      }
      at = anchor;
    }
    return this;
  }

  #insert(hash: number, at: number, start: number): void {
    this.#chain[at - start] = this.#heads[hash]!;
    this.#heads[hash] = at;
  }
}

/** How far the bytes at `candidate` and `at` are equal, not going past `limit`. */
function extent(input: Uint8Array, candidate: number, at: number, limit: number): number {
  let end = at;
  let from = candidate;
  while (end < limit && input[from] === input[end]) {
    from++;
    end++;
  }
  return end - at;
}

function hashAt(input: Uint8Array, at: number): number {
  return Math.imul(word(input, at), 0x9e3779b1) >>> 32 - HASH_BITS;
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
}
