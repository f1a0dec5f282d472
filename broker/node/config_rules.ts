import {
  type BrokerConfig,
  brokerOptionTable,
  checkClientMetrics,
  checkGroup,
  checkTopic,
  type ConfigRefusal,
  createdTopicConfigs,
  type Option,
  topicOptionTable,
} from "../config/mod.ts";
import type { ConfigRules } from "../controller/mod.ts";
import { errorCodes, topicNameProblem } from "../protocol/mod.ts";
import {
  RESOURCE_BROKER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";

/** The option, where its kind of resource lets values be appended to lists. */
function optionOf(resourceType: number, name: string): Option | undefined {
  switch (resourceType) {
    case RESOURCE_TOPIC:
      return topicOptionTable.get(name);
    case RESOURCE_BROKER:
      return brokerOptionTable.get(name);
    default:
      // Lists of groups and client metrics can be set whole only, as in Kafka.
      return undefined;
  }
}

/** Why nothing can have such a name; null when something can. A broker's empty name stands for all. */
function problemWithName(resourceType: number, name: string): ConfigRefusal | null {
  if (resourceType === RESOURCE_BROKER) return null;
  if (name === "") {
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: "The name may not be empty" };
  }
  const errorMessage = resourceType === RESOURCE_TOPIC ? topicNameProblem(name) : null;
  if (errorMessage === null) return null;
  return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, errorMessage };
}

/** What the controller asks of the option table; `config` gives the node's configuration of now. */
export function configRules(config: () => BrokerConfig): ConfigRules {
  return {
    validate({ resourceType, resourceName }, values, existing) {
      const unnamed = problemWithName(resourceType, resourceName);
      if (unnamed !== null) return unnamed;
      switch (resourceType) {
        case RESOURCE_TOPIC:
          return checkTopic(config(), existing, values);
        case RESOURCE_GROUP:
          return checkGroup(config(), values);
        case RESOURCE_CLIENT_METRICS:
          return checkClientMetrics(values);
        default:
          // Brokers check their own options before they ask the controller.
          return null;
      }
    },
    isList: (resourceType, name) => optionOf(resourceType, name)?.type === "LIST",
    defaultValue(resourceType, name) {
      const value = optionOf(resourceType, name)?.defaultValue ?? null;
      if (value === null) return null;
      return Array.isArray(value) ? value.join(",") : String(value);
    },
    topicConfigs: (overrides) => createdTopicConfigs(config(), overrides),
  };
}
