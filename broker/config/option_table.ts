/**
 * Every option by kind, found by name.
 */
import type { Option } from "./option.ts";
import { clientMetricsOptions } from "./options/client_metrics.ts";
import { dynamicOnlyOptions } from "./options/dynamic_only.ts";
import { entityOptions } from "./options/entity.ts";
import { groupOptions } from "./options/group.ts";
import { groupCoordinatorOptions } from "./options/groups.ts";
import { kraftOptions } from "./options/kraft.ts";
import { logOptions } from "./options/log.ts";
import { networkOptions } from "./options/network.ts";
import { oauthOptions } from "./options/oauth.ts";
import { quotaOptions } from "./options/quotas.ts";
import { replicationOptions } from "./options/replication.ts";
import { securityOptions } from "./options/security.ts";
import { shareOptions } from "./options/share.ts";
import { streamsGroupOptions } from "./options/streams.ts";
import { tieredOptions } from "./options/tiered.ts";
import { topicOptions } from "./options/topic.ts";
import { transactionOptions } from "./options/transactions.ts";

/** Options by name. */
export type OptionTable = ReadonlyMap<string, Option>;

const brokerOptions = [
  ...kraftOptions,
  ...networkOptions,
  ...logOptions,
  ...replicationOptions,
  ...groupCoordinatorOptions,
  ...shareOptions,
  ...streamsGroupOptions,
  ...transactionOptions,
  ...quotaOptions,
  ...tieredOptions,
  ...securityOptions,
  ...oauthOptions,
];

type AnyBrokerOption = typeof brokerOptions[number];

/** Names of the options that server.properties may set. */
export type BrokerOptionName = AnyBrokerOption["name"];

/** What the broker option of that name holds. */
export type BrokerOptionValue<N extends BrokerOptionName> = Extract<
  AnyBrokerOption,
  { readonly name: N }
>["defaultValue"];

/** What server.properties may set: Kafka's broker and controller options. */
export const brokerOptionTable: OptionTable = byName(brokerOptions);

/** Broker options that may be set only while the node runs. */
export const dynamicOnlyOptionTable: OptionTable = byName(dynamicOnlyOptions);

/** Options of topics. */
export const topicOptionTable: OptionTable = byName(topicOptions);

/** Options of groups. */
export const groupOptionTable: OptionTable = byName(groupOptions);

/** Options of client-metrics subscriptions. */
export const clientMetricsOptionTable: OptionTable = byName(clientMetricsOptions);

/** Options of users, client ids and addresses. */
export const entityOptionTable: OptionTable = byName(entityOptions);

/**
 * Options that TLS and SASL may reload, and that may therefore change while the node runs, yet only
 * for one listener: `listener.name.<listener>.<option>`.
 */
export const reloadableSecurityOptions: ReadonlySet<string> = new Set([
  "ssl.key.password",
  "ssl.keystore.certificate.chain",
  "ssl.keystore.key",
  "ssl.keystore.location",
  "ssl.keystore.password",
  "ssl.keystore.type",
  "ssl.truststore.certificates",
  "ssl.truststore.location",
  "ssl.truststore.password",
  "ssl.truststore.type",
]);

const LISTENER_OPTION = /^listener\.name\.[^.]*\.(.*)$/;

/** Options that are set per listener and SASL mechanism: `listener.name.<listener>.<mechanism>.<option>`. */
const MECHANISM_OPTIONS = [
  "sasl.jaas.config",
  "sasl.login.callback.handler.class",
  "sasl.login.class",
  "sasl.server.callback.handler.class",
  "connections.max.reauth.ms",
];

/**
 * The option behind a name that may carry a listener (and mechanism) prefix; null for a name without
 * such a prefix.
 */
export function listenerBaseName(name: string): string | null {
  const base = LISTENER_OPTION.exec(name)?.[1];
  if (base === undefined) return null;
  return MECHANISM_OPTIONS.find((option) => base.endsWith(option)) ?? base;
}

/** A broker option by name, with or without a listener prefix, also those that exist only at run time. */
export function findBrokerOption(name: string): Option | undefined {
  const exact = brokerOptionTable.get(name) ?? dynamicOnlyOptionTable.get(name);
  if (exact !== undefined) return exact;
  const base = listenerBaseName(name);
  return base === null ? undefined : brokerOptionTable.get(base);
}

/** Names that mean the same thing in other units, in the order in which they count. */
const SAME_MEANING: readonly (readonly string[])[] = [
  ["log.roll.ms", "log.roll.hours"],
  ["log.roll.jitter.ms", "log.roll.jitter.hours"],
  ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
];

/**
 * All names under which a broker option may be set, in the order in which they count: other units,
 * and for an option of a listener the one of all listeners where `withListener` is true.
 */
export function brokerSynonyms(name: string, withListener: boolean): readonly string[] {
  const group = SAME_MEANING.find((names) => names.includes(name));
  if (group !== undefined) return group;
  // The scheduler's interval stands in for the flush interval, not the other way round.
  if (name === "log.flush.interval.ms") return [name, "log.flush.scheduler.interval.ms"];
  const base = withListener ? listenerBaseName(name) : null;
  return base === null ? [name] : [name, base];
}

function byName(options: readonly Option[]): OptionTable {
  return new Map(options.map((option) => [option.name, option]));
}
