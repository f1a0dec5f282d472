/** Bytes of offset and length, which stand in front of every batch and are not in its length. */
export const LOG_OVERHEAD_BYTES = 12;
/** Bytes from which a batch's size and magic can be read. */
export const BATCH_PREFIX_BYTES = 17;
/** Bytes of a magic 2 batch in front of its records. */
export const BATCH_HEADER_BYTES = 61;

// Positions inside a batch. The first four mean the same in all magics, leader epoch aside.
export const LENGTH = 8;
export const LEADER_EPOCH = 12;
export const MAGIC = 16;
export const CRC = 17;
export const ATTRIBUTES = 21;
export const LAST_OFFSET_DELTA = 23;
export const BASE_TIMESTAMP = 27;
export const MAX_TIMESTAMP = 35;
export const PRODUCER_ID = 43;
export const PRODUCER_EPOCH = 51;
export const BASE_SEQUENCE = 53;
export const RECORD_COUNT = 57;

// Positions inside a message of magic 0 or 1, from its offset field on.
export const LEGACY_CRC = 12;
export const LEGACY_ATTRIBUTES = 17;
export const LEGACY_TIMESTAMP = 18;

/** Where the key's length stands in a message: behind the timestamp, which magic 0 hasn't. */
export function legacyKeyPosition(magic: number): number {
  return magic === 0 ? 18 : 26;
}

// Attribute bits.
export const CODEC_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;
export const DELETE_HORIZON_FLAG = 0x40;
export const KNOWN_ATTRIBUTES = 0x7f;

/** `sequence` plus `increment`, going on at 0 behind 2^31 - 1. */
export function incrementSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  // A negative increment comes from a damaged batch alone; Java's overflow check takes it for a wrap.
  return sum > 0x7fffffff || increment < 0 ? sum - 0x80000000 | 0 : sum;
}
