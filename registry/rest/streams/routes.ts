import type { Context } from "hono";
import {
  acceptWebSocket,
  type App,
  type AppEnv,
  type Gauge,
  HttpError,
  isWebSocketRequest,
  negotiate,
} from "../../http/mod.ts";
import { requestBaseUrl } from "../base_url.ts";
import type { RestContext } from "../context.ts";
import { checkedClusterId } from "./cluster_id.ts";
import { type EventOutlet, SseOutlet } from "./event_outlet.ts";
import { OpenStreams } from "./open_streams.ts";
import { PartitionsReader } from "./partitions_reader.ts";
import {
  cursorOf,
  formatsOf,
  type From,
  fromOf,
  isolationOf,
  numberOf,
  partitionsOf,
} from "./read_query.ts";
import { readRecords } from "./read_records.ts";
import { RecordStream } from "./record_stream.ts";
import { SchemaLookup } from "./schema_lookup.ts";
import { partitionRecordsPath, streamPath, topicRecordsPath } from "./shapes.ts";
import {
  type Beginning,
  partitionsToRead,
  startPositions,
  type TopicPartitions,
} from "./start_positions.ts";
import { SharedTexts } from "./stretch_texts.ts";
import { TopicWatches } from "./topic_watches.ts";
import { Wake } from "./wake.ts";
import { WebSocketOutlet } from "./web_socket_outlet.ts";

/** What streams may take. */
export interface StreamLimits {
  /** Streams at a time. */
  readonly streamsMax: number;
  /** How long a stream may be silent. */
  readonly heartbeatMs: number;
}

const LIMITS: StreamLimits = { streamsMax: 1000, heartbeatMs: 15_000 };
/** Reads that wait for records at a time. */
const WAITING_READS_MAX = 10_000;

const TOPIC_PATH = "/v3/clusters/:cluster/topics/:topic";
/** A colon in a route begins a parameter, but not inside of a parameter's pattern. */
const STREAM_PATH = `${TOPIC_PATH}/:call{records(?::|%3[Aa])stream}`;

const JSON_TYPE = "application/json";
const SSE_TYPE = "text/event-stream";

const MIB = 1024 * 1024;
const READ_BYTES = MIB, READ_BYTES_MAX = 16 * MIB;
const READ_RECORDS = 1000, READ_RECORDS_MAX = 10_000;
const WAIT_MS_MAX = 30_000;
/** Where to begin when nothing is said. */
const LATEST: From = { kind: "at", at: "latest" };
const EARLIEST: From = { kind: "at", at: "earliest" };

/**
 * Puts the routes that are served into an app. `records:stream` is a WebSocket to who asks for one, which works where
 * the server gives routes the `upgrade` requests (startHttp does). Gives what there is to be counted.
 */
export function mountStreams(
  app: App,
  context: RestContext,
  limits: Partial<StreamLimits> = {},
): readonly Gauge[] {
  const routes = new StreamRoutes(context, { ...LIMITS, ...limits });
  if (context.isServed("api.v3.records.stream")) {
    app.on("GET", STREAM_PATH, (c) => routes.stream(c));
    app.openAPIRegistry.registerPath(streamPath);
  }
  if (context.isServed("api.v3.records.read")) {
    app.on("GET", `${TOPIC_PATH}/partitions/:partition/records`, (c) => routes.readPartition(c));
    app.on("GET", `${TOPIC_PATH}/records`, (c) => routes.readTopic(c));
    app.openAPIRegistry.registerPath(partitionRecordsPath);
    app.openAPIRegistry.registerPath(topicRecordsPath);
  }
  return routes.gauges();
}

class StreamRoutes {
  readonly #context: RestContext;
  readonly #limits: StreamLimits;
  readonly #streams: OpenStreams;
  readonly #reads: OpenStreams;
  readonly #watches: TopicWatches;
  readonly #texts = new SharedTexts();
  readonly #schemas: SchemaLookup;

  constructor(context: RestContext, limits: StreamLimits) {
    this.#context = context;
    this.#limits = limits;
    this.#streams = new OpenStreams(limits.streamsMax, context.stopping);
    this.#reads = new OpenStreams(WAITING_READS_MAX, context.stopping);
    this.#watches = new TopicWatches(context.client);
    this.#schemas = new SchemaLookup(context.schemas);
  }

  gauges(): Gauge[] {
    return [
      {
        name: "rest_streams_open",
        help: "Streams of records to clients.",
        value: () => this.#streams.count,
      },
      {
        name: "rest_reads_open",
        help: "Reads of records that are not answered yet.",
        value: () => this.#reads.count,
      },
      {
        name: "rest_topics_watched",
        help: "Topics that streams or reads are at.",
        value: () => this.#watches.count,
      },
    ];
  }

