import {
  type ConfigEntry,
  configResourceType,
  describeBroker,
  describeBrokerDefaults,
  describeClientMetrics,
  describeGroup,
  describeLoggers,
  type DescribeOptions,
  describeTopic,
} from "../config/mod.ts";
import {
  describeConfigs,
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  errorCodes,
  errorMessage,
  topicNameProblem,
} from "../protocol/mod.ts";
import type { NodeRooms } from "./context.ts";
import { handler } from "./handler.ts";

type Resource = DescribeConfigsRequest["resources"][number];
type Result = DescribeConfigsResponse["results"][number];

/**
 * DescribeConfigs, versions 1 to 4: every option of topics, brokers, groups and client metrics with
 * its value, source and synonyms.
 *
 * Behaviour: a broker's options are told by that broker alone; the empty name stands for what is set
 * for all brokers. There is one logger, the root. A topic must exist; groups and subscriptions need not, as in Kafka.
 */
export const describeConfigsHandler = handler({
  api: describeConfigs,
  versions: [1, 4],
  listeners: ["broker", "controller"],
  handle({ resources, includeSynonyms, includeDocumentation }, { node }) {
    const results = resources.map((resource) => {
      const names = resource.configurationKeys;
      return describe(resource, { names, includeSynonyms, includeDocumentation }, node);
    });
    return { throttleTimeMs: 0, results };
  },
  failed: ({ resources }, errorCode) => ({
    throttleTimeMs: 0,
    results: resources.map((resource) => refused(resource, errorCode, errorMessage(errorCode))),
  }),
});

function describe(resource: Resource, options: DescribeOptions, node: NodeRooms): Result {
  const { resourceType, resourceName } = resource;
  const problem = problemOf(resource, node);
  if (problem !== null) return refused(resource, problem.errorCode, problem.message);
  const config = node.config();
  const own = node.metadata.image().configs.get(resourceType, resourceName);
  switch (resourceType) {
    case configResourceType.topic:
      return described(resource, describeTopic(config, own, options));
    case configResourceType.group:
      return described(resource, describeGroup(config, own, options));
    case configResourceType.clientMetrics:
      return described(resource, describeClientMetrics(own, options));
    case configResourceType.brokerLogger:
      return described(resource, describeLoggers(node.loggers.levels(), options));
    default:
      return described(
        resource,
        resourceName === ""
          ? describeBrokerDefaults(config, options)
          : describeBroker(config, options),
      );
  }
}

/** Why nothing can be told of a resource; null when something can. */
function problemOf(
  { resourceType, resourceName }: Resource,
  { nodeId, metadata }: NodeRooms,
): { errorCode: number; message: string } | null {
  const invalid = (message: string) => ({ errorCode: errorCodes.INVALID_REQUEST, message });
  switch (resourceType) {
    case configResourceType.topic: {
      const message = topicNameProblem(resourceName);
      if (message !== null) return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, message };
      if (metadata.image().topics.byName(resourceName) !== undefined) return null;
      return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, message: "" };
    }
    case configResourceType.group:
    case configResourceType.clientMetrics:
      return resourceName === "" ? invalid("The name may not be empty") : null;
    case configResourceType.broker:
      return resourceName === "" ? null : otherNode(resourceName, nodeId, invalid);
    case configResourceType.brokerLogger:
      return otherNode(resourceName, nodeId, invalid);
    default:
      return invalid(`Resources of type ${resourceType} have no options`);
  }
}

function otherNode<T>(name: string, nodeId: number, invalid: (message: string) => T): T | null {
  if (!/^[+-]?\d{1,10}$/.test(name)) return invalid(`"${name}" is no node id: a whole number is`);
  if (Number(name) === nodeId) return null;
  return invalid(`This is node ${nodeId}, not node ${name}: ask that node`);
}

function described({ resourceType, resourceName }: Resource, entries: ConfigEntry[]): Result {
  const configs = entries.map((entry) => ({ ...entry, synonyms: [...entry.synonyms] }));
  // Kafka tells an empty sentence, not null, when all is well.
  return { errorCode: errorCodes.NONE, errorMessage: "", resourceType, resourceName, configs };
}

function refused(
  { resourceType, resourceName }: Resource,
  errorCode: number,
  message: string,
): Result {
  return { errorCode, errorMessage: message, resourceType, resourceName, configs: [] };
}
