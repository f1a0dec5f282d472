/**
 * `KAFKA_*` environment variables as the container images spell options.
 */

import { ConfigError } from "./config_problem.ts";

/** Variables of the images and of Kafka's scripts that are no options. */
const NOT_OPTIONS: ReadonlySet<string> = new Set([
  "KAFKA_CLUSTER_ID",
  "KAFKA_CONF_DIR",
  "KAFKA_CONFIG",
  "KAFKA_DATA_DIR",
  "KAFKA_DEBUG",
  "KAFKA_GC_LOG_OPTS",
  "KAFKA_HEAP",
  "KAFKA_HEAP_OPTS",
  "KAFKA_HOME",
  "KAFKA_JMX_HOSTNAME",
  "KAFKA_JMX_OPTS",
  "KAFKA_JMX_PORT",
  "KAFKA_JVM_PERFORMANCE_OPTS",
  "KAFKA_KRAFT_CLUSTER_ID",
  "KAFKA_LOG4J_LOGGERS",
  "KAFKA_LOG4J_OPTS",
  "KAFKA_LOG4J_ROOT_LOGLEVEL",
  "KAFKA_MODE",
  "KAFKA_OPTS",
  "KAFKA_TOOLS_LOG4J_LOGLEVEL",
  "KAFKA_USER",
  "KAFKA_VERSION",
]);

/** Under which names the images take the id of a new cluster; an earlier one counts more. */
const CLUSTER_ID_NAMES = ["CLUSTER_ID", "KAFKA_CLUSTER_ID", "KAFKA_KRAFT_CLUSTER_ID"];

/**
 * The id that a new cluster is to have; null where none is set. Kafka's formatter takes any text, so
 * all that is refused (by a ConfigError) is what can only be a slip. Once a directory is formatted,
 * the images look at its own id alone.
 */
export function clusterIdFromEnvironment(
  environment: Readonly<Record<string, string>>,
): string | null {
  const option = CLUSTER_ID_NAMES.find((name) => (environment[name] ?? "") !== "");
  const value = option === undefined ? null : environment[option] ?? null;
  if (option === undefined || value === null) return null;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  const allowed =
    "letters, digits and signs without a blank, such as kafkats storage random-uuid prints";
  throw new ConfigError({ option, value, allowed });
}

/**
 * Options set by environment variables: `KAFKA_LOG_RETENTION_MS` is log.retention.ms; `_` is a dot,
 * `__` an underscore, `___` a dash. `KAFKA_CFG_` serves as prefix too.
 */
export function optionsFromEnvironment(
  environment: Readonly<Record<string, string>>,
): Map<string, string> {
  const options = new Map<string, string>();
  for (const variable of Object.keys(environment).sort()) {
    const option = optionOfVariable(variable);
    if (option !== null) options.set(option, environment[variable] ?? "");
  }
  return options;
}

/** The option that an environment variable sets, or null where it is none of ours. */
export function optionOfVariable(variable: string): string | null {
  if (!variable.startsWith("KAFKA_") || NOT_OPTIONS.has(variable)) return null;
  const name = variable.slice(variable.startsWith("KAFKA_CFG_") ? 10 : 6).toLowerCase();
  if (name === "") return null;
  return name.replace(/_{1,3}/g, (run) => run.length === 1 ? "." : run.length === 2 ? "_" : "-");
}