  /** Records as they come. */
  async stream(c: Context<AppEnv>): Promise<Response> {
    const wantsSocket = isWebSocketRequest(c);
    if (wantsSocket) this.#checkOrigin(c);
    else negotiate(c.req.header("Accept") ?? null, [SSE_TYPE]);
    const { cluster, topic } = c.req.param() as {
      readonly cluster: string;
      readonly topic: string;
    };
    const query = (name: string) => c.req.query(name);
    const formats = formatsOf(query);
    const from = query("from");
    const beginning = {
      from: from === undefined ? LATEST : fromOf("from", from),
      cursor: cursorOf(c.req.header("Last-Event-ID") || query("last_event_id")),
      isolation: isolationOf(query),
    };
    const wanted = partitionsOf(query);
    const { client } = this.#context;
    await checkedClusterId(this.#context, cluster);
    const what = await partitionsToRead(client, topic, wanted);
    const positions = await startPositions(client, what, beginning);
    if (this.#streams.isFull) throw tooMany("streams are open", this.#limits.streamsMax);
    const run = (outlet: EventOutlet) => {
      const { reader, watch, release } = this.#open(what, beginning, positions);
      const stream = new RecordStream({
        reader,
        watch,
        formats,
        texts: this.#texts,
        schemas: this.#schemas,
        outlet,
        heartbeatMs: this.#limits.heartbeatMs,
        isOutdated: () =>
          wanted === null &&
          (client.cachedTopic(topic)?.partitions.length ?? 0) > what.partitions.length,
        logger: this.#context.logger,
      });
      void this.#streams.hold(() => stream.stop(), () => stream.run().finally(release));
    };
    if (wantsSocket) return acceptWebSocket(c, (socket) => run(new WebSocketOutlet(socket)));
    const headers = {
      "Content-Type": SSE_TYPE,
      "Cache-Control": "no-store, no-transform",
      // For proxies that would hold events back until a buffer is full.
      "X-Accel-Buffering": "no",
    };
    if (c.req.method === "HEAD") return c.newResponse(null, 200, headers);
    const outlet = new SseOutlet();
    run(outlet);
    return c.newResponse(outlet.body, 200, headers);
  }

  /** Some records of one partition. */
  readPartition(c: Context<AppEnv>): Promise<Response> {
    const text = c.req.param("partition") ?? "";
    if (!/^\d{1,9}$/.test(text)) throw new HttpError(404, 404, "partition_id is no number");
    return this.#read(c, [Number(text)]);
  }

  /** Some records of all partitions. */
  readTopic(c: Context<AppEnv>): Promise<Response> {
    return this.#read(c, partitionsOf((name) => c.req.query(name)));
  }

  async #read(c: Context<AppEnv>, wanted: readonly number[] | null): Promise<Response> {
    const type = negotiate(c.req.header("Accept") ?? null, [JSON_TYPE]);
    const { cluster, topic } = c.req.param() as {
      readonly cluster: string;
      readonly topic: string;
    };
    const query = (name: string) => c.req.query(name);
    const formats = formatsOf(query);
    const offset = query("offset");
    const beginning = {
      from: offset === undefined ? EARLIEST : fromOf("offset", offset),
      cursor: cursorOf(query("cursor")),
      isolation: isolationOf(query),
    };
    const limits = {
      maxBytes: numberOf("max_bytes", query, {
        min: 1,
        max: READ_BYTES_MAX,
        otherwise: READ_BYTES,
      }),
      maxRecords: numberOf("max_records", query, {
        min: 1,
        max: READ_RECORDS_MAX,
        otherwise: READ_RECORDS,
      }),
      waitMs: numberOf("wait_ms", query, { min: 0, max: WAIT_MS_MAX, otherwise: 0 }),
    };
    await checkedClusterId(this.#context, cluster);
    const what = await partitionsToRead(this.#context.client, topic, wanted);
    const positions = await startPositions(this.#context.client, what, beginning);
    if (this.#reads.isFull) throw tooMany("reads wait", WAITING_READS_MAX);
    const { reader, watch, release } = this.#open(what, beginning, positions);
    const wake = new Wake();
    let isOver = false;
    function end(): void {
      isOver = true;
      wake.wake();
    }
    c.env.outgoing.once("close", end);
    const options = { reader, watch, formats, schemas: this.#schemas, limits, wake };
    const read = await this.#reads.hold(
      end,
      () => readRecords({ ...options, isOver: () => isOver }).finally(release),
    );
    c.env.outgoing.off("close", end);
    const { texts, cursor } = read;
    const self = `${requestBaseUrl(c, this.#context.settings)}${new URL(c.req.url).pathname}`;
    const body =
      `{"kind":"KafkaRecordList","metadata":{"self":${
        JSON.stringify(`${self}${new URL(c.req.url).search}`)
      },"next":${JSON.stringify(`${self}?${nextQuery(c, cursor)}`)}},"data":[${texts.join(",")}],` +
      `"next_cursor":"${cursor}"}`;
    return c.newResponse(body, 200, { "Content-Type": type, "Cache-Control": "no-store" });
  }

  #open(
    { topic, topicId, partitions }: TopicPartitions,
    { isolation }: Beginning,
    positions: readonly (readonly [number, number])[],
  ) {
    const { client, reader } = this.#context;
    const { watch, release } = this.#watches.join(topic, partitions);
    const options = { client, reader, watch, topicId, isolation };
    return { reader: new PartitionsReader(options, positions), watch, release };
  }

  /**
   * Browsers let any page open a WebSocket to anywhere, and tell where the page is from: pages of other origins may
   * read records here no more than they may over HTTP.
   */
  #checkOrigin(c: Context<AppEnv>): void {
    const origin = c.req.header("Origin");
    if (origin === undefined) return;
    const allowed = this.#context.settings["access.control.allow.origin"];
    if (allowed.includes("*") || allowed.includes(origin)) return;
    const host = URL.canParse(origin) ? new URL(origin).host : null;
    if (host !== null && host === c.req.header("Host")) return;
    throw new HttpError(403, 403, "Pages of this origin may not read: access.control.allow.origin");
  }
}

/** The query of the next read: this one's, from the cursor on. */
function nextQuery(c: Context<AppEnv>, cursor: string): string {
  const query = new URLSearchParams(new URL(c.req.url).search);
  query.delete("offset");
  query.set("cursor", cursor);
  return query.toString();
}

function tooMany(what: string, max: number): HttpError {
  return new HttpError(429, 429, `${max} ${what}, and no more may`, { "Retry-After": "5" });
}
