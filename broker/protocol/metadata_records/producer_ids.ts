import { int32, int64, type MessageOf, record } from "../schema.ts";

/** ProducerIdsRecord */
export const producerIdsRecord = record({
  name: "ProducerIdsRecord",
  type: 15,
  versions: "0",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64({ default: -1 }),
  nextProducerId: int64(),
});

/** See {@linkcode producerIdsRecord}. */
export type ProducerIdsRecord = MessageOf<typeof producerIdsRecord>;
