import {
  api,
  array,
  bool,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
  uuid,
} from "../schema.ts";

/** A client asks which of its metrics the cluster wants (KIP-714). */
export const getTelemetrySubscriptions = api({
  key: 71,
  name: "GetTelemetrySubscriptions",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    // Zero in the first request: the broker chooses one.
    clientInstanceId: uuid(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    // Prefixes of names; none: no metrics, one empty prefix: all.
    requestedMetrics: array(string()),
  },
});

/** What a client sends. */
export type GetTelemetrySubscriptionsRequest = RequestOf<typeof getTelemetrySubscriptions>;
/** What it is answered. */
export type GetTelemetrySubscriptionsResponse = ResponseOf<typeof getTelemetrySubscriptions>;
