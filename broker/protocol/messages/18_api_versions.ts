import {
  api,
  array,
  bool,
  int16,
  int32,
  int64,
  type RequestOf,
  type ResponseOf,
  string,
} from "../schema.ts";

/**
 * Tells which versions of which APIs are served, and the features. Its response header never gets
 * tagged fields, and a request of an unknown version is answered in version 0 (KIP-511).
 */
export const apiVersions = api({
  key: 18,
  name: "ApiVersions",
  versions: "0-5",
  flexible: "3+",
  listeners: ["broker", "controller"],
}, {
  request: {
    clientSoftwareName: string({ versions: "3+" }),
    clientSoftwareVersion: string({ versions: "3+" }),
    // KIP-1242: a client that came to a foreign cluster is told to start over.
    clusterId: string({ versions: "5+", nullable: "5+", default: null }),
    nodeId: int32({ versions: "5+", default: -1 }),
  },
  response: {
    errorCode: int16(),
    apiKeys: array({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ versions: "1+" }),
    // KIP-584. Up to version 3 without features whose lowest level is 0 (KAFKA-17011).
    supportedFeatures: array({
      name: string(),
      minVersion: int16(),
      maxVersion: int16(),
    }, { versions: "3+", tag: 0 }),
    // Offset of the metadata log; -1: unknown, finalizedFeatures do not count.
    finalizedFeaturesEpoch: int64({ versions: "3+", tag: 1, default: -1 }),
    finalizedFeatures: array({
      name: string(),
      maxVersionLevel: int16(),
      minVersionLevel: int16(),
    }, { versions: "3+", tag: 2 }),
    // KIP-866.
    zkMigrationReady: bool({ versions: "3+", tag: 3 }),
  },
});

/** What a client sends. */
export type ApiVersionsRequest = RequestOf<typeof apiVersions>;
/** What it is answered. */
export type ApiVersionsResponse = ResponseOf<typeof apiVersions>;
