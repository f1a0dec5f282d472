import {
  describeCluster,
  describeConfigs,
  errorCodes,
  incrementalAlterConfigs,
  listConfigResources,
  listGroups,
  make,
} from "../protocol/mod.ts";
import { type ClusterClient, describeError } from "./client/cluster_client.ts";
import type { NodeConnection } from "./client/node_connection.ts";
import { command } from "./command.ts";
import { CommandError, UsageError } from "./command_error.ts";
import { parseAddedConfigs, parseDeletedConfigs } from "./config_changes.ts";
import { type ConfigEntity, entitiesOf, entityFlags, type EntityType } from "./config_entity.ts";
import { connect, connectionFlags, readProperties } from "./connection_flags.ts";
import { type FlagSet, type FlagValues, onOff, text, texts } from "./flags.ts";
import type { CommandIo } from "./io.ts";
import { alterQuotas, describeQuotas } from "./quota_configs.ts";

const flags = {
  ...connectionFlags,
  ...entityFlags,
  "add-config": text(
    "name=value,...",
    "Options to set; square brackets keep a value with commas together: k1=v1,k2=[a,b].",
  ),
  "add-config-file": text("file", "Properties file with options to set."),
  all: onOff("Describe all options, also those that nobody set."),
  alter: onOff("Change options."),
  "delete-config": texts("name,...", "Options to put back to their default."),
  describe: onOff("Tell options."),
} as const satisfies FlagSet;

type Flags = FlagValues<typeof flags>;

/** `kafkats configs`: what kafka-configs does. */
export const configsCommand = command({
  name: "configs",
  summary: "Describe and alter options of topics, brokers, groups, client metrics and quotas.",
  usage: "(--describe | --alter) --entity-type <type> [--entity-name <name>] [flags]",
  examples: [
    "kafkats configs --describe --topic user-events",
    "kafkats configs --describe --entity-type brokers --entity-name 1 --all",
    "kafkats configs --alter --topic user-events --add-config retention.ms=86400000,cleanup.policy=[compact,delete]",
    "kafkats configs --alter --topic user-events --delete-config retention.ms",
    "kafkats configs --alter --broker-defaults --add-config log.retention.ms=3600000",
    "kafkats configs --alter --group billing --add-config consumer.session.timeout.ms=50000",
  ],
  flags,
  async run(flags, io) {
    if (flags.describe === flags.alter) {
      throw new UsageError("Exactly one of --describe and --alter must be given");
    }
    const entities = entitiesOf(flags);
    const [entity] = entities;
    if (entity === undefined) return 1;
    const isQuota = ["users", "clients", "ips"].includes(entity.type);
    if (flags.describe) {
      using client = await connect(flags, io);
      return isQuota
        ? await describeQuotas(client, entities, flags, io)
        : await describe(client, entity, flags, io);
    }
    const added = await addedConfigs(flags, io);
    const deleted = parseDeletedConfigs(flags["delete-config"]);
    if (added.size + deleted.length === 0) {
      throw new UsageError("--alter needs --add-config, --add-config-file or --delete-config");
    }
    if (entities.some(({ name }) => name === null)) {
      throw new UsageError(`--alter of ${entity.type} needs --entity-name`);
    }
    using client = await connect(flags, io);
    return isQuota
      ? await alterQuotas(client, entities, added, deleted, io)
      : await alter(client, entity, added, deleted, io);
  },
});

async function addedConfigs(flags: Flags, io: CommandIo): Promise<ReadonlyMap<string, string>> {
  const file = flags["add-config-file"];
  const inline = flags["add-config"];
  return new Map([
    ...file === null ? [] : await readProperties(file, io),
    ...inline === null ? [] : parseAddedConfigs(inline),
  ]);
}

interface Kind {
  readonly resourceType: number;
  /** What one is called in sentences. */
  readonly noun: string;
  /** Source of values that were set for it; null is any. */
  readonly source: number | null;
}

const KINDS: Partial<Record<EntityType, Kind>> = {
  topics: { resourceType: 2, noun: "topic", source: 1 },
  brokers: { resourceType: 4, noun: "broker", source: 2 },
  "broker-loggers": { resourceType: 8, noun: "broker-logger", source: null },
  "client-metrics": { resourceType: 16, noun: "client-metric", source: 7 },
  groups: { resourceType: 32, noun: "group", source: 8 },
};

const SOURCE_DYNAMIC_DEFAULT_BROKER = 3;

const SOURCE_NAMES: Readonly<Record<number, string>> = {
  1: "DYNAMIC_TOPIC_CONFIG",
  2: "DYNAMIC_BROKER_CONFIG",
  3: "DYNAMIC_DEFAULT_BROKER_CONFIG",
  4: "STATIC_BROKER_CONFIG",
  5: "DEFAULT_CONFIG",
  6: "DYNAMIC_BROKER_LOGGER_CONFIG",
  7: "DYNAMIC_CLIENT_METRICS_CONFIG",
  8: "DYNAMIC_GROUP_CONFIG",
};

