import {
  errorCodes,
  initProducerId,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from "../protocol/mod.ts";
import { handler } from "./handler.ts";

const NO_ID = -1;

/**
 * InitProducerId, versions 0 to 5: an id for an idempotent producer, from this node's block
 * (AllocateProducerIds).
 *
 * Behaviour: an id and epoch that the producer has already are not kept, as in Kafka: idempotence
 * without transactions starts over with a new id.
 *
 * Gaps: transactions are not served yet. A transactional id gets UNSUPPORTED_VERSION: it is not
 * retriable, so clients fail at once, where COORDINATOR_NOT_AVAILABLE would have them ask until their
 * timeout. Version 6 (KIP-939, unstable in Kafka 4.4) is not served.
 */
export const initProducerIdHandler = handler({
  api: initProducerId,
  versions: [0, 5],
  listeners: ["broker"],
  handle(request, { node }) {
    const refused = refusedCode(request);
    if (refused !== errorCodes.NONE) return refusal(refused);
    const id = node.producerIds.next();
    return typeof id === "number" ? granted(id) : id.then(granted);
  },
  failed: (_request, errorCode) => refusal(errorCode),
});

function refusedCode(request: InitProducerIdRequest): number {
  const { transactionalId, producerId, producerEpoch } = request;
  if ((producerId === NO_ID) !== (producerEpoch === NO_ID)) return errorCodes.INVALID_REQUEST;
  if (transactionalId === null) return errorCodes.NONE;
  return transactionalId === "" ? errorCodes.INVALID_REQUEST : errorCodes.UNSUPPORTED_VERSION;
}

function granted(producerId: number): InitProducerIdResponse {
  return { ...refusal(errorCodes.NONE), producerId, producerEpoch: 0 };
}

function refusal(errorCode: number): InitProducerIdResponse {
  return {
    throttleTimeMs: 0,
    errorCode,
    producerId: NO_ID,
    producerEpoch: -1,
    ongoingTxnProducerId: NO_ID,
    ongoingTxnProducerEpoch: -1,
  };
}
