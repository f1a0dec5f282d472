/** Options of topics, of brokers, of all brokers. */
import { z } from "@hono/zod-openapi";
import {
  describeConfigs,
  errorCodes,
  incrementalAlterConfigs,
  make,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { KafkaError, throwOnCode } from "../../../kafka/mod.ts";
import { toHttpError } from "../../errors.ts";
import { brokerOf } from "./brokers.ts";
import type { Resource } from "./links.ts";
import { flagOf, listOf, objectOf, textOf, textOrNull } from "./request_body.ts";
import { Answer, type V3Request, type V3Route } from "./route.ts";

const TOPIC = 2, BROKER = 4;

/** Sources by Kafka's numbers (DescribeConfigs). */
const SOURCES: Readonly<Record<number, string>> = {
  1: "DYNAMIC_TOPIC_CONFIG",
  2: "DYNAMIC_BROKER_CONFIG",
  3: "DYNAMIC_DEFAULT_BROKER_CONFIG",
  4: "STATIC_BROKER_CONFIG",
  5: "DEFAULT_CONFIG",
  6: "DYNAMIC_BROKER_LOGGER_CONFIG",
  8: "DYNAMIC_GROUP_CONFIG",
};
const DEFAULT_SOURCE = 5;

/** Whose options: what Kafka calls it, what the API does. */
interface Owner {
  readonly type: number;
  /** Empty for all brokers. */
  readonly name: string;
  readonly kind: string;
  /** Where its options are. */
  readonly path: readonly (string | number)[];
  readonly fields: Readonly<Record<string, unknown>>;
}

function topicOwner(name: string): Owner {
  const path = ["topics", name, "configs"];
  return { type: TOPIC, name, kind: "KafkaTopicConfig", path, fields: { topic_name: name } };
}

function brokerOwner(id: number): Owner {
  const path = ["brokers", id, "configs"];
  return {
    type: BROKER,
    name: String(id),
    kind: "KafkaBrokerConfig",
    path,
    fields: { broker_id: id },
  };
}

const ALL_BROKERS: Owner = {
  type: BROKER,
  name: "",
  kind: "KafkaClusterConfig",
  path: ["broker-configs"],
  fields: { config_type: "BROKER" },
};

/** The options of owners, all of them or those named, as resources. One request for all owners. */
async function configsOf(
  { context: { client }, links }: V3Request,
  owners: readonly Owner[],
  name: string | null = null,
): Promise<Resource[][]> {
  const { results } = await client.call(
    describeConfigs,
    make(describeConfigs.request, {
      resources: owners.map(({ type, name: resourceName }) => ({
        resourceType: type,
        resourceName,
        configurationKeys: name === null ? null : [name],
      })),
      includeSynonyms: true,
    }),
    // A broker's own options are its own to tell.
    owners.length === 1 && owners[0]!.type === BROKER && owners[0]!.name !== ""
      ? { to: { broker: Number(owners[0]!.name) } }
      : {},
  );
  return owners.map((owner) => {
    const found = results.find(({ resourceType, resourceName }) =>
      resourceType === owner.type && resourceName === owner.name
    );
    throwOnCode(
      found?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR,
      `Cannot tell the options of ${shown(owner.name)}`,
      found?.errorMessage ?? null,
    );
    return found!.configs.map((config) =>
      links.resource(owner.kind, [...owner.path, config.name], {
        ...owner.fields,
        name: config.name,
        value: config.isSensitive ? null : config.value,
        is_default: config.configSource === DEFAULT_SOURCE,
        is_read_only: config.readOnly,
        is_sensitive: config.isSensitive,
        source: SOURCES[config.configSource] ?? "UNKNOWN",
        synonyms: config.synonyms.map((synonym) => ({
          name: synonym.name,
          value: config.isSensitive ? null : synonym.value,
          source: SOURCES[synonym.source] ?? "UNKNOWN",
        })),
      })
    );
  });
}

async function oneConfig(request: V3Request, owner: Owner): Promise<Resource> {
  const name = request.param("name");
  const [configs] = await configsOf(request, [owner], name);
  const found = configs!.find((config) => config["name"] === name);
  if (found !== undefined) return found;
  throw new HttpError(404, 404, `There is no option ${shown(name)} here`);
}

const SET = 0, DELETE = 1;

interface Change {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

async function alter(
  { context: { client } }: V3Request,
  owner: Owner,
  changes: readonly Change[],
  validateOnly = false,
): Promise<void> {
  const { responses } = await client.call(
    incrementalAlterConfigs,
    make(incrementalAlterConfigs.request, {
      resources: [{
        resourceType: owner.type,
        resourceName: owner.name,
        configs: changes.map(({ name, operation, value }) => ({
          name,
          configOperation: operation,
          value: operation === DELETE ? null : value ?? "",
        })),
      }],
      validateOnly,
    }),
    owner.type === BROKER && owner.name !== "" ? { to: { broker: Number(owner.name) } } : {},
  );
  const [answer] = responses;
  throwOnCode(
    answer?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR,
    `Cannot change the options of ${shown(owner.name)}`,
    answer?.errorMessage ?? null,
  );
}

/** Throws 404 for an option that the owner doesn't have. */
async function checkNames(
  request: V3Request,
  owner: Owner,
  changes: readonly Change[],
): Promise<void> {
  const [configs] = await configsOf(request, [owner]);
  const known = new Set(configs!.map((config) => config["name"]));
  // All brokers together have the options of one, most of which are not set for them.
  const unknown = owner === ALL_BROKERS ? undefined : changes.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  throw new HttpError(404, 404, `There is no option ${shown(unknown.name)} here`);
}

function changesOf(data: readonly unknown[]): Change[] {
  return data.map((item) => {
    const fields = objectOf(item, "an item of data", ["name", "value", "operation"]);
    const operation = (textOrNull(fields, "operation") ?? "SET").toUpperCase();
    if (operation !== "SET" && operation !== "DELETE") {
      throw new HttpError(422, 422, `operation is ${shown(operation)}; allowed: SET, DELETE`);
    }
    const value = textOrNull(fields, "value");
    return { name: textOf(fields, "name"), operation: operation === "SET" ? SET : DELETE, value };
  });
}

const valueBody = z.object({ value: z.string().nullable() }).openapi("ConfigValue");
const change = z.object({
  name: z.string(),
  value: z.string().nullish(),
  operation: z.enum(["SET", "DELETE"]).optional(),
}).openapi("ConfigChange");
const alterBody = z.object({
  data: z.array(change),
  validate_only: z.boolean().optional(),
}).openapi("ConfigChanges");

/** The five calls on one owner's options. */
function ownerRoutes(
  name: string,
  path: string,
  what: string,
  owner: (request: V3Request) => Owner | Promise<Owner>,
): V3Route[] {
  return [
    {
      name: `${name}.list`,
      method: "get",
      path,
      doc: `Lists the options of ${what}.`,
      async serve(request) {
        const own = await owner(request);
        const [configs] = await configsOf(request, [own]);
        return request.links.list(own.kind, own.path, configs!);
      },
    },
    {
      name: `${name}.get`,
      method: "get",
      path: `${path}/{name}`,
      doc: `Tells an option of ${what}.`,
      serve: async (request) => oneConfig(request, await owner(request)),
    },
    {
      name: `${name}.update`,
      method: "put",
      path: `${path}/{name}`,
      doc: `Sets an option of ${what}.`,
      body: valueBody,
      status: 204,
      async serve(request) {
        const value = textOrNull(objectOf(await request.body(), "The body", ["value"]), "value");
        const changes = [{ name: request.param("name"), operation: SET, value }];
        const own = await owner(request);
        await checkNames(request, own, changes);
        await alter(request, own, changes);
      },
    },
    {
      name: `${name}.delete`,
      method: "delete",
      path: `${path}/{name}`,
      doc: `Takes an option of ${what} back to its default.`,
      status: 204,
      async serve(request) {
        const changes = [{ name: request.param("name"), operation: DELETE, value: null }];
        const own = await owner(request);
        await checkNames(request, own, changes);
        await alter(request, own, changes);
      },
    },
    {
      name: `${name}.alter`,
      method: "post",
      path: `${path}:alter`,
      doc: `Changes several options of ${what} together.`,
      body: alterBody,
      status: 204,
      async serve(request) {
        const fields = objectOf(await request.body(), "The body", ["data", "validate_only"]);
        const changes = changesOf(listOf(fields, "data"));
        const own = await owner(request);
        await checkNames(request, own, changes);
        await alter(request, own, changes, flagOf(fields, "validate_only"));
      },
    },
  ];
}

const TOPICS_MAX = 1000;

/** All calls on options. */
export const configRoutes: readonly V3Route[] = [
  {
    name: "topic-configs.list-all",
    method: "get",
    path: "/topics/-/configs",
    doc: "Lists the options of all topics.",
    async serve(request) {
      const { topics } = await request.context.client.metadata(null, { maxAgeMs: 0 });
      const configs = await configsOf(request, [...topics.keys()].sort().map(topicOwner));
      return request.links.list("KafkaTopicConfig", ["topics", "-", "configs"], configs.flat());
    },
  },
  {
    name: "topic-configs.alter-all",
    method: "post",
    path: "/topics/-/configs:alter",
    doc: "Changes options of several topics; each succeeds or fails by itself.",
    body: z.object({
      data: z.array(z.object({ topic_name: z.string(), configs: z.array(change) })),
      validate_only: z.boolean().optional(),
    }),
    status: 207,
    async serve(request) {
      const fields = objectOf(await request.body(), "The body", ["data", "validate_only"]);
      const validateOnly = flagOf(fields, "validate_only");
      const data = listOf(fields, "data");
      if (data.length > TOPICS_MAX) {
        throw new HttpError(422, 422, `data has ${data.length} topics; allowed: ${TOPICS_MAX}`);
      }
      const failures: unknown[] = [];
      for (const item of data) {
        const topic = objectOf(item, "an item of data", ["topic_name", "configs"]);
        const name = textOf(topic, "topic_name");
        try {
          const changes = changesOf(listOf(topic, "configs"));
          await alter(request, topicOwner(name), changes, validateOnly);
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          const { errorCode, message } = toHttpError(error)!;
          failures.push({ topic_name: name, error_code: errorCode, message });
        }
      }
      return new Answer(207, { failures });
    },
  },
  ...ownerRoutes(
    "topic-configs",
    "/topics/{topic}/configs",
    "a topic",
    (request) => topicOwner(request.param("topic")),
  ),
  {
    name: "broker-configs.list-all",
    method: "get",
    path: "/brokers/-/configs",
    doc: "Lists the options of every broker.",
    async serve(request) {
      const { brokers } = await request.context.client.metadata([], { maxAgeMs: 0 });
      const all = await Promise.all(
        brokers.map(({ id }) => configsOf(request, [brokerOwner(id)])),
      );
      return request.links.list("KafkaBrokerConfig", ["brokers", "-", "configs"], all.flat(2));
    },
  },
  ...ownerRoutes(
    "broker-configs",
    "/brokers/{broker}/configs",
    "a broker",
    async (request) => brokerOwner((await brokerOf(request)).id),
  ),
  ...ownerRoutes("cluster-configs", "/broker-configs", "all brokers", () => ALL_BROKERS),
];
