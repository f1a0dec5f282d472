import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  uuid,
} from "../schema.ts";

/** A registered broker shows that it is alive, and asks to be unfenced or shut down (KIP-631). */
export const brokerHeartbeat = api({
  key: 63,
  name: "BrokerHeartbeat",
  versions: "0-2",
  flexible: "0+",
  listeners: ["controller"],
}, {
  request: {
    brokerId: int32(),
    brokerEpoch: int64({ default: -1 }),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    // KIP-858.
    offlineLogDirs: array(uuid(), { versions: "1+", tag: 0 }),
    // KIP-1066; null before the broker has recovered.
    cordonedLogDirs: array(uuid(), { versions: "2+", tag: 1, nullable: "2+", default: null }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: bool(),
    isFenced: bool({ default: true }),
    shouldShutDown: bool(),
  },
});

/** What a client sends. */
export type BrokerHeartbeatRequest = RequestOf<typeof brokerHeartbeat>;
/** What it is answered. */
export type BrokerHeartbeatResponse = ResponseOf<typeof brokerHeartbeat>;
