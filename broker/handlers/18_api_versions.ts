import { KRAFT_VERSION, METADATA_VERSION, SUPPORTED_FEATURES } from "../metadata/mod.ts";
import {
  apiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  errorCodes,
} from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

/** What a client may call itself and its version (KIP-511). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/**
 * ApiVersions, versions 0 to 5: which APIs in which versions this listener serves.
 *
 * Behaviour: the list is the list of handlers. A version that is not served is answered in version 0
 * with UNSUPPORTED_VERSION and the range of ApiVersions itself, so that the client can ask again
 * (KIP-511). Features as the metadata has them (KIP-584); up to version 3 without those that start at
 * level 0, which older clients can't read. From version 5 a client that names another cluster or
 * node is told to bootstrap anew (KIP-1242).
 *
 * Gaps: none known.
 */
export const apiVersionsHandler = handler({
  api: apiVersions,
  versions: [0, 5],
  listeners: ["broker", "controller"],
  handle(request, context) {
    const { version, apis, connection } = context;
    const errorCode = problemOf(request, context);
    if (errorCode !== errorCodes.NONE) return refusal(errorCode);
    if (version >= 3) {
      const { clientSoftwareName, clientSoftwareVersion } = request;
      connection.software = { name: clientSoftwareName, version: clientSoftwareVersion };
    }
    return { ...refusal(errorCodes.NONE), ...featuresOf(context), apiKeys: [...apis] };
  },
  failed: (_request, errorCode) => refusal(errorCode),
  unsupported({ apis }) {
    const apiKeys = apis.filter(({ apiKey }) => apiKey === apiVersions.key);
    return { ...refusal(errorCodes.UNSUPPORTED_VERSION), apiKeys };
  },
});

function problemOf(request: ApiVersionsRequest, { version, node }: HandlerContext): number {
  if (version < 3) return errorCodes.NONE;
  const { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId } = request;
  if (!SOFTWARE.test(clientSoftwareName) || !SOFTWARE.test(clientSoftwareVersion)) {
    return errorCodes.INVALID_REQUEST;
  }
  if (version < 5 || (clusterId === null && nodeId === -1)) return errorCodes.NONE;
  if (clusterId === null || nodeId === -1) return errorCodes.INVALID_REQUEST;
  const isHere = clusterId === node.clusterId && nodeId === node.nodeId;
  return isHere ? errorCodes.NONE : errorCodes.REBOOTSTRAP_REQUIRED;
}

function featuresOf(
  { version, node }: HandlerContext,
): Pick<ApiVersionsResponse, "supportedFeatures" | "finalizedFeatures" | "finalizedFeaturesEpoch"> {
  const { features, provenance } = node.metadata.image();
  const supportedFeatures = SUPPORTED_FEATURES
    .filter(({ minSupportedVersion }) => version >= 4 || minSupportedVersion > 0)
    .map(({ name, minSupportedVersion, maxSupportedVersion }) => ({
      name,
      minVersion: minSupportedVersion,
      maxVersion: maxSupportedVersion,
    }));
  const finalizedFeatures = Array.from(features.levels, ([name, level]) => finalized(name, level));
  if (features.metadataVersion !== null) {
    finalizedFeatures.push(finalized(METADATA_VERSION, features.metadataVersion));
  }
  const kraftVersion = node.metadata.kraftVersion();
  if (kraftVersion > 0) finalizedFeatures.push(finalized(KRAFT_VERSION, kraftVersion));
  return { supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch: provenance.offset };
}

function finalized(name: string, level: number) {
  return { name, maxVersionLevel: level, minVersionLevel: level };
}

/** A response without APIs and features. */
function refusal(errorCode: number): ApiVersionsResponse {
  return {
    errorCode,
    apiKeys: [],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  };
}
