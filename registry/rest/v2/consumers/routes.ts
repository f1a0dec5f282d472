import { z } from "@hono/zod-openapi";
import { HttpError, shown } from "../../../http/mod.ts";
import { committedOffsets, GroupConsumer, type TopicPartition } from "../../../kafka/mod.ts";
import { requestBaseUrl } from "../../base_url.ts";
import type { RestContext } from "../../context.ts";
import { restCodes } from "../../errors.ts";
import { ValueReader } from "../../records/mod.ts";
import { readExactJson } from "../../request_json.ts";
import { checkPlainBody, readFormat, RECORDS_TYPES, recordsType } from "../media_types.ts";
import {
  answer,
  noContent,
  pathText,
  queryInteger,
  type V2Request,
  type V2Route,
} from "../route.ts";
import {
  instanceMadeShape,
  instanceShape,
  offsetsShape,
  partitionsShape,
  positionsShape,
  recordsShape,
  subscriptionShape,
} from "../shapes.ts";
import type { ConsumerDefaults } from "./consumer_defaults.ts";
import { ConsumerInstance } from "./consumer_instance.ts";
import type { ConsumerInstances } from "./consumer_instances.ts";
import { readRecords } from "./read_records.ts";
import {
  checkName,
  instanceRequest,
  offsetList,
  partitionList,
  positionsRequest,
  topicChoice,
} from "./requests.ts";

/** What the calls on consumer instances stand on. */
export interface ConsumerRoutesOptions {
  readonly context: RestContext;
  readonly instances: ConsumerInstances;
  readonly defaults: ConsumerDefaults;
}

const INSTANCE = "/consumers/{group}/instances/{instance}";

/** Consumer instances: making, reading, moving and removing them. */
export function consumerRoutes(options: ConsumerRoutesOptions): V2Route[] {
  const { context, instances } = options;
  return [
    {
      name: "api.v2.consumer-instances.create",
      method: "post",
      path: "/consumers/{group}",
      doc: "Makes a consumer instance; the answer's base_uri is where it is reached from then on.",
      body: instanceShape,
      bodyRequired: false,
      answer: instanceMadeShape,
      errors: [40001, 40902, 42204, 429],
      serve: (c) => makeInstance(c, options),
    },
    {
      name: "api.v2.consumer-instances.delete",
      method: "delete",
      path: INSTANCE,
      doc: "Removes a consumer instance: it leaves its group.",
      answer: null,
      errors: [40403],
      async serve(c) {
        await instances.remove(pathText(c, "group"), pathText(c, "instance"));
        return noContent(c);
      },
    },
    ...subscriptionRoutes(options),
    ...assignmentRoutes(options),
    {
      name: "api.v2.consumer-instances.records",
      method: "get",
      path: `${INSTANCE}/records`,
      doc: "Reads records from where the instance stands.",
      query: {
        timeout: z.int().optional().describe("Milliseconds; can only shorten the instance's own."),
        max_bytes: z.int().optional().describe("Keys and values have less than that in all."),
      },
      answer: recordsShape,
      answerTypes: RECORDS_TYPES,
      errors: [400, 40403, 40601, 40903, 42205, 42207, 429],
      serve: (c) => read(c, context, instanceOf(c, instances)),
    },
    ...offsetRoutes(options),
    ...positionRoutes(options),
  ];
}

function instanceOf(c: V2Request, instances: ConsumerInstances): ConsumerInstance {
  return instances.get(pathText(c, "group"), pathText(c, "instance"));
}

async function makeInstance(
  c: V2Request,
  { context, instances, defaults }: ConsumerRoutesOptions,
): Promise<Response> {
  const { client, settings, logger } = context;
  const group = pathText(c, "group");
  const request = instanceRequest(await bodyOf(c, context), settings);
  const { name } = request;
  checkName("group", group);
  checkName("instance", name);
  instances.add(group, name, () => {
    const consumer = new GroupConsumer(client, {
      ...defaults,
      groupId: group,
      ...(request.autoOffsetReset === null ? {} : { autoOffsetReset: request.autoOffsetReset }),
      ...(request.autoCommit === null ? {} : { autoCommit: request.autoCommit }),
      onProblem: ({ message }) => logger.debug(`Consumer instance ${name} of ${group}: ${message}`),
    });
    return new ConsumerInstance({
      group,
      name,
      format: request.format,
      requestTimeoutMs: request.requestTimeoutMs,
      fetchMinBytes: request.fetchMinBytes,
      waitingMax: settings["consumer.instance.requests.max"],
      consumer,
      nowMs: () => performance.now(),
    });
  });
  const path = `/consumers/${encodeURIComponent(group)}/instances/${encodeURIComponent(name)}`;
  return answer(c, {
    instance_id: name,
    base_uri: `${requestBaseUrl(c, settings)}${path}`,
  });
}

