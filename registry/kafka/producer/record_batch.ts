import { BatchBuilder, type CodecId } from "../../../broker/protocol/records/mod.ts";
import { headersOf, type PendingRecord } from "./pending_record.ts";

/**
 * Who a producer is to the brokers (KIP-98): an id, an epoch, and the sequence number with which each
 * partition goes on. A producer whose sequence broke somewhere takes a new one.
 */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Records that go to one partition together, under one run of sequence numbers. */
export class RecordBatch {
  readonly records: readonly PendingRecord[];
  readonly identity: ProducerIdentity;
  readonly baseSequence: number;
  /** An earlier try had no answer: the records may stand in the log. */
  outcomeUnknown = false;
  readonly #bytes: Uint8Array;

  /**
   * Encodes the records, once: every try sends the same bytes, so that a broker knows them again.
   * Throws a RecordsError when they can't be encoded.
   */
  constructor(
    records: readonly PendingRecord[],
    identity: ProducerIdentity,
    baseSequence: number,
    codec: CodecId,
  ) {
    this.records = records;
    this.identity = identity;
    this.baseSequence = baseSequence;
    let sizeHintBytes = 0;
    for (const { sizeBytes } of records) sizeHintBytes += sizeBytes;
    const builder = new BatchBuilder({
      producerId: identity.producerId,
      producerEpoch: identity.producerEpoch,
      baseSequence,
      codec,
      sizeHintBytes,
    });
    for (const { record, timestampMs } of records) {
      builder.append(timestampMs, record.key, record.value, headersOf(record));
    }
    this.#bytes = builder.build();
  }

  /** The whole batch as it goes to the broker. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }
}
