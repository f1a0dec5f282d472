import { errorCodes } from "../../../broker/protocol/errors.ts";
import { KafkaError } from "../kafka_error.ts";
import type { PartitionQueue } from "./partition_queue.ts";
import type { PendingRecord, ProducerRecord } from "./pending_record.ts";

/** What goes wrong before a broker has a say. */

/** A record that is larger than the producer takes. */
export function tooLarge(topic: string, sizeBytes: number, bytesMax: number): KafkaError {
  return new KafkaError(
    errorCodes.MESSAGE_TOO_LARGE,
    `Cannot produce to "${topic}": the record has ${sizeBytes} bytes, at most ${bytesMax} are taken`,
  );
}

/** More waits than may. */
export function bufferFull(topic: string, waitingBytes: number, bytesMax: number): KafkaError {
  return new KafkaError(
    errorCodes.REQUEST_TIMED_OUT,
    `Cannot produce to "${topic}": ${waitingBytes} bytes wait for the brokers already, ` +
      `at most ${bytesMax} may`,
  );
}

/** Null when the timestamp can be written. */
export function timestampProblem(topic: string, record: ProducerRecord): KafkaError | null {
  const { timestampMs } = record;
  if (timestampMs === undefined || timestampMs === null) return null;
  if (timestampMs >= 0 && Number.isSafeInteger(timestampMs)) return null;
  return new KafkaError(
    errorCodes.INVALID_TIMESTAMP,
    `Cannot produce to "${topic}": the timestamp is ${timestampMs}, ` +
      "allowed are whole milliseconds since 1970",
  );
}

/** A topic that no broker told of; `problem` is what they said instead. */
export function unknownTopic(
  name: string,
  waitedMs: number,
  problem: KafkaError | null,
): KafkaError {
  if (problem !== null && problem.code !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return problem;
  return new KafkaError(
    problem === null ? errorCodes.REQUEST_TIMED_OUT : errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    problem === null
      ? `No broker told of topic "${name}" within ${waitedMs} ms`
      : `Topic "${name}" does not exist, and did not within ${waitedMs} ms`,
  );
}

/** The topic has fewer partitions than the record asks for. */
export function noSuchPartition(
  name: string,
  { record }: PendingRecord,
  { partitions }: { readonly partitions: readonly unknown[] },
): KafkaError {
  return new KafkaError(
    errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    `Cannot produce to partition ${record.partition} of "${name}": it has ${partitions.length}`,
    { retriable: false },
  );
}

/** A record that could not be written in time. */
export function tookTooLong(queue: PartitionQueue, timeoutMs: number): KafkaError {
  const { topic, partition, problem } = queue;
  return new KafkaError(
    errorCodes.REQUEST_TIMED_OUT,
    `Partition ${partition} of "${topic}" took no records within ${timeoutMs} ms` +
      (problem === null ? "" : `: ${problem.message}`),
    { cause: problem ?? undefined },
  );
}
