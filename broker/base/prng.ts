/** A source of chance. Cores are handed one, so that a seed repeats a run exactly. */
export interface Prng {
  /** A whole number in `[0, 2^32)`. */
  uint32(): number;
}

/** xoshiro128** seeded through splitmix32 (Blackman and Vigna, "Scrambled linear generators"). */
export class SeededPrng implements Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** `seed` is a whole number; its low 32 bits count. */
  constructor(seed: number) {
    let state = seed | 0;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }
}

/** A generator whose seed comes from the operating system. */
export function systemPrng(): Prng {
  return new SeededPrng(crypto.getRandomValues(new Uint32Array(1))[0]!);
}

/** A whole number in `[0, limit)`; `limit` is from 1 to 2^32. */
export function below(prng: Prng, limit: number): number {
  return Math.floor((prng.uint32() / 2 ** 32) * limit);
}

/** A random id in Kafka's 22 letters; none begins with a dash, which tools take for an option. */
export function randomUuid(prng: Prng): string {
  while (true) {
    const text = btoa(String.fromCharCode(...randomUuidBytes(prng)));
    const id = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    if (!id.startsWith("-")) return id;
  }
}

/** Sixteen bytes of chance with the version and variant bits of a random UUID (RFC 9562, version 4). */
export function randomUuidBytes(prng: Prng): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 16; word += 4) view.setUint32(word, prng.uint32());
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes;
}
