/**
 * Whether a topic, group or client-metrics subscription may have these options.
 */
import { type ConfigRefusal, invalidConfig, invalidRequest } from "./config_refusal.ts";
import type { BrokerConfig } from "./broker_config.ts";
import { boundedGroupOptions, knownAssignors } from "./check_groups.ts";
import {
  clientMetricsOptionTable,
  groupOptionTable,
  type OptionTable,
  topicOptionTable,
} from "./option_table.ts";
import type { OptionValue } from "./option.ts";
import { hasRepeatedItems, parseOption } from "./option_value.ts";
import { topicValue } from "./topic_settings.ts";

type Texts = ReadonlyMap<string, string>;

/** Checks the options of a topic; `current` are those it has now (none for a new topic). */
export function checkTopic(
  config: BrokerConfig,
  current: Texts,
  next: Texts,
): ConfigRefusal | null {
  const unparsed = checkTexts("topic", topicOptionTable, next);
  if (unparsed !== null) return unparsed;
  const number = (name: string) => Number(effective(config, next, name));
  if (number("min.compaction.lag.ms") > number("max.compaction.lag.ms")) {
    return invalidConfig(
      `min.compaction.lag.ms (${number("min.compaction.lag.ms")}) must be at most ` +
        `max.compaction.lag.ms (${number("max.compaction.lag.ms")})`,
    );
  }
  const flag = (name: string) => effective(config, next, name) === true;
  if (flag("remote.storage.enable")) {
    return checkTiered(config, next);
  }
  const wasTiered = current.get("remote.storage.enable")?.trim().toLowerCase() === "true";
  return wasTiered && !flag("remote.log.delete.on.disable")
    ? invalidConfig(
      "remote.storage.enable can be turned off only together with " +
        "remote.log.delete.on.disable=true; remote.log.copy.disable=true keeps what is there",
    )
    : null;
}

function checkTiered(config: BrokerConfig, next: Texts): ConfigRefusal | null {
  const value = (name: string) => effective(config, next, name);
  if (!config.get("remote.log.storage.system.enable")) {
    return invalidConfig("remote.storage.enable needs tiered storage, which is off on this broker");
  }
  if ((value("cleanup.policy") as readonly string[]).includes("compact")) {
    return invalidConfig("remote.storage.enable goes with cleanup.policy=delete only");
  }
  for (const what of ["ms", "bytes"]) {
    const total = Number(value(`retention.${what}`));
    const local = Number(value(`local.retention.${what}`));
    const allowed = local === -2 || total === -1 || (local !== -1 && local <= total);
    if (!allowed) {
      return invalidConfig(
        `local.retention.${what}=${local} must be at most retention.${what} (${total}), or -2`,
      );
    }
    if (value("remote.log.copy.disable") === true && local !== -2 && local !== total) {
      return invalidConfig(
        `local.retention.${what}=${local} must equal retention.${what} (${total}) or be -2 ` +
          "while remote.log.copy.disable is true",
      );
    }
  }
  return null;
}

function effective(config: BrokerConfig, next: Texts, name: string): OptionValue {
  const option = topicOptionTable.get(name);
  return option === undefined ? null : topicValue(config, next, option);
}

/** Checks the options of a group against their bounds in the broker's configuration. */
export function checkGroup(config: BrokerConfig, next: Texts): ConfigRefusal | null {
  const unparsed = checkTexts("group", groupOptionTable, next);
  if (unparsed !== null) return unparsed;
  for (const { name: brokerName, min, max } of boundedGroupOptions) {
    const name = brokerName.slice("group.".length);
    if (!next.has(name)) continue;
    const value = Number(next.get(name));
    const least = min === null ? -Infinity : Number(config.get(min));
    const largest = max === null ? Infinity : Number(config.get(max));
    if (value >= least && value <= largest) continue;
    const allowed = min === null
      ? `at most ${largest}`
      : max === null
      ? `at least ${least}`
      : `${least} to ${largest}`;
    return invalidConfig(`${name}=${value}: allowed is ${allowed}`);
  }
  for (const kind of ["consumer", "share", "streams"] as const) {
    const time = (what: "session.timeout.ms" | "heartbeat.interval.ms") =>
      Number(next.get(`${kind}.${what}`) ?? config.get(`group.${kind}.${what}`));
    if (time("heartbeat.interval.ms") < time("session.timeout.ms")) continue;
    return invalidConfig(
      `${kind}.session.timeout.ms (${time("session.timeout.ms")}) must be greater than ` +
        `${kind}.heartbeat.interval.ms (${time("heartbeat.interval.ms")})`,
    );
  }
  return checkGroupNames(config, next);
}

