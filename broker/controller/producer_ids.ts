import {
  type AllocateProducerIdsRequest,
  type AllocateProducerIdsResponse,
  errorCodes,
} from "../protocol/mod.ts";
import { metadataRecord } from "../metadata/mod.ts";
import { staleBrokerEpoch } from "./brokers.ts";
import { answer, atomic, type ControllerResult } from "./result.ts";
import type { ControllerView } from "./view.ts";

/** How many producer ids a broker gets at a time (Kafka's number). */
export const PRODUCER_ID_BLOCK_SIZE = 1_000;

/** AllocateProducerIds (KIP-730): the next block of producer ids, which nobody gets again. */
export function allocateProducerIds(
  view: ControllerView,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): ControllerResult<AllocateProducerIdsResponse> {
  const refuse = (errorCode: number) =>
    answer({ throttleTimeMs: 0, errorCode, producerIdStart: 0, producerIdLen: 0 });
  if (staleBrokerEpoch(view, brokerId, brokerEpoch)) return refuse(errorCodes.STALE_BROKER_EPOCH);
  const producerIdStart = Math.max(0, view.image.nextProducerId);
  const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK_SIZE;
  // Beyond 2^53 ids would no longer be told apart; nobody gets there by a block at a time.
  if (!Number.isSafeInteger(nextProducerId)) return refuse(errorCodes.UNKNOWN_SERVER_ERROR);
  const record = metadataRecord("ProducerIdsRecord", 0, { brokerId, brokerEpoch, nextProducerId });
  return atomic([record], {
    throttleTimeMs: 0,
    errorCode: 0,
    producerIdStart,
    producerIdLen: PRODUCER_ID_BLOCK_SIZE,
  });
}
