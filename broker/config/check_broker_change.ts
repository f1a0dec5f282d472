/**
 * Whether a broker may take these options while it runs (KIP-226).
 */
import type { BrokerConfig } from "./broker_config.ts";
import { describeProblem } from "./config_problem.ts";
import { type ConfigRefusal, invalidRequest } from "./config_refusal.ts";
import {
  type BrokerOptionName,
  brokerOptionTable,
  dynamicOnlyOptionTable,
  findBrokerOption,
  listenerBaseName,
  reloadableSecurityOptions,
} from "./option_table.ts";
import { parseOption } from "./option_value.ts";

type Texts = ReadonlyMap<string, string>;

/** Per-listener options that all brokers may share; the others belong to one broker. */
const SHARED_LISTENER_OPTIONS = [
  "max.connections",
  "max.connection.creation.rate",
  "num.network.threads",
];

/** Sizes that may at most double or halve at a time. */
const GRADUAL_OPTIONS: readonly BrokerOptionName[] = [
  "background.threads",
  "log.cleaner.threads",
  "num.io.threads",
  "num.network.threads",
  "num.recovery.threads.per.data.dir",
  "num.replica.fetchers",
  "remote.log.manager.copier.thread.pool.size",
  "remote.log.manager.expiration.thread.pool.size",
  "remote.log.manager.follower.thread.pool.size",
  "remote.log.reader.threads",
];

/**
 * Checks what would be set for this broker (`perBroker`) or for all of them. Options that no table
 * knows pass, as in Kafka: a plug-in might read them.
 */
export function checkBrokerChange(
  config: BrokerConfig,
  perBroker: boolean,
  next: Texts,
): ConfigRefusal | null {
  const names = [...next.keys()];
  const fixed = names.filter((name) => brokerOptionTable.get(name)?.scope === "read-only");
  if (fixed.length > 0) {
    return invalidRequest(`Only a restart can change ${fixed.join(", ")}`);
  }
  const unprefixed = names.filter((name) => reloadableSecurityOptions.has(name));
  if (unprefixed.length > 0) {
    return invalidRequest(
      `${
        unprefixed.join(", ")
      } can change for one listener only: listener.name.<listener>.<option>`,
    );
  }
  for (const [name, text] of next) {
    const option = findBrokerOption(name);
    if (option === undefined) continue;
    const parsed = parseOption(option, text);
    if (!parsed.ok) {
      const value = option.type === "PASSWORD" ? "[hidden]" : text;
      return invalidRequest(describeProblem({ option: name, value, allowed: parsed.allowed }));
    }
  }
  const own = perBroker ? [] : names.filter(belongsToOneBroker);
  if (own.length > 0) {
    return invalidRequest(`${own.join(", ")} can be set for single brokers only: name the broker`);
  }
  return checkTogether(config, perBroker, next);
}

function belongsToOneBroker(name: string): boolean {
  const base = listenerBaseName(name);
  if (base !== null) return !SHARED_LISTENER_OPTIONS.includes(base);
  const option = brokerOptionTable.get(name) ?? dynamicOnlyOptionTable.get(name);
  return option?.scope === "per-broker";
}

/** Checks the configuration that the broker would have. */
function checkTogether(
  config: BrokerConfig,
  perBroker: boolean,
  next: Texts,
): ConfigRefusal | null {
  const built = perBroker
    ? config.withDynamic(config.sources.dynamicDefault, next)
    : config.withDynamic(next, config.sources.dynamicBroker);
  if (!built.ok) return invalidRequest(describeProblem(built.problem));
  const changed = built.config;
  for (const name of GRADUAL_OPTIONS) {
    const before = Number(config.get(name));
    const after = Number(changed.get(name));
    const least = Math.trunc(before / 2);
    if (after === before || (after >= least && after <= before * 2)) continue;
    return invalidRequest(
      `${name}=${after}: allowed is ${least} to ${before * 2}, half to double of ${before}`,
    );
  }
  return checkLocalRetention(changed) ?? checkReporters(changed);
}

/** What is kept locally is a part of what is kept (KIP-405); Kafka checks it in changes alone. */
function checkLocalRetention(config: BrokerConfig): ConfigRefusal | null {
  const pairs = [
    ["log.local.retention.ms", "log.retention.ms", config.logRetentionMs],
    ["log.local.retention.bytes", "log.retention.bytes", config.get("log.retention.bytes")],
  ] as const;
  for (const [name, totalName, total] of pairs) {
    const local = config.get(name);
    if (local === -2 || total === -1 || (local !== -1 && local <= total)) continue;
    return invalidRequest(`${name}=${local}: allowed is at most ${totalName} (${total}), or -2`);
  }
  return null;
}

function checkReporters(config: BrokerConfig): ConfigRefusal | null {
  const foreign = config.get("metric.reporters").filter((name) =>
    name !== "org.apache.kafka.common.metrics.JmxReporter"
  );
  return foreign.length === 0
    ? null
    : invalidRequest(`metric.reporters=${foreign.join(",")}: kafkats loads no Java classes`);
}
