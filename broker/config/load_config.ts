import { BrokerConfig, buildConfig } from "./broker_config.ts";
import { ConfigError } from "./config_problem.ts";
import { clusterIdFromEnvironment, optionsFromEnvironment } from "./environment.ts";
import { nodeDefaults, withControllerListener } from "./node_defaults.ts";
import { dynamicOnlyOptionTable, findBrokerOption } from "./option_table.ts";
import { hasRepeatedItems } from "./option_value.ts";
import { parseProperties } from "./properties.ts";
import { securedListenerProblem } from "./unserved.ts";

/** What a node is configured with; later ones count more. */
export interface ConfigInputs {
  /** Text of a server.properties file. */
  readonly properties?: string;
  /** Environment variables; those that begin with `KAFKA_` are read, and `CLUSTER_ID`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** `name=value` each, as given to `--override`. */
  readonly overrides?: readonly string[];
}

/** A configuration to start with, and what is worth telling about it. */
export interface LoadedConfig {
  readonly config: BrokerConfig;
  /** The id that the cluster is to have if it is new; null: one by chance. */
  readonly newClusterId: string | null;
  /** One sentence each: unknown names, values that do less than they promise. */
  readonly warnings: readonly string[];
}

/**
 * Reads a node's configuration: file, then environment, then overrides. Unknown names give warnings.
 * Throws ConfigError, naming option, value and what is allowed, where a node could not start with it.
 */
export async function loadConfig(inputs: ConfigInputs): Promise<LoadedConfig> {
  const { environment = {} } = inputs;
  const newClusterId = clusterIdFromEnvironment(environment);
  const set = new Map([
    ...inputs.properties === undefined ? [] : await parseProperties(inputs.properties),
    ...optionsFromEnvironment(environment),
    ...(inputs.overrides ?? []).map(parseOverride),
  ]);
  const warnings = warningsFor(set);
  const given = set.get("listeners") ?? null;
  const listeners = withControllerListener(set);
  if (listeners !== null) set.set("listeners", listeners);
  // Kafka fills the old name in, and DescribeConfigs shows it as set.
  if (set.has("node.id") && !set.has("broker.id")) set.set("broker.id", set.get("node.id") ?? "");
  if (set.has("broker.id") && !set.has("node.id")) set.set("node.id", set.get("broker.id") ?? "");

  const defaults = nodeDefaults(set);
  const built = buildConfig({
    static: set,
    nodeDefaults: defaults,
    dynamicDefault: new Map(),
    dynamicBroker: new Map(),
  });
  if (!built.ok) {
    const { problem } = built;
    const asGiven = problem.option === "listeners" ? { ...problem, value: given } : problem;
    throw new ConfigError(securedListenerProblem(asGiven, given, set) ?? asGiven);
  }
  return { config: built.config, newClusterId, warnings };
}

function parseOverride(text: string): [string, string] {
  const equals = text.indexOf("=");
  const name = text.slice(0, Math.max(equals, 0)).trim();
  if (name === "") {
    throw new ConfigError({ option: "--override", value: text, allowed: "name=value" });
  }
  return [name, text.slice(equals + 1).trim()];
}

/** Options whose names begin so are read by plug-ins. */
const PLUGIN_PREFIXES = ["rlmm.config.", "rsm.config.", "config.providers."];

/** Options of older Kafkas that mean nothing any more. */
const GONE =
  /^(zookeeper\.|log\.message\.format|inter\.broker\.protocol|control\.plane|broker\.id\.gen)/;

/** Java classes that only watch: they may be left out, but not silently. */
const WATCHING_CLASSES = ["metric.reporters", "kafka.metrics.reporters"];

function warningsFor(set: ReadonlyMap<string, string>): string[] {
  const warnings: string[] = [];
  for (const [name, value] of set) {
    const option = findBrokerOption(name);
    if (GONE.test(name)) {
      warnings.push(`${name} is ignored: Kafka 4 has it no more`);
    } else if (option === undefined) {
      if (PLUGIN_PREFIXES.some((prefix) => name.startsWith(prefix))) continue;
      warnings.push(`${name} is no option that this broker knows; it is ignored`);
    } else if (dynamicOnlyOptionTable.has(name)) {
      warnings.push(`${name} is ignored: it can be set only while the broker runs`);
    } else if (WATCHING_CLASSES.includes(name) && !/^\s*$|JmxReporter\s*$/.test(value)) {
      warnings.push(`${name}=${value} is ignored: kafkats loads no Java classes`);
    } else if (name === "config.providers" && value.trim() !== "") {
      warnings.push(`${name}=${value} is ignored: \${provider:key} in a value stays as it is`);
    } else if (hasRepeatedItems(option.type, value)) {
      warnings.push(`${name}=${value} names something twice; once is enough`);
    }
  }
  return warnings;
}
