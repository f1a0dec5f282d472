import { createHash } from "node:crypto";
import { hostname } from "node:os";
import about from "../../deno.json" with { type: "json" };
import {
  addBasics,
  createApp,
  HttpError,
  parseHttpListener,
  type RunningHttp,
  type RunningService,
  runService,
  type ServiceInputs,
  type ServiceLogger,
  startHttp,
  tlsOf,
} from "../http/mod.ts";
import { clientOptions, type FetchedRecord, KafkaClient, KafkaError } from "../kafka/mod.ts";
import { incompatibilities } from "./compatibility/mod.ts";
import { avroFormat, jsonFormat, protobufFormat } from "./formats/mod.ts";
import { Instance } from "./instance.ts";
import { mountMiscellaneous } from "./miscellaneous.ts";
import { PrimaryElection } from "./primary_election.ts";
import { ANSWER_TYPES, mountEndpoints } from "./routes/mount.ts";
import { conditionOf, SchemasTopic } from "./schemas_topic.ts";
import { loadRegistrySettings, type RegistrySettings } from "./settings.ts";
import {
  type CompatibilityLevel,
  errorCodes,
  RegistryError,
  type ReplayOutcome,
  SchemaStore,
  statusOf,
} from "./store/mod.ts";

/** Writes that may wait for those before them. */
const WAITING_WRITES_MAX = 1000;
/** How long a call to the cluster is tried where no option says: a client of ours waits for it. */
const CALL_TIMEOUT_MS = 10_000;
const DOCS = {
  title: "kafkats schema registry",
  version: about.version,
  description: "Schemas of records, by subject and version; which versions get along.",
};

/**
 * Starts a schema registry and resolves when it answers: the topic is read then. Rejects with a sentence when it
 * can't start.
 */
export async function startRegistry(inputs: ServiceInputs = {}): Promise<RunningService> {
  return await runService(inputs, { load: loadRegistrySettings, start });
}

async function start(
  loaded: RegistrySettings,
  logger: ServiceLogger,
  parts: AsyncDisposableStack,
): Promise<readonly string[]> {
  const { settings } = loaded;
  const client = parts.adopt(makeClient(loaded, logger), (one) => one.close());
  const store = makeStore(settings);
  let conflict: (reason: string) => void = () => {};
  logger.info(`Waiting for brokers at ${settings["kafkastore.bootstrap.servers"].join(", ")}`);
  const topic = await openTopic(loaded, client, logger, {
    replay(record) {
      const { key, value, timestampMs } = record;
      const outcome = store.replay(key, value, timestampMs, conditionOf(record));
      if (outcome.kind === "ignored") logger.debug(`A record is left out: ${outcome.reason}`);
      else if (outcome.kind === "conflict") conflict(outcome.reason);
      return outcome;
    },
  });
  parts.defer(() => topic.close());
  const instance = new Instance({
    topic,
    logger,
    timeoutMs: settings["kafkastore.timeout.ms"],
    retriesMax: settings["kafkastore.write.max.retries"],
    waitingMax: WAITING_WRITES_MAX,
    decideRepair: () => store.decideRepair(),
  });
  conflict = (reason) => instance.repair(reason);
  const app = createApp({
    logger,
    translate,
    errorType: (c) => preferredType(c.req.header("Accept")),
  });
  const metrics = addBasics(app, {
    settings,
    logger,
    docs: DOCS,
    isRead: ({ req: { method, path } }) =>
      method === "GET" || method === "HEAD" || (method === "POST" && isLookup(path)),
    health: () => healthOf(client, instance),
  });
  metrics.addGauges(
    {
      name: "schema_registry_schemas",
      help: "Schemas by id.",
      value: () => store.counts().schemas,
    },
    { name: "schema_registry_subjects", help: "Subjects.", value: () => store.counts().subjects },
    {
      name: "schema_registry_primary",
      help: "1 on the instance that takes writes.",
      value: () => instance.primary?.isSelf === true ? 1 : 0,
    },
    {
      name: "schema_registry_waiting_writes",
      help: "Writes that wait or run.",
      value: () => instance.waitingCount,
    },
  );
  mountMiscellaneous(app, { client, groupId: settings["schema.registry.group.id"] });
  mountEndpoints(app, {
    store,
    instance,
    forwardTimeoutMs: settings["leader.read.timeout.ms"],
    bodyBytesMax: settings["max.request.bytes"],
    schemaLengthMax: settings["schema.max.length"],
  });
  const tls = tlsOf(settings);
  const http = await startHttp({
    app,
    listeners: settings.listeners.map(parseHttpListener),
    logger,
    drainMs: settings["shutdown.graceful.ms"],
    ...(tls === null ? {} : { tls }),
  });
  const election = electPrimary(loaded, client, { instance, http, logger });
  parts.defer(() => http.stop());
  parts.defer(() => election.leave());
  const { subjects, schemas } = store.counts();
  logger.info(`Listening on ${http.urls.join(", ")} with ${subjects} subjects, ${schemas} schemas`);
  return http.urls;
}

