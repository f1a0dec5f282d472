import { errorCodes } from "../errors.ts";
import { BatchCursor } from "./batch.ts";
import { CODEC_ZSTD } from "./compression/mod.ts";
import type { RefusedRecords } from "./append_rules.ts";
import { RecordsError } from "./records_error.ts";

/** From here on, Produce requests may carry zstd (KIP-110). */
const ZSTD_VERSION = 7;

const batch = new BatchCursor();

/**
 * What a Produce request of version 3 or later may hold per partition: exactly one batch, of magic 2,
 * without zstd before version 7. Null when `records` are that; a handler asks before it looks for the
 * log, as Kafka does.
 */
export function checkProducedRecords(
  records: Uint8Array,
  apiVersion: number,
): RefusedRecords | null {
  try {
    batch.reset(records);
    if (!batch.next()) return refuse(errorCodes.INVALID_RECORD, "there is no whole batch");
    if (batch.magic !== 2) {
      return refuse(errorCodes.INVALID_RECORD, `the batch's magic is ${batch.magic}, it must be 2`);
    }
    if (apiVersion < ZSTD_VERSION && batch.codecBits === CODEC_ZSTD) {
      return refuse(
        errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
        `zstd needs version ${ZSTD_VERSION} of the request, this is ${apiVersion}`,
      );
    }
    return batch.next() ? refuse(errorCodes.INVALID_RECORD, "there is more than one batch") : null;
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    const { errorCode, message } = error;
    // Kafka tells the client in words here.
    return { ok: false, errorCode, message, errorMessage: message, recordErrors: [] };
  } finally {
    batch.clear();
  }
}

function refuse(errorCode: number, what: string): RefusedRecords {
  const message = `Cannot take produced records: ${what}`;
  return { ok: false, errorCode, message, errorMessage: null, recordErrors: [] };
}
