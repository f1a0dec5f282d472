import { describeConfigs, errorCodes, make } from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed } from "../admin/mod.ts";
import type { CommandIo } from "../io.ts";
import type { ConfigEntity } from "./config_entity.ts";
import type { ConfigFlags } from "./config_flags.ts";
import { kindOf, namesOf, nodeOf } from "./config_kind.ts";

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

/** `--describe` of anything but quotas. */
export async function describeAction(
  admin: AdminConnection,
  entity: ConfigEntity,
  flags: ConfigFlags,
  io: CommandIo,
): Promise<number> {
  const kind = kindOf(entity.type);
  const names = entity.name === null ? await namesOf(admin, entity.type) : [entity.name];
  const told = [];
  for (const name of names) {
    const request = make(describeConfigs.request, {
      resources: [{ resourceType: kind.resourceType, resourceName: name, configurationKeys: null }],
      includeSynonyms: true,
    });
    const node = nodeOf(entity.type, name);
    const { results } = node === null
      ? await admin.send(describeConfigs, request)
      : await admin.sendToNode(node, describeConfigs, request);
    const result = results[0] ?? { ...NO_ANSWER, configs: [] };
    if (result.errorCode !== errorCodes.NONE) {
      throw new ApiError(
        `Cannot describe ${kind.noun} ${name}`,
        failed(result.errorCode, result.errorMessage),
      );
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

const NO_ANSWER = { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