async function bodyOf(c: V2Request, { settings }: RestContext): Promise<unknown> {
  checkPlainBody(c);
  return (await readExactJson(c, settings["max.request.bytes"])).value;
}

function subscriptionRoutes({ context, instances }: ConsumerRoutesOptions): V2Route[] {
  const path = `${INSTANCE}/subscription`;
  return [
    {
      name: "api.v2.consumer-instances.subscribe",
      method: "post",
      path,
      doc: "Subscribes to topics, or to those whose name matches a pattern.",
      body: subscriptionShape,
      answer: null,
      errors: [40403, 40903, 429],
      async serve(c) {
        const choice = topicChoice(await bodyOf(c, context));
        await instanceOf(c, instances).use((consumer) =>
          "topics" in choice && choice.topics.length === 0
            ? consumer.unsubscribe()
            : consumer.subscribe(choice)
        );
        return noContent(c);
      },
    },
    {
      name: "api.v2.consumer-instances.subscription",
      method: "get",
      path,
      doc: "The topics that the instance is subscribed to.",
      answer: z.object({ topics: z.array(z.string()) }),
      errors: [40403, 429],
      async serve(c) {
        const topics = await instanceOf(c, instances).use(({ subscription }) => subscription);
        return answer(c, { topics });
      },
    },
    {
      name: "api.v2.consumer-instances.unsubscribe",
      method: "delete",
      path,
      doc: "Ends the subscription.",
      answer: null,
      errors: [40403, 429],
      async serve(c) {
        await instanceOf(c, instances).use((consumer) => consumer.unsubscribe());
        return noContent(c);
      },
    },
  ];
}

function assignmentRoutes({ context, instances }: ConsumerRoutesOptions): V2Route[] {
  const path = `${INSTANCE}/assignments`;
  return [
    {
      name: "api.v2.consumer-instances.assign",
      method: "post",
      path,
      doc: "Assigns partitions by hand, in place of earlier ones.",
      body: partitionsShape,
      answer: null,
      errors: [40403, 40903, 429],
      async serve(c) {
        const partitions = partitionList(await bodyOf(c, context));
        await instanceOf(c, instances).use((consumer) => consumer.assign(partitions));
        return noContent(c);
      },
    },
    {
      name: "api.v2.consumer-instances.assignments",
      method: "get",
      path,
      doc: "The partitions that the instance has.",
      answer: partitionsShape,
      errors: [40403, 429],
      async serve(c) {
        const partitions = await instanceOf(c, instances).use(({ assignment }) => assignment);
        return answer(c, { partitions });
      },
    },
  ];
}

async function read(
  c: V2Request,
  { schemas, settings }: RestContext,
  instance: ConsumerInstance,
): Promise<Response> {
  const format = readFormat(c);
  const timeoutMs = queryInteger(c, "timeout") ?? -1;
  const maxBytes = queryInteger(c, "max_bytes") ?? -1;
  if (instance.format !== format) {
    throw new HttpError(
      406,
      restCodes.CONSUMER_FORMAT_MISMATCH,
      `Consumer instance ${
        shown(instance.name)
      } reads ${instance.format}, Accept asks for ${format}`,
    );
  }
  const bytesMax = settings["consumer.request.max.bytes"];
  const text = await instance.use(async (consumer) => {
    const { problem } = instance;
    instance.problem = null;
    if (problem !== null) throw problem;
    const outcome = await readRecords(consumer, new ValueReader(format, schemas), {
      timeoutMs: timeoutMs > 0
        ? Math.min(timeoutMs, instance.requestTimeoutMs)
        : instance.requestTimeoutMs,
      minBytes: instance.fetchMinBytes,
      maxBytes: maxBytes >= 0 ? Math.min(maxBytes, bytesMax) : bytesMax,
    });
    instance.problem = outcome.problem;
    return outcome.text;
  });
  return c.newResponse(text, 200, { "Content-Type": recordsType(format) });
}

