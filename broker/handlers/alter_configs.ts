import { errorCodes, errorMessage } from "../protocol/mod.ts";
import type { ConfigChange } from "./configs_room.ts";
import type { NodeRooms } from "./context.ts";

/** Kafka's numbers of what can be configured. */
export const RESOURCE_TYPES = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const;

/** One resource of a request that changes configurations. */
export interface AlteredResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly ConfigChange[];
}

/** What one resource is answered. */
export interface AlterResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Which kind of request it is. */
export interface AlterKind {
  /** The legacy AlterConfigs: what it does not name goes back to its default. */
  readonly isWhole: boolean;
  readonly validateOnly: boolean;
}

const DELETE = 1;

/**
 * What this broker refuses before the controller is asked, as in Kafka: a resource named twice, a
 * name twice or without value, and options of brokers that can't be changed so, which only the broker
 * itself can judge. Gives one answer per resource, null for those that go to the controller.
 */
export function refuseChanges(
  resources: readonly AlteredResource[],
  kind: AlterKind,
  node: NodeRooms,
): (AlterResult | null)[] {
  return resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const isTwice = resources.some((other) =>
      other !== resource && other.resourceType === resourceType &&
      other.resourceName === resourceName
    );
    const refused = isTwice
      ? invalid("Each resource may appear once only")
      : refuseChange(resource, kind, node);
    return refused === null ? null : { ...refused, resourceType, resourceName };
  });
}

/** Puts the controller's answers, in the order in which it was asked, between those given before. */
export function mergeResults(
  resources: readonly AlteredResource[],
  refused: readonly (AlterResult | null)[],
  answered: readonly AlterResult[],
): AlterResult[] {
  return resources.map(({ resourceType, resourceName }, index) => {
    const own = refused[index];
    if (own !== null && own !== undefined) return own;
    return answered.find((result) =>
      result.resourceType === resourceType && result.resourceName === resourceName
    ) ?? failure(resourceType, resourceName, errorCodes.UNKNOWN_SERVER_ERROR);
  });
}

/** The answer to a resource when nothing could be done. */
export function failure(
  resourceType: number,
  resourceName: string,
  errorCode: number,
): AlterResult {
  return { errorCode, errorMessage: errorMessage(errorCode), resourceType, resourceName };
}

type Refusal = Pick<AlterResult, "errorCode" | "errorMessage">;

function refuseChange(
  resource: AlteredResource,
  { isWhole }: AlterKind,
  node: NodeRooms,
): Refusal | null {
  const { resourceType, resourceName, configs } = resource;
  const names = configs.map(({ name }) => name);
  if (new Set(names).size < names.length) return invalid("An option is named twice");
  const withoutValue = configs
    .filter(({ value, configOperation }) => value === null && configOperation !== DELETE)
    .map(({ name }) => name);
  if (withoutValue.length > 0) return invalid(`No value is given for ${withoutValue.join(", ")}`);
  switch (resourceType) {
    case RESOURCE_TYPES.topic:
    case RESOURCE_TYPES.clientMetrics:
    case RESOURCE_TYPES.group:
      return null;
    case RESOURCE_TYPES.broker: {
      const problem = (resourceName === "" ? null : notThisNode(resourceName, node.nodeId)) ??
        node.configs.checkBrokerChange(resourceName, configs, isWhole);
      return problem === null ? null : invalid(problem);
    }
    case RESOURCE_TYPES.brokerLogger:
      return isWhole
        ? invalid(`Cannot configure resources of type ${resourceType}`)
        : refuseLoggers(resource, node);
    default:
      return invalid(`Unknown resource type ${resourceType}`);
  }
}

/** Levels of single loggers can't be set: kafkats has one. */
function refuseLoggers({ resourceName, configs }: AlteredResource, node: NodeRooms): Refusal {
  const problem = notThisNode(resourceName, node.nodeId);
  if (problem !== null) return invalid(problem);
  const first = configs[0];
  if (first === undefined) return { errorCode: errorCodes.NONE, errorMessage: null };
  return {
    errorCode: errorCodes.INVALID_CONFIG,
    errorMessage: `There is no logger ${first.name}`,
  };
}

function notThisNode(resourceName: string, nodeId: number): string | null {
  if (!/^[+-]?\d+$/.test(resourceName)) {
    return `A node id is a whole number, but this is ${JSON.stringify(resourceName)}`;
  }
  return Number(resourceName) === nodeId
    ? null
    : `This is node ${nodeId}, but the request is about node ${resourceName}`;
}

function invalid(message: string): Refusal {
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: message };
}
