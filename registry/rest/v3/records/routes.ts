import type { Context } from "hono";
import {
  type App,
  type AppEnv,
  bodyChunks,
  checkContentType,
  type Gauge,
  negotiate,
  readBody,
} from "../../../http/mod.ts";
import type { RestContext } from "../../context.ts";
import { readExactJson } from "../../request_json.ts";
import { BodyOutlet } from "../../streams/body_outlet.ts";
import { checkedClusterId } from "../../streams/cluster_id.ts";
import { OpenStreams } from "../../streams/open_streams.ts";
import { produceBatch } from "./produce_batch.ts";
import { ProduceStream } from "./produce_stream.ts";
import { RecordEncoder } from "./record_encoder.ts";
import { batchPath, recordsPath } from "./shapes.ts";
import { TextOutlet } from "./text_outlet.ts";

const TOPIC_PATH = "/v3/clusters/:cluster/topics/:topic";
/** A colon in a route begins a parameter, but not inside of a parameter's pattern. */
const BATCH_PATH = `${TOPIC_PATH}/:call{records(?::|%3[Aa])batch}`;

const JSON_TYPE = "application/json";
/** One record to a line is a way of writing one record behind the other. */
const STREAM_TYPES = [JSON_TYPE, "application/x-ndjson"] as const;

/** Of one record's JSON, where no option says: more than any key and value that brokers take by default. */
const RECORD_BYTES_MAX = 8 * 1024 * 1024;

/** A body of up to this that is here already is answered as a whole: streaming it would only cost. */
const SHORT_BYTES_MAX = 16 * 1024;

/** Puts the routes that are served into an app; gives what there is to be counted. */
export function mountRecords(app: App, context: RestContext): readonly Gauge[] {
  const { settings, schemas, producer, logger } = context;
  const recordBytesMax = settings["api.v3.produce.request.size.limit.max.bytes"] ||
    RECORD_BYTES_MAX;
  const open = new OpenStreams(Infinity, context.stopping);

  async function serveStream(c: Context<AppEnv>): Promise<Response> {
    checkContentType(c.req.header("Content-Type") ?? null, STREAM_TYPES);
    const type = negotiate(c.req.header("Accept") ?? null, STREAM_TYPES);
    const { cluster, topic } = c.req.param() as {
      readonly cluster: string;
      readonly topic: string;
    };
    const options = {
      clusterId: await checkedClusterId(context, cluster),
      topic,
      producer,
      encoder: new RecordEncoder(topic, schemas),
      logger,
      recordBytesMax,
    };
    if (isShort(c)) {
      const outlet = new TextOutlet();
      const stream = new ProduceStream({ ...options, outlet, durationMs: Infinity, graceMs: 0 });
      await stream.run(once(await readBody(c, SHORT_BYTES_MAX)));
      return c.newResponse(outlet.text, 200, { "Content-Type": type });
    }
    const outlet = new BodyOutlet();
    const stream = new ProduceStream({
      ...options,
      outlet,
      durationMs: settings["streaming.connection.max.duration.ms"],
      graceMs: settings["streaming.connection.max.duration.grace.period.ms"],
    });
    void open.hold(() => stream.stop(), () => stream.run(bodyChunks(c, Infinity)));
    // Compressing would hold answers back.
    return c.newResponse(outlet.body, 200, {
      "Content-Type": type,
      "Cache-Control": "no-store, no-transform",
    });
  }

  async function serveBatch(c: Context<AppEnv>): Promise<Response> {
    checkContentType(c.req.header("Content-Type") ?? null, [JSON_TYPE]);
    const type = negotiate(c.req.header("Accept") ?? null, [JSON_TYPE]);
    const { cluster, topic } = c.req.param() as {
      readonly cluster: string;
      readonly topic: string;
    };
    const clusterId = await checkedClusterId(context, cluster);
    const { value } = await readExactJson(c, settings["max.request.bytes"]);
    const answer = await produceBatch(value, {
      clusterId,
      topic,
      producer,
      encoder: new RecordEncoder(topic, schemas),
      logger,
      entriesMax: settings["api.v3.produce.batch.maximum.entries"],
    });
    return c.newResponse(answer, 207, { "Content-Type": type });
  }

  if (context.isServed("api.v3.produce.produce-to-topic")) {
    app.on("POST", `${TOPIC_PATH}/records`, serveStream);
    app.openAPIRegistry.registerPath(recordsPath);
  }
  if (context.isServed("api.v3.produce-batch.produce-to-topic")) {
    app.on("POST", BATCH_PATH, serveBatch);
    app.openAPIRegistry.registerPath(batchPath);
  }
  return [{
    name: "rest_produce_streams_open",
    help: "Streams of records from clients.",
    value: () => open.count,
  }];
}

function isShort(c: Context<AppEnv>): boolean {
  const { headers, complete, readableLength } = c.env.incoming;
  const length = Number(headers["content-length"]);
  return length <= SHORT_BYTES_MAX && (complete || readableLength >= length) &&
    headers["content-encoding"] === undefined;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