function offsetRoutes({ context, instances, defaults }: ConsumerRoutesOptions): V2Route[] {
  const path = `${INSTANCE}/offsets`;
  return [
    {
      name: "api.v2.consumer-instances.commit",
      method: "post",
      path,
      doc: "Commits these offsets as the last ones read; without a body all that was read.",
      query: { async: z.string().optional().describe("true: the answer doesn't wait for it.") },
      body: offsetsShape,
      bodyRequired: false,
      answer: z.array(z.any()),
      errors: [40403, 40903, 42204, 429],
      async serve(c) {
        const body = await bodyOf(c, context);
        const offsets = body === undefined || body === null ? null : offsetList(body);
        await commit(c, context, { instance: instanceOf(c, instances), offsets });
        return answer(c, []);
      },
    },
    {
      name: "api.v2.consumer-instances.committed",
      method: "get",
      path,
      doc: "The next offsets that the group has committed, for the partitions of the body, " +
        "or of the query where a client can't send one.",
      query: {
        topic: z.string().optional(),
        partition: z.array(z.int32()).optional().describe("One or more of that topic."),
      },
      body: partitionsShape,
      bodyRequired: false,
      answer: offsetsShape,
      errors: [40403, 429],
      async serve(c) {
        const body = await bodyOf(c, context);
        const partitions = partitionList(body ?? partitionsOfQuery(c));
        const instance = instanceOf(c, instances);
        const { client, callTimeoutMs: timeoutMs } = context;
        const requireStable = defaults.isolation === "read_committed";
        const offsets = await instance.use(() =>
          partitions.length === 0
            ? []
            : committedOffsets(client, instance.group, partitions, { requireStable, timeoutMs })
        );
        return answer(c, {
          offsets: offsets.map(({ topic, partition, offset, metadata }) => ({
            topic,
            partition,
            offset,
            metadata: metadata ?? "",
          })),
        });
      },
    },
  ];
}

function partitionsOfQuery(c: V2Request): unknown {
  const topic = c.req.query("topic");
  if (topic === undefined) return undefined;
  const partitions = (c.req.queries("partition") ?? []).map((text) => ({
    topic,
    partition: /^[0-9]{1,10}$/.test(text) ? Number(text) : text,
  }));
  return { partitions };
}

async function commit(
  c: V2Request,
  { logger, callTimeoutMs }: RestContext,
  { instance, offsets }: {
    readonly instance: ConsumerInstance;
    readonly offsets: ReturnType<typeof offsetList> | null;
  },
): Promise<void> {
  const isAsync = c.req.query("async") === "true";
  await instance.use(async (consumer) => {
    // Clients tell the last offset that they read; Kafka keeps the next one to read.
    const committed = offsets === null
      ? consumer.commit(undefined, callTimeoutMs)
      : consumer.commit(
        offsets.map((one) => ({ ...one, offset: one.offset + 1 })),
        callTimeoutMs,
      );
    if (!isAsync) return await committed;
    committed.catch((error: Error) =>
      logger.warn(`Consumer instance ${instance.name} can't commit: ${error.message}`)
    );
  });
}

function positionRoutes({ context, instances }: ConsumerRoutesOptions): V2Route[] {
  const path = `${INSTANCE}/positions`;
  const shape = { method: "post", answer: null, errors: [40403, 40903, 429] } as const;
  function seekTo(name: string, doc: string, at: "earliest" | "latest"): V2Route {
    return {
      ...shape,
      name: `api.v2.consumer-instances.seek-to-${name}`,
      path: `${path}/${name}`,
      doc,
      body: partitionsShape,
      async serve(c) {
        const partitions = partitionList(await bodyOf(c, context));
        await instanceOf(c, instances).use((consumer) => consumer.seekTo(partitions, at));
        return noContent(c);
      },
    };
  }
  return [
    {
      ...shape,
      name: "api.v2.consumer-instances.seek",
      path,
      doc: "Goes on at these offsets, or at the first records from these times on.",
      body: positionsShape,
      async serve(c) {
        const { offsets, timestamps } = positionsRequest(await bodyOf(c, context));
        await instanceOf(c, instances).use((consumer) => seek(consumer, offsets, timestamps));
        return noContent(c);
      },
    },
    seekTo("beginning", "Goes on at the first offsets.", "earliest"),
    seekTo("end", "Goes on at the ends.", "latest"),
  ];
}

async function seek(
  consumer: GroupConsumer,
  offsets: readonly (TopicPartition & { readonly offset: number })[],
  timestamps: readonly (TopicPartition & { readonly timestampMs: number })[],
): Promise<void> {
  // All of them are looked at first, so that a wrong one moves nothing.
  for (const partition of [...offsets, ...timestamps]) consumer.position(partition);
  const byTime = Map.groupBy(timestamps, ({ timestampMs }) => timestampMs);
  for (const [timestampMs, partitions] of byTime) await consumer.seekTo(partitions, timestampMs);
  for (const partition of offsets) consumer.seek(partition, partition.offset);
}
