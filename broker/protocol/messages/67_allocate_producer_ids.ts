import { api, int16, int32, int64, type RequestOf, type ResponseOf } from "../schema.ts";

/** A broker asks the controller for a block of producer ids (KIP-730). */
export const allocateProducerIds = api({
  key: 67,
  name: "AllocateProducerIds",
  versions: "0",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
});

/** What a client sends. */
export type AllocateProducerIdsRequest = RequestOf<typeof allocateProducerIds>;
/** What it is answered. */
export type AllocateProducerIdsResponse = ResponseOf<typeof allocateProducerIds>;
