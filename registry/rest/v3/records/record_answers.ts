import { errorCodes } from "../../../../broker/protocol/errors.ts";
import { HttpError, type ServiceLogger } from "../../../http/mod.ts";
import { KafkaError, type ProducedRecord } from "../../../kafka/mod.ts";
import { restCodes, type StatusAndCode, toHttpError, v3Answer } from "../../errors.ts";
import type { EncodedRecord } from "./record_encoder.ts";

/** What became of a record that was not written. */
export interface RecordRefusal {
  readonly errorCode: number;
  readonly message: string;
}

/** Writes the answers of records to one topic, as JSON. */
export class RecordAnswers {
  /** What all answers of a topic have in common. */
  readonly #beginning: string;
  #timestampMs = -1;
  #timestamp = "";

  constructor(clusterId: string, topic: string) {
    this.#beginning = `"cluster_id":${JSON.stringify(clusterId)},"topic_name":${
      JSON.stringify(topic)
    },"partition_id":`;
  }

  /** `first` are fields in front of all others, such as `"error_code":200`. */
  produced(first: string, encoded: EncodedRecord, produced: ProducedRecord): string {
    const { keyTold, valueTold } = encoded;
    let text = `{${first},${this.#beginning}${produced.partition},"offset":${produced.offset}`;
    text += `,"timestamp":${this.#time(produced.timestampMs)}`;
    if (keyTold !== null) text += `,"key":${keyTold}`;
    if (valueTold !== null) text += `,"value":${valueTold}`;
    return text + "}";
  }

  #time(ms: number): string {
    if (ms !== this.#timestampMs) {
      this.#timestampMs = ms;
      this.#timestamp = JSON.stringify(new Date(ms));
    }
    return this.#timestamp;
  }
}

/** A refusal as the answer of a record in a stream. */
export function refusalText({ errorCode, message }: RecordRefusal): string {
  return `{"error_code":${errorCode},"message":${JSON.stringify(message)}}`;
}

/** Why a record was not written; what is a bug is logged, and answered 500. */
export function refusalOf(error: unknown, logger: ServiceLogger): RecordRefusal {
  const known = toHttpError(error, recordAnswer);
  if (known instanceof HttpError) return { errorCode: known.errorCode, message: known.message };
  logger.error(`A record failed: ${(error as Error).stack ?? String(error)}`);
  return { errorCode: 500, message: "The record failed inside the server" };
}

/** What v3 says of records: of a topic, that it is not known in time; of a partition, that there is none. */
function recordAnswer(error: KafkaError): StatusAndCode {
  if (error.code !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION) return v3Answer(error);
  return [404, error.retriable ? restCodes.TOPIC_NOT_FOUND : restCodes.PARTITION_NOT_FOUND];
}
