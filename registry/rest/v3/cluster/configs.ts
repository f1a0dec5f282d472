/** Options of topics, of brokers, of all brokers. */
import { z } from "@hono/zod-openapi";
import { HttpError, shown } from "../../../http/mod.ts";
import { brokerOf } from "./brokers.ts";
import {
  ALL_BROKERS,
  alterOne,
  alterTopics,
  brokerOwner,
  type Change,
  configsOf,
  DELETE,
  oneConfig,
  type Owner,
  SET,
  topicOwner,
  topicsConfigs,
} from "./config_access.ts";
import { flagOf, listOf, objectOf, textOf, textOrNull } from "./request_body.ts";
import { Answer, type V3Request, type V3Route } from "./route.ts";

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
        return request.links.list(own.kind, own.path, await configsOf(request, own));
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
        await alterOne(request, await owner(request), changes);
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
        await alterOne(request, await owner(request), changes);
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
        const validateOnly = flagOf(fields, "validate_only");
        await alterOne(request, await owner(request), changes, validateOnly);
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
      // A topic may be deleted between the two requests.
      const data = await topicsConfigs(request, [...topics.keys()].sort());
      return request.links.list("KafkaTopicConfig", ["topics", "-", "configs"], data);
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
      const all = data.map((item) => {
        const topic = objectOf(item, "an item of data", ["topic_name", "configs"]);
        const owner = topicOwner(textOf(topic, "topic_name"));
        return { owner, changes: changesOf(listOf(topic, "configs")) };
      });
      const names = new Set(all.map(({ owner }) => owner.name));
      if (names.size < all.length) {
        throw new HttpError(422, 422, "data names a topic twice; allowed: each topic once");
      }
      return new Answer(207, { failures: await alterTopics(request, all, validateOnly) });
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
        brokers.map(({ id }) => configsOf(request, brokerOwner(id))),
      );
      return request.links.list("KafkaBrokerConfig", ["brokers", "-", "configs"], all.flat());
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
