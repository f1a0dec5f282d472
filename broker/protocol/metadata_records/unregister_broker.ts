import { int32, int64, type MessageOf, record } from "../schema.ts";

/** UnregisterBrokerRecord */
export const unregisterBrokerRecord = record({
  name: "UnregisterBrokerRecord",
  type: 1,
  versions: "0",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64(),
});

/** See {@linkcode unregisterBrokerRecord}. */
export type UnregisterBrokerRecord = MessageOf<typeof unregisterBrokerRecord>;