function makeClient({ settings, passedOn }: RegistrySettings, logger: ServiceLogger): KafkaClient {
  const options = [...passedOn].map(([name, value]) => [name.replace("kafkastore.", ""), value]);
  return new KafkaClient({
    callTimeoutMs: Math.min(CALL_TIMEOUT_MS, settings["kafkastore.init.timeout.ms"]),
    ...clientOptions(Object.fromEntries(options), {
      bootstrap: settings["kafkastore.bootstrap.servers"],
      clientId: "schema-registry",
    }),
    logger,
  });
}

function makeStore(settings: RegistrySettings["settings"]): SchemaStore {
  return new SchemaStore({
    formats: new Map([["AVRO", avroFormat], ["JSON", jsonFormat], ["PROTOBUF", protobufFormat]]),
    incompatibilities,
    md5: (bytes) => createHash("md5").update(bytes).digest(),
    settings: {
      compatibilityLevel: settings["schema.compatibility.level"]
        .toUpperCase() as CompatibilityLevel,
      validateFields: settings["schema.validate.fields"],
      validateNewSchemas: settings["schema.validate.new.schemas"],
      modeMutability: settings["mode.mutability"],
      rejectEmptySubject: settings["schema.reject.empty.subject"],
      cacheEntriesMax: settings["schema.cache.size"],
      schemaPage: {
        default: settings["schema.search.default.limit"],
        max: settings["schema.search.max.limit"],
      },
    },
  });
}

/** Opens the topic, waiting for brokers that are not there yet. */
async function openTopic(
  { settings }: RegistrySettings,
  client: KafkaClient,
  logger: ServiceLogger,
  reader: {
    replay(record: FetchedRecord): ReplayOutcome;
  },
): Promise<SchemasTopic> {
  const topic = settings["kafkastore.topic"];
  const deadlineMs = performance.now() + settings["kafkastore.init.timeout.ms"];
  for (;;) {
    try {
      return await SchemasTopic.open({
        client,
        topic,
        replicationFactor: settings["kafkastore.topic.replication.factor"],
        timeoutMs: settings["kafkastore.timeout.ms"],
        logger,
        replay: (record) => reader.replay(record),
        onFatal: (error) => logger.error(`${topic} is followed no more: ${error.message}`),
      });
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (!error.retriable || performance.now() > deadlineMs) {
        throw new Error(`Cannot read ${topic}: ${error.message}`, { cause: error });
      }
      logger.warn(`Waiting for ${topic}: ${error.message}`);
    }
  }
}

function electPrimary(
  { settings }: RegistrySettings,
  client: KafkaClient,
  { instance, http, logger }: {
    readonly instance: Instance;
    readonly http: RunningHttp;
    readonly logger: ServiceLogger;
  },
): PrimaryElection {
  const scheme = settings["inter.instance.protocol"];
  const url = http.urls.find((one) => one.startsWith(`${scheme}:`)) ?? http.urls[0]!;
  const election = new PrimaryElection({
    client,
    groupId: settings["schema.registry.group.id"],
    self: {
      scheme,
      host: settings["host.name"] || hostOf(url),
      port: Number(new URL(url).port),
      isEligible: settings["leader.eligibility"],
    },
    isSticky: settings["leader.election.sticky"],
    logger,
    onPrimary: (primary) => instance.onPrimary(primary),
    onFatal: (error) => logger.error(`The registry takes no writes: ${error.message}`),
  });
  election.start();
  return election;
}

/** What the store refuses has its code; what the cluster refuses is an error of the store behind it. */
function translate(error: unknown): HttpError | null {
  if (error instanceof RegistryError) {
    return new HttpError(statusOf(error.errorCode), error.errorCode, error.message);
  }
  if (error instanceof KafkaError) {
    return new HttpError(
      500,
      errorCodes.STORE_ERROR,
      `The cluster doesn't answer: ${error.message}`,
    );
  }
  return null;
}

/** The host by which a listener is reached; the machine's name where it listens on all of its addresses. */
function hostOf(url: string): string {
  const host = new URL(url).hostname;
  return host === "0.0.0.0" || host === "[::]" ? hostname() : host;
}

/** POSTs that change nothing: is a schema there, would it be taken. */
function isLookup(path: string): boolean {
  return /^(?:\/contexts\/[^/]+)?\/(?:subjects\/[^/]+$|compatibility\/)/.test(path);
}

async function healthOf(client: KafkaClient, instance: Instance): Promise<void> {
  await client.metadata([], { maxAgeMs: 5000 });
  if (instance.primary === null) throw new Error("No instance of the registry takes writes now");
}

/** The type of an error, which must not fail itself for an Accept that nothing satisfies. */
function preferredType(accept: string | undefined): string {
  return ANSWER_TYPES.find((type) => accept?.includes(type)) ?? ANSWER_TYPES[0];
}
