/**
 * Configuration: every option of brokers, topics, groups and client-metrics subscriptions as a table;
 * reading them from server.properties, `KAFKA_*` variables and overrides; checking them against each
 * other; changing them while the node runs; telling them with their sources. Also the node's logger.
 */
export {
  type Alteration,
  alterConfigs,
  type AlterContext,
  alterOperation,
  type AlterOutcome,
  configResourceType,
  replaceConfigs,
  withChanges,
} from "./alter_configs.ts";
export { alterLoggers, LOGGER_LEVELS, type LoggerOutcome } from "./alter_loggers.ts";
export {
  BrokerConfig,
  buildConfig,
  type BuiltConfig,
  type ConfigSources,
} from "./broker_config.ts";
export { checkClientMetrics, checkGroup, checkTopic } from "./check_resources.ts";
export type { QuorumVoter } from "./config_fields.ts";
export { ConfigError, type ConfigProblem, describeProblem } from "./config_problem.ts";
export type { ConfigRefusal } from "./config_refusal.ts";
export {
  type ConfigEntry,
  configSource,
  type ConfigSynonym,
  type CreatedTopicConfig,
  createdTopicConfigs,
  describeBroker,
  describeBrokerDefaults,
  describeClientMetrics,
  describeGroup,
  describeLoggers,
  type DescribeOptions,
  describeTopic,
} from "./describe_configs.ts";
export { type Endpoint, formatEndpoint, type SecurityProtocol } from "./listeners.ts";
export { type ConfigInputs, loadConfig, type LoadedConfig } from "./load_config.ts";
export { type BoundedSink, boundedSink } from "./bounded_sink.ts";
export {
  createLogger,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  parseLogLevel,
  silentLogger,
} from "./logger.ts";
export { INT_MAX, LONG_MAX, type Option, type OptionType, type OptionValue } from "./option.ts";
export {
  type BrokerOptionName,
  brokerOptionTable,
  type BrokerOptionValue,
  clientMetricsOptionTable,
  entityOptionTable,
  groupOptionTable,
  type OptionTable,
  topicOptionTable,
} from "./option_table.ts";
export { parseProperties } from "./properties.ts";
export { topicSettings } from "./topic_settings.ts";
export { unservedProblem } from "./unserved.ts";
