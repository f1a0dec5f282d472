/**
 * Replays conversations that a real 4.4 broker had about its options: every alteration gets the same
 * error code, every description the same values, sources and synonyms.
 */
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { alterConfigs, configResourceType, replaceConfigs, withChanges } from "./alter_configs.ts";
import { alterLoggers } from "./alter_loggers.ts";
import type { BrokerConfig } from "./broker_config.ts";
import {
  type ConfigEntry,
  createdTopicConfigs,
  describeBroker,
  describeBrokerDefaults,
  describeClientMetrics,
  describeGroup,
  describeLoggers,
  describeTopic,
} from "./describe_configs.ts";
import { loadConfig } from "./load_config.ts";

// deno-lint-ignore no-explicit-any -- the lines are as a broker answered them
type Line = any;

const lines: Line[] = gunzipSync(
  Deno.readFileSync(new URL("../../tests/vectors/config_conversations.jsonl.gz", import.meta.url)),
).toString().trimEnd().split("\n").map((line) => JSON.parse(line));

/** What is set while the conversation goes on. */
class Cluster {
  config: BrokerConfig;
  readonly #set = new Map<string, ReadonlyMap<string, string>>();
  readonly levels = new Map([
    ["root", "ERROR"],
    ["org.apache.kafka.server.logger.LoggingController", "ERROR"],
  ]);

  constructor(config: BrokerConfig) {
    this.config = config;
    // A new cluster with eligible leader replicas begins so.
    this.set(4, "", new Map([["min.insync.replicas", "1"]]));
  }

  get(type: number, name: string): ReadonlyMap<string, string> {
    return this.#set.get(`${type}:${name}`) ?? new Map();
  }

  set(type: number, name: string, configs: ReadonlyMap<string, string>): void {
    this.#set.set(`${type}:${name}`, configs);
    if (type !== configResourceType.broker) return;
    const built = this.config.withDynamic(this.get(4, ""), this.get(4, "1"));
    assert(built.ok);
    this.config = built.config;
  }

  describe(type: number, name: string, options: object): ConfigEntry[] {
    switch (type) {
      case configResourceType.topic:
        return describeTopic(this.config, this.get(type, name), options);
      case configResourceType.group:
        return describeGroup(this.config, this.get(type, name), options);
      case configResourceType.clientMetrics:
        return describeClientMetrics(this.get(type, name), options);
      case configResourceType.brokerLogger:
        return describeLoggers(this.levels, options);
      default:
        return name === ""
          ? describeBrokerDefaults(this.config, options)
          : describeBroker(this.config, options);
    }
  }
}

Deno.test("alterations and descriptions are those of a real broker", async () => {
  let cluster: Cluster | null = null;
  let told = 0;
  let decided = 0;
  for (const line of lines) {
    if (line.conversation !== undefined) {
      const overrides = Object.entries(line.properties).map(([name, value]) => `${name}=${value}`);
      cluster = new Cluster((await loadConfig({ overrides })).config);
      continue;
    }
    assert(cluster !== null);
    const at = JSON.stringify(line.request).slice(0, 300);
    if (line.api === "CreateTopics") {
      const [topic] = line.request.topics;
      const configs = new Map<string, string>(
        (topic.configs ?? []).map((c: { name: string; value: string }) => [c.name, c.value]),
      );
      cluster.set(2, topic.name, configs);
      assertEquals(createdTopicConfigs(cluster.config, configs), line.response.topics[0].configs);
    } else if (line.api === "DescribeConfigs") {
      const [{ resourceType, resourceName, configurationKeys }] = line.request.resources;
      const options = { names: configurationKeys, includeSynonyms: line.request.includeSynonyms };
      const ours = cluster.describe(resourceType, resourceName, options);
      const theirs = line.response.results[0].configs.map((entry: ConfigEntry) => ({
        ...entry,
        documentation: resourceType === configResourceType.brokerLogger ? "" : null,
      })).sort((a: ConfigEntry, b: ConfigEntry) => a.name < b.name ? -1 : 1);
      assertEquals(ours.map(({ name }) => name), theirs.map(({ name }: ConfigEntry) => name), at);
      for (const [i, entry] of ours.entries()) assertEquals(entry, theirs[i], at);
      told++;
    } else {
      const outcomes = decide(cluster, line);
      if (outcomes === null) continue;
      const theirs = line.response.responses[0];
      assertEquals(outcomes.errorCode, theirs.errorCode, `${at}\n${theirs.errorMessage}`);
      assertEquals(outcomes.hasMessage, theirs.errorMessage !== null, at);
      decided++;
    }
  }
  assert(told > 80 && decided > 200, `${told} ${decided}`);
});

function decide(cluster: Cluster, { api, request }: Line) {
  const [{ resourceType, resourceName, configs }, more] = request.resources;
  // Whether a topic exists, how it is named and whether it is asked twice is the handler's to see.
  if (more !== undefined || ["nope", "bad name"].includes(resourceName)) return null;
  const current = cluster.get(resourceType, resourceName);
  if (api === "IncrementalAlterConfigs" && resourceType === configResourceType.brokerLogger) {
    const known = new Set(cluster.levels.keys());
    const outcome = alterLoggers(1, resourceName, known, configs);
    for (const [name, level] of outcome.levels ?? []) cluster.levels.set(name, level ?? "ERROR");
    return { errorCode: outcome.errorCode, hasMessage: "errorMessage" in outcome };
  }
  const context = { config: cluster.config, elrEnabled: true };
  const outcome = api === "AlterConfigs"
    ? replaceConfigs(context, resourceType, resourceName, current, configs)
    : alterConfigs(context, resourceType, resourceName, current, configs);
  if (outcome.changes !== null && !request.validateOnly) {
    cluster.set(resourceType, resourceName, withChanges(current, outcome.changes));
  }
  return {
    errorCode: outcome.errorCode,
    hasMessage: "errorMessage" in outcome && outcome.errorMessage !== null,
  };
}
