import { configResourceType } from "../config/mod.ts";
import type { MetadataImage } from "../metadata/mod.ts";
import {
  errorCodes,
  listConfigResources,
  type ListConfigResourcesResponse,
} from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

type Resource = ListConfigResourcesResponse["configResources"][number];

const KNOWN: readonly number[] = Object.values(configResourceType);

/**
 * ListConfigResources, versions 0 and 1 (KIP-1142): what can be configured. Version 0 knows client
 * metrics alone; in version 1 no types stand for all, and an unknown type is UNSUPPORTED_VERSION.
 *
 * Behaviour: topics and brokers are those that exist, groups and client metrics those with values.
 *
 * Gaps: groups without values of their own are not listed.
 */
export const listConfigResourcesHandler = handler({
  api: listConfigResources,
  versions: [0, 1],
  listeners: ["broker"],
  handle({ resourceTypes }, context) {
    if (resourceTypes.some((type) => !KNOWN.includes(type))) {
      return refusal(errorCodes.UNSUPPORTED_VERSION);
    }
    const isAll = resourceTypes.length === 0;
    const types = context.version === 0
      ? [configResourceType.clientMetrics]
      : isAll
      ? KNOWN
      : [...new Set(resourceTypes)];
    const configResources = types.flatMap((type) => resourcesOf(type, context));
    return { ...refusal(errorCodes.NONE), configResources };
  },
  failed: (_request, errorCode) => refusal(errorCode),
});

function resourcesOf(resourceType: number, { node }: HandlerContext): Resource[] {
  const image = node.metadata.image();
  return namesOf(resourceType, image).map((resourceName) => ({ resourceName, resourceType }));
}

function namesOf(resourceType: number, image: MetadataImage): string[] {
  switch (resourceType) {
    case configResourceType.topic:
      return Array.from(image.topics, ({ name }) => name);
    case configResourceType.broker:
    case configResourceType.brokerLogger:
      return Array.from(image.brokers.keys(), String);
    default:
      return Array.from(image.configs.resources())
        .filter((resource) => resource.resourceType === resourceType)
        .map(({ resourceName }) => resourceName);
  }
}

function refusal(errorCode: number): ListConfigResourcesResponse {
  return { throttleTimeMs: 0, errorCode, configResources: [] };
}
