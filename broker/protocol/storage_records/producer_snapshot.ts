import { array, int16, int32, int64, type MessageOf, record, uint32 } from "../schema.ts";

/**
 * What a `.snapshot` file beside a segment holds, behind an int16 version: all producers as of an
 * offset.
 */
export const producerSnapshot = record({
  name: "ProducerSnapshot",
  versions: "1",
  flexible: "none",
}, {
  // CRC-32C of what follows.
  crc: uint32(),
  producerEntries: array({
    producerId: int64(),
    epoch: int16(),
    lastSequence: int32(),
    lastOffset: int64(),
    offsetDelta: int32(),
    timestamp: int64(),
    coordinatorEpoch: int32(),
    // -1: no transaction is open.
    currentTxnFirstOffset: int64(),
  }),
});

/** See {@linkcode producerSnapshot}. */
export type ProducerSnapshot = MessageOf<typeof producerSnapshot>;