async function describe(
  client: ClusterClient,
  entity: ConfigEntity,
  flags: Flags,
  io: CommandIo,
): Promise<number> {
  const kind = kindOf(entity.type);
  const names = entity.name === null ? await namesOf(client, entity.type) : [entity.name];
  const told = [];
  for (const name of names) {
    const node = await nodeFor(client, entity.type, name);
    const { results } = await node.request(
      describeConfigs,
      make(describeConfigs.request, {
        resources: [{
          resourceType: kind.resourceType,
          resourceName: name,
          configurationKeys: null,
        }],
        includeSynonyms: true,
      }),
    );
    const [result] = results;
    if (result === undefined || result.errorCode !== errorCodes.NONE) {
      const why = describeError(result ?? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR });
      throw new CommandError(`Cannot describe ${kind.noun} ${name}: ${why}`);
    }
    const isDefault = entity.type === "brokers" && name === "";
    const source = isDefault ? SOURCE_DYNAMIC_DEFAULT_BROKER : kind.source;
    const configs = result.configs
      .filter(({ configSource }) => flags.all || source === null || configSource === source)
      .sort((a, b) => a.name < b.name ? -1 : 1);
    told.push({ name, configs });
  }
  if (flags.json) {
    const entities = told.map(({ name, configs }) => ({
      [kind.noun]: name,
      configs: configs.map(({ name, value, configSource, isSensitive, readOnly, synonyms }) => ({
        name,
        value,
        source: SOURCE_NAMES[configSource] ?? "UNKNOWN",
        isSensitive,
        readOnly,
        synonyms: synonyms.map(({ name, value, source }) => ({
          name,
          value,
          source: SOURCE_NAMES[source] ?? "UNKNOWN",
        })),
      })),
    }));
    await io.stdout.write(`${JSON.stringify(entities)}\n`);
    return 0;
  }
  for (const { name, configs } of told) {
    const head = entity.type === "brokers" && name === ""
      ? "Default configs for brokers in the cluster are:"
      : `${flags.all ? "All" : "Dynamic"} configs for ${kind.noun} ${name} are:`;
    const lines = configs.map(({ name, value, isSensitive, synonyms }) => {
      const places = synonyms.map((synonym) =>
        `${SOURCE_NAMES[synonym.source] ?? "UNKNOWN"}:${synonym.name}=${synonym.value}`
      );
      return `  ${name}=${value} sensitive=${isSensitive} synonyms={${places.join(", ")}}`;
    });
    await io.stdout.write([head, ...lines].map((line) => `${line}\n`).join(""));
  }
  return 0;
}

const SET = 0;
const DELETE = 1;

async function alter(
  client: ClusterClient,
  entity: ConfigEntity,
  added: ReadonlyMap<string, string>,
  deleted: readonly string[],
  io: CommandIo,
): Promise<number> {
  const kind = kindOf(entity.type);
  const name = entity.name ?? "";
  if (name === "" && entity.type !== "brokers") {
    throw new UsageError(`--alter of ${entity.type} needs --entity-name`);
  }
  const node = await nodeFor(client, entity.type, name);
  const answer = await client.retry(async () => {
    const { responses } = await node.request(
      incrementalAlterConfigs,
      make(incrementalAlterConfigs.request, {
        resources: [{
          resourceType: kind.resourceType,
          resourceName: name,
          configs: [
            ...[...added].map(([name, value]) => ({ name, value, configOperation: SET })),
            ...deleted.map((name) => ({ name, value: null, configOperation: DELETE })),
          ],
        }],
      }),
    );
    return responses[0] ?? { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
  });
  if (answer.errorCode !== errorCodes.NONE) {
    const what = name === "" ? "all brokers" : `${kind.noun} ${name}`;
    throw new CommandError(`Cannot change options of ${what}: ${describeError(answer)}`);
  }
  const what = name === ""
    ? "default config for brokers in the cluster"
    : `config for ${kind.noun} ${name}`;
  await io.stdout.write(`Completed updating ${what}.\n`);
  return 0;
}

function kindOf(type: EntityType): Kind {
  const kind = KINDS[type];
  if (kind === undefined) throw new UsageError(`--entity-type ${type} has no options of this kind`);
  return kind;
}

/** A broker answers for itself alone; everything else any broker answers. */
async function nodeFor(
  client: ClusterClient,
  type: EntityType,
  name: string,
): Promise<ClusterClient | NodeConnection> {
  const isOneNode = (type === "brokers" && name !== "") || type === "broker-loggers";
  if (!isOneNode) return client;
  if (!/^\d{1,10}$/.test(name)) {
    throw new UsageError(`--entity-name ${name}: allowed is the id of a broker`);
  }
  return await client.node(Number(name));
}

/** All that have options of the type. */
async function namesOf(client: ClusterClient, type: EntityType): Promise<string[]> {
  switch (type) {
    case "topics": {
      const { topics } = await client.metadata(null);
      return topics.flatMap(({ name, isInternal }) => isInternal ? [] : name ?? []).sort();
    }
    case "brokers":
    case "broker-loggers": {
      const { brokers } = await client.request(
        describeCluster,
        make(describeCluster.request, { endpointType: 1 }),
      );
      const ids = brokers.map(({ brokerId }) => String(brokerId));
      return type === "brokers" ? [...ids, ""] : ids;
    }
    case "groups": {
      const { groups } = await client.request(listGroups, make(listGroups.request, {}));
      const names = [...groups.map(({ groupId }) => groupId), ...await configured(client, type)];
      return [...new Set(names)].sort();
    }
    default:
      return await configured(client, type);
  }
}

/** Those that have options of their own. */
async function configured(client: ClusterClient, type: EntityType): Promise<string[]> {
  const { resourceType } = kindOf(type);
  const { configResources } = await client.request(
    listConfigResources,
    make(listConfigResources.request, { resourceTypes: [resourceType] }),
  );
  return configResources.filter((resource) => resource.resourceType === resourceType)
    .map(({ resourceName }) => resourceName).sort();
}
