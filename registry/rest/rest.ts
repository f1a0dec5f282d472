import type { Context } from "hono";
import about from "../../deno.json" with { type: "json" };
import {
  addBasics,
  type AppEnv,
  createApp,
  isSafe,
  parseHttpListener,
  type RunningService,
  runService,
  type ServiceInputs,
  type ServiceLogger,
  startHttp,
  tlsOf,
} from "../http/mod.ts";
import {
  BatchingProducer,
  type BatchingProducerOptions,
  clientOptions,
  KafkaClient,
  RecordReader,
} from "../kafka/mod.ts";
import { integer, oneOf, type Option, SettingsError } from "../settings/mod.ts";
import type { RestContext } from "./context.ts";
import { toHttpError } from "./errors.ts";
import { basicAuthorization, RegistryClient, SchemaSource } from "./schemas/mod.ts";
import { servedEndpoints } from "./served_endpoints.ts";
import { loadRestSettings, passedOnUnder, type RestSettings } from "./settings.ts";
import { mountStreams } from "./streams/mod.ts";
import { consumerDefaults, mountV2, V2_TYPE } from "./v2/mod.ts";
import { mountCluster } from "./v3/cluster/mod.ts";
import { mountRecords } from "./v3/records/mod.ts";

/** How long a call is tried while no broker answers, where no option says. */
const CALL_TIMEOUT_MS = 10_000;
/** A broker that answered within this time is well. */
const HEALTH_MS = 1000;
const DOCS = {
  title: "kafkats REST proxy",
  version: about.version,
  description: "Topics, records and consumers of a Kafka cluster over HTTP.",
};

/** Starts a REST proxy and resolves when it answers. Rejects with a sentence when it can't start. */
export async function startRest(inputs: ServiceInputs = {}): Promise<RunningService> {
  return await runService(inputs, { load: loadRestSettings, start });
}

async function start(
  loaded: RestSettings,
  logger: ServiceLogger,
  parts: AsyncDisposableStack,
): Promise<readonly string[]> {
  const { settings } = loaded;
  const listeners = settings.listeners.map(parseHttpListener);
  const options = kafkaOptions(loaded, logger);
  const client = parts.adopt(new KafkaClient(options), (one) => one.close());
  const producer = parts.adopt(
    new BatchingProducer(client, producerOptions(passedOnUnder(loaded, "producer."))),
    (one) => one.close(),
  );
  const stopping = new AbortController();
  const context: RestContext = {
    client,
    producer,
    reader: new RecordReader(client),
    schemas: makeSchemas(loaded),
    settings,
    logger,
    callTimeoutMs: options.callTimeoutMs,
    stopping: stopping.signal,
    isServed: servedEndpoints(
      settings["api.endpoints.allowlist"],
      settings["api.endpoints.blocklist"],
    ),
  };
  const app = createApp({ logger, translate: (error) => toHttpError(error), errorType });
  const metrics = addBasics(app, {
    settings,
    logger,
    docs: DOCS,
    isRead,
    health: async () => void await client.metadata([], { maxAgeMs: HEALTH_MS }),
  });
  const defaults = consumerDefaults(passedOnUnder(loaded, "consumer."));
  if (settings["api.v2.enable"]) {
    const v2 = parts.use(mountV2(app, context, defaults));
    metrics.addGauges({
      name: "kafka_rest_consumer_instances",
      help: "Consumer instances of v2.",
      value: () => v2.instanceCount,
    });
  }
  if (settings["api.v3.enable"]) {
    mountCluster(app, context);
    metrics.addGauges(...mountRecords(app, context), ...mountStreams(app, context));
  }
  const tls = tlsOf(settings);
  const http = parts.adopt(
    await startHttp({
      app,
      listeners,
      logger,
      drainMs: settings["shutdown.graceful.ms"],
      ...(tls === null ? {} : { tls }),
    }),
    (one) => one.stop(),
  );
  parts.defer(() => stopping.abort());
  logger.info(`Listening on ${http.urls.join(", ")}`);
  return http.urls;
}

/** Who may read may read through a consumer, too, which takes calls other than GET. */
function isRead(c: Context<AppEnv>): boolean {
  return isSafe(c) || c.req.path.startsWith("/consumers/");
}

/** The type of errors: v3 speaks plain JSON. */
function errorType(c: Context<AppEnv>): string {
  return /^(\/kafka)?\/v3(\/|$)/.test(c.req.path) ? "application/json" : V2_TYPE;
}

function kafkaOptions(loaded: RestSettings, logger: ServiceLogger) {
  const { settings } = loaded;
  const options = clientOptions(passedOnUnder(loaded, "client."), {
    bootstrap: settings["bootstrap.servers"],
    clientId: settings.id === "" ? "kafka-rest" : `kafka-rest-${settings.id}`,
  });
  return { ...options, callTimeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS, logger };
}

function makeSchemas(loaded: RestSettings): SchemaSource {
  const { settings } = loaded;
  const given = passedOnUnder(loaded, "schema.registry.");
  const user = given["basic.auth.user.info"];
  const token = given["bearer.auth.token"];
  const registry = new RegistryClient({
    urls: settings["schema.registry.url"],
    timeoutMs: settings["schema.registry.request.timeout.ms"],
    authorization: user !== undefined
      ? basicAuthorization(user)
      : token !== undefined
      ? `Bearer ${token}`
      : null,
  });
  return new SchemaSource({
    registry,
    entriesMax: settings["schema.cache.size"],
    latestMs: settings["schema.latest.cache.ms"],
  });
}

/** Options of the producer by Kafka's own names; those that mean nothing here are left out. */
function producerOptions(given: Readonly<Record<string, string>>): BatchingProducerOptions {
  function read<V>(name: string, option: Option<V>): V | null {
    const text = given[name];
    if (text === undefined) return null;
    const value = option.parse(text);
    if (value !== null) return value;
    throw new SettingsError(`Option producer.${name}=${text}: allowed is ${option.allowed}`);
  }
  const number = integer(0, "", { min: 1, max: 2 ** 31 - 1 });
  const codec = oneOf("none", ["none", "gzip", "snappy", "lz4", "zstd"], "");
  const found = {
    compression: read("compression.type", codec),
    batchBytesMax: read("batch.size", number),
    requestBytesMax: read("max.request.size", number),
    bufferBytesMax: read("buffer.memory", number),
    metadataMaxWaitMs: read("max.block.ms", number),
    deliveryTimeoutMs: read("delivery.timeout.ms", number),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
}
