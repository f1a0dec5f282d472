import { errorCodes } from "../errors.ts";
import { RecordsError } from "./records_error.ts";

const TWO_TO_32 = 2 ** 32;

/** Bytes of a zigzag varint of an int32, from 1 to 5. */
export function varintSize(value: number): number {
  const zigzag = (value << 1) ^ (value >> 31);
  // Math.clz32(0) is 32, and zero takes one byte as well.
  return Math.max(1, Math.ceil((32 - Math.clz32(zigzag)) / 7));
}

/** Bytes of a zigzag varint of an int64 (a safe integer), from 1 to 10. */
export function varlongSize(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let size = 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

/** Writes an int32 as a zigzag varint and returns the position behind it. */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = (value << 1) ^ (value >> 31);
  let at = position;
  for (; (rest & ~0x7f) !== 0; rest >>>= 7) bytes[at++] = rest & 0x7f | 0x80;
  bytes[at++] = rest;
  return at;
}

/** Writes an int64 (a safe integer) as a zigzag varint and returns the position behind it. */
export function writeVarlong(bytes: Uint8Array, position: number, value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) return writeVarint(bytes, position, value);
  // Twice the magnitude may pass 2^53 by one bit; doubling a double is exact, subtracting one is not
  // beyond that, so the odd values of negative numbers are made from their last digit.
  let rest = value < 0 ? -(value + 1) * 2 : value * 2;
  let odd = value < 0 ? 1 : 0;
  let at = position;
  while (rest >= 0x80) {
    bytes[at++] = rest % 0x80 + odd | 0x80;
    rest = Math.floor(rest / 0x80);
    odd = 0;
  }
  bytes[at++] = rest + odd;
  return at;
}

/** A position in bytes from which varints are read; made once, used for many. */
export class VarintReader {
  bytes: Uint8Array = EMPTY;
  position = 0;
  /** Nothing is read from here on. */
  end = 0;

  /** Reads a zigzag varint as an int32; throws a {@linkcode RecordsError} past the end or 5 bytes. */
  varint(): number {
    // One byte is the common case; the rest is apart, so that this much is inlined where it is used.
    const at = this.position;
    if (at < this.end) {
      const byte = this.bytes[at]!;
      if (byte < 0x80) {
        this.position = at + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    return this.#longVarint();
  }

  /** Reads a zigzag varint as an int64; beyond 2^53 the nearest number. Throws as `varint` does. */
  varlong(): number {
    const at = this.position;
    if (at < this.end) {
      const byte = this.bytes[at]!;
      if (byte < 0x80) {
        this.position = at + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    return this.#longVarlong();
  }

  #longVarint(): number {
    const { bytes, end } = this;
    let at = this.position;
    let raw = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      if (at >= end) throw pastEnd();
      const byte = bytes[at++]!;
      raw |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.position = at;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new RecordsError(
      errorCodes.INVALID_RECORD,
      "Cannot read record: a varint is longer than 5 bytes",
    );
  }

  #longVarlong(): number {
    const { bytes, end } = this;
    const start = this.position;
    let low = 0; // Bits 0-27, 28-55 and 56-63 of the raw value.
    let middle = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (start + index >= end) throw pastEnd();
      const byte = bytes[start + index]!;
      if (index < 4) low |= (byte & 0x7f) << (7 * index);
      else if (index < 8) middle |= (byte & 0x7f) << (7 * (index - 4));
      else high |= (byte & 0x7f) << (7 * (index - 8));
      if (byte < 0x80) {
        this.position = start + index + 1;
        if (index < 4) return (low >>> 1) ^ -(low & 1);
        return unzigzag((low | middle << 28) >>> 0, middle >>> 4 | (high & 0xff) << 24);
      }
    }
    throw new RecordsError(
      errorCodes.INVALID_RECORD,
      "Cannot read record: a varint is longer than 10 bytes",
    );
  }
}

const EMPTY = new Uint8Array(0);

function unzigzag(low: number, high: number): number {
  const sign = -(low & 1);
  const shiftedLow = ((low >>> 1) | (high << 31)) ^ sign;
  const shiftedHigh = (high >>> 1) ^ sign;
  return shiftedHigh * TWO_TO_32 + (shiftedLow >>> 0);
}

function pastEnd(): RecordsError {
  return new RecordsError(errorCodes.INVALID_RECORD, "Cannot read record: it ends inside a field");
}