function checkGroupNames(config: BrokerConfig, next: Texts): ConfigRefusal | null {
  const assignor = next.get("streams.assignor.name");
  const assignors = config.get("group.streams.assignors").map((name) =>
    name === knownAssignors["group.streams.assignors"][1] ? "sticky" : name
  );
  if (assignor !== undefined && !assignors.includes(assignor.trim())) {
    return invalidConfig(
      `streams.assignor.name=${assignor}: allowed is ${assignors.join(", ")}`,
    );
  }
  const tags = next.get("streams.rack.aware.assignment.tags");
  if (tags !== undefined && hasRepeatedItems("LIST", tags)) {
    return invalidConfig(`streams.rack.aware.assignment.tags=${tags}: a tag is named twice`);
  }
  const deadLetters = next.get("errors.deadletterqueue.topic.name") ?? "";
  return deadLetters.trim().startsWith("__")
    ? invalidConfig(
      `errors.deadletterqueue.topic.name=${deadLetters}: allowed is a name without "__" in front`,
    )
    : null;
}

const PUSH_INTERVAL_MIN_MS = 100;
const PUSH_INTERVAL_MAX_MS = 3_600_000;

/** What a subscription may select clients by (KIP-714). */
const SELECTORS = [
  "client_instance_id",
  "client_id",
  "client_software_name",
  "client_software_version",
  "client_source_address",
  "client_source_port",
];

/** Checks the options of a client-metrics subscription. */
export function checkClientMetrics(next: Texts): ConfigRefusal | null {
  for (const name of next.keys()) {
    if (!clientMetricsOptionTable.has(name)) {
      return invalidRequest(`Client-metrics subscriptions have no option ${name}`);
    }
  }
  const unparsed = checkTexts("client-metrics", clientMetricsOptionTable, next);
  if (unparsed !== null) return unparsed;
  const interval = next.get("interval.ms");
  if (interval !== undefined) {
    const ms = Number(interval);
    if (ms < PUSH_INTERVAL_MIN_MS || ms > PUSH_INTERVAL_MAX_MS) {
      return invalidRequest(
        `interval.ms=${ms}: allowed is ${PUSH_INTERVAL_MIN_MS} to ${PUSH_INTERVAL_MAX_MS}`,
      );
    }
  }
  const patterns = (next.get("match") ?? "").split(",").map((pattern) => pattern.trim());
  const illegal = patterns.find((pattern) => pattern !== "" && !isSelector(pattern));
  return illegal === undefined ? null : invalidConfig(
    `match=${illegal}: allowed is selector=pattern with selectors ${SELECTORS.join(", ")}`,
  );
}

function isSelector(text: string): boolean {
  const [name = "", pattern, rest] = text.split("=");
  if (pattern === undefined || rest !== undefined || !SELECTORS.includes(name.trim())) return false;
  try {
    new RegExp(pattern.trim());
    return true;
  } catch {
    return false; // The only way to ask whether a pattern is one.
  }
}

function checkTexts(kind: string, table: OptionTable, texts: Texts): ConfigRefusal | null {
  for (const name of texts.keys()) {
    if (!table.has(name)) return invalidConfig(`There is no ${kind} option ${name}`);
  }
  for (const [name, text] of texts) {
    const option = table.get(name);
    if (option === undefined) continue;
    const parsed = parseOption(option, text);
    if (!parsed.ok) return invalidConfig(`${name}=${text}: allowed is ${parsed.allowed}`);
  }
  return null;
}
