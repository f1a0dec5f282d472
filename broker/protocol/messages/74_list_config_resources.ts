import {
  api,
  array,
  int16,
  int32,
  int8,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * Lists resources that have configurations; version 0 knows client metrics only (KIP-714,
 * KIP-1142).
 */
export const listConfigResources = api({
  key: 74,
  name: "ListConfigResources",
  versions: "0-1",
  flexible: "0+",
  listeners: ["broker"],
}, {
  request: {
    // KIP-1142; empty means all.
    resourceTypes: array(int8(), { versions: "1+" }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array({
      resourceName: string(),
      resourceType: int8({ versions: "1+", default: 16 }),
    }),
  },
});

/** What a client sends. */
export type ListConfigResourcesRequest = RequestOf<typeof listConfigResources>;
/** What it is answered. */
export type ListConfigResourcesResponse = ResponseOf<typeof listConfigResources>;
