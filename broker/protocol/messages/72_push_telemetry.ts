import {
  api,
  bool,
  bytes,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  uuid,
} from "../schema.ts";

/** A client sends its metrics (KIP-714). */
export const pushTelemetry = api({
  key: 72,
  name: "PushTelemetry",
  versions: "0",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    // OpenTelemetry MetricsData v1 in Protobuf, compressed.
    metrics: bytes(),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
  },
});

/** What a client sends. */
export type PushTelemetryRequest = RequestOf<typeof pushTelemetry>;
/** What it is answered. */
export type PushTelemetryResponse = ResponseOf<typeof pushTelemetry>;
