import {
  type Alteration,
  alterConfigs,
  alterLoggers,
  configResourceType,
  replaceConfigs,
} from "../config/mod.ts";
import { ELIGIBLE_LEADER_REPLICAS_VERSION, featureLevel } from "../metadata/mod.ts";
import { errorCodes, errorMessage } from "../protocol/mod.ts";
import type { HandlerContext, NodeRooms } from "./context.ts";

/** One resource of a request that changes configurations. */
export interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly Alteration[];
}

/** What one resource is answered. */
export interface AlterResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

/** How a request changes options. */
export interface AlterManner {
  /** The legacy AlterConfigs, in which what is not named goes back to its default. */
  readonly isWhole: boolean;
  readonly validateOnly: boolean;
}

type Refusal = Pick<AlterResult, "errorCode" | "errorMessage">;

/**
 * What this broker decides before the controller is asked, as in Kafka: that a resource is named
 * twice, and whether options of this node can be changed so, which only the node itself can judge.
 * Gives one answer per resource, null for those that go on to the controller. Levels of loggers are
 * changed here too, unless the request only asks.
 */
export function decideHere(
  resources: readonly AlteredResource[],
  manner: AlterManner,
  { node, role }: HandlerContext,
): (AlterResult | null)[] {
  // Controllers leave the options of brokers to those, and are asked about others' as well.
  if (role === "controller") return resources.map(() => null);
  return resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const isTwice = resources.some((other) =>
      other !== resource && other.resourceType === resourceType &&
      other.resourceName === resourceName
    );
    const decided = isTwice
      ? invalid("Each resource may appear once only")
      : decide(resource, manner, node);
    return decided === null ? null : { ...decided, resourceType, resourceName };
  });
}

/** Puts the controller's answers between those that were given here, in the order of the request. */
export function mergeResults(
  resources: readonly AlteredResource[],
  decided: readonly (AlterResult | null)[],
  answered: readonly AlterResult[],
): AlterResult[] {
  return resources.map(({ resourceType, resourceName }, index) =>
    decided[index] ?? answered.find((result) =>
      result.resourceType === resourceType && result.resourceName === resourceName
    ) ?? failedResource(resourceType, resourceName, errorCodes.UNKNOWN_SERVER_ERROR)
  );
}

/** The answer to a resource when nothing could be done. */
export function failedResource(
  resourceType: number,
  resourceName: string,
  errorCode: number,
): AlterResult {
  return { errorCode, errorMessage: errorMessage(errorCode), resourceType, resourceName };
}

function decide(
  resource: AlteredResource,
  manner: AlterManner,
  node: NodeRooms,
): Refusal | null {
  switch (resource.resourceType) {
    case configResourceType.topic:
    case configResourceType.clientMetrics:
    case configResourceType.group:
      return null;
    case configResourceType.broker:
      return refuseBroker(resource, manner.isWhole, node);
    case configResourceType.brokerLogger:
      if (manner.isWhole) break;
      return changeLoggers(resource, manner.validateOnly, node);
  }
  return invalid(`Resources of type ${resource.resourceType} have no options to alter`);
}

function changeLoggers(
  { resourceName, configs }: AlteredResource,
  validateOnly: boolean,
  { nodeId, loggers }: NodeRooms,
): Refusal {
  const outcome = alterLoggers(nodeId, resourceName, new Set(loggers.levels().keys()), configs);
  if (outcome.levels === null) return resultOf(outcome);
  for (const [name, level] of outcome.levels) {
    // A logger other than the root may go back to the root's level; there are no others.
    if (level !== null && !validateOnly) loggers.setLevel(name, level);
  }
  return resultOf(outcome);
}

function refuseBroker(
  { resourceType, resourceName, configs }: AlteredResource,
  isWhole: boolean,
  node: NodeRooms,
): Refusal | null {
  const image = node.metadata.image();
  const context = {
    config: node.config(),
    elrEnabled: featureLevel(image, ELIGIBLE_LEADER_REPLICAS_VERSION) > 0,
  };
  const current = image.configs.get(resourceType, resourceName);
  const decideChange = isWhole ? replaceConfigs : alterConfigs;
  const outcome = decideChange(context, resourceType, resourceName, current, configs);
  return outcome.errorCode === 0 ? null : resultOf(outcome);
}

function resultOf(outcome: { errorCode: number; errorMessage?: string | null }): Refusal {
  return { errorCode: outcome.errorCode, errorMessage: outcome.errorMessage ?? null };
}

function invalid(message: string): Refusal {
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: message };
}
