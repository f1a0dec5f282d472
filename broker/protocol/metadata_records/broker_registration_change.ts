import { array, int32, int64, int8, type MessageOf, record, uuid } from "../schema.ts";

/** BrokerRegistrationChangeRecord */
export const brokerRegistrationChangeRecord = record({
  name: "BrokerRegistrationChangeRecord",
  type: 17,
  versions: "0-3",
  flexible: "0+",
}, {
  brokerId: int32(),
  brokerEpoch: int64(),
  fenced: int8({ tag: 0 }),
  inControlledShutdown: int8({ versions: "1+", tag: 1 }),
  logDirs: array(uuid(), { versions: "2+", tag: 2 }),
  cordonedLogDirs: array(uuid(), { versions: "3+", tag: 3, nullable: "3+", default: null }),
});

/** See {@linkcode brokerRegistrationChangeRecord}. */
export type BrokerRegistrationChangeRecord = MessageOf<typeof brokerRegistrationChangeRecord>;
