/** A broker, a schema registry where one is asked for, and the routes of records over them: for tests. */
import { startBroker } from "../../../broker/mod.ts";
import { addBasics, createApp, parseHttpListener, startHttp } from "../../http/mod.ts";
import {
  BatchingProducer,
  createTopic,
  KafkaClient,
  RecordReader,
  topicWithLeaders,
} from "../../kafka/mod.ts";
import type { RestContext } from "../context.ts";
import { toHttpError } from "../errors.ts";
import { RegistryClient, SchemaSource } from "../schemas/mod.ts";
import { loadRestSettings } from "../settings.ts";
import { TinyRegistry } from "../testing/tiny_registry_test.ts";
import { mountRecords } from "../v3/records/mod.ts";
import { mountStreams, type StreamLimits } from "./mod.ts";

/** What a test gets. */
export interface TestProxy {
  readonly url: string;
  /** `/v3/clusters/{id}` behind {@linkcode url}. */
  readonly cluster: string;
  readonly clusterId: string;
  readonly context: RestContext;
  topic(
    name: string,
    partitions?: number,
    configs?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** The value of one of the service's numbers. */
  gauge(name: string): number;
  /** Messages of the log's errors: a test that expects none looks here. */
  readonly errors: readonly string[];
  /** Stops the broker, calls `whileAway`, starts it again at the same address. */
  restartBroker(whileAway: () => Promise<void>): Promise<void>;
  /** Streams end; answers are awaited. */
  stop(): Promise<void>;
}

/** How it is started. */
export interface TestProxyOptions {
  readonly registry?: boolean;
  readonly broker?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly limits?: Partial<StreamLimits>;
}

/** Runs a test. */
export async function withProxy(
  options: TestProxyOptions,
  use: (proxy: TestProxy) => Promise<void>,
): Promise<void> {
  const parts = new AsyncDisposableStack();
  try {
    await use(await start(options, parts));
  } finally {
    await parts.disposeAsync();
  }
}

async function start(options: TestProxyOptions, parts: AsyncDisposableStack): Promise<TestProxy> {
  const dataDirectory = await Deno.makeTempDir();
  parts.defer(() => Deno.remove(dataDirectory, { recursive: true }));
  let broker = await startBroker({ dataDirectory, overrides: options.broker ?? {} });
  parts.defer(() => broker.stop());
  const { bootstrap } = broker;
  const registry = options.registry === true ? parts.use(await TinyRegistry.start()) : null;
  const errors: string[] = [];
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message: string) => void errors.push(message),
  };
  const { settings } = loadRestSettings({
    overrides: Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`),
  });
  const client = parts.adopt(
    new KafkaClient({ bootstrap: [bootstrap], clientId: "test" }),
    (one) => one.close(),
  );
  const producer = parts.adopt(
    new BatchingProducer(client, { metadataMaxWaitMs: settings["client.timeout.ms"] }),
    (one) => one.close(),
  );
  const stopping = new AbortController();
  const context: RestContext = {
    client,
    producer,
    reader: new RecordReader(client),
    schemas: new SchemaSource({
      registry: new RegistryClient({
        urls: registry === null ? [] : [registry.url],
        authorization: null,
        timeoutMs: 5000,
      }),
      entriesMax: 100,
      latestMs: 1000,
    }),
    settings,
    logger,
    stopping: stopping.signal,
    isServed: () => true,
    callTimeoutMs: 5000,
  };
  const app = createApp({
    logger,
    translate: (error) => toHttpError(error),
    errorType: () => "application/json",
  });
  const metrics = addBasics(app, {
    settings,
    logger,
    docs: { title: "test", version: "0", description: "test" },
    health: () => Promise.resolve(),
  });
  const gauges = [
    ...mountRecords(app, context),
    ...mountStreams(app, context, options.limits),
  ];
  metrics.addGauges(...gauges);
  const http = await startHttp({
    app,
    listeners: [parseHttpListener("http://127.0.0.1:0")],
    drainMs: 1000,
  });
  let stopped: Promise<void> | null = null;
  function stop(): Promise<void> {
    stopping.abort();
    return stopped ??= http.stop();
  }
  parts.defer(stop);
  const { clusterId } = await client.metadata([]);
  const url = http.urls[0]!;
  return {
    url,
    cluster: `${url}/v3/clusters/${clusterId}`,
    clusterId: clusterId!,
    context,
    gauge: (name) => gauges.find((one) => one.name === name)!.value(),
    errors,
    stop,
    async restartBroker(whileAway) {
      await broker.stop();
      await whileAway();
      broker = await startBroker({
        dataDirectory,
        overrides: options.broker ?? {},
        port: Number(bootstrap.split(":")[1]),
      });
    },
    async topic(name, partitions = 1, configs = {}) {
      await createTopic(client, { name, partitions, configs });
      await topicWithLeaders(client, name);
    },
  };
}
