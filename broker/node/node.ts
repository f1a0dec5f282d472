import { loadHardwareCrc32c } from "../base/crc32c.ts";
import {
  type Clock,
  type Disk,
  type Network,
  type Prng,
  randomUuid,
  type Timer,
} from "../base/mod.ts";
import { type BrokerConfig, ConfigError, type Logger, unservedProblem } from "../config/mod.ts";
import { ControllerDriver } from "../controller/mod.ts";
import { GroupCoordinator } from "../coordinator/mod.ts";
import {
  FetchSessionCache,
  handlers,
  type LogDirectory,
  type NodeRooms,
  sessionsOfSlots,
  TopicCreation,
} from "../handlers/mod.ts";
import { LogManager, type PartitionLog } from "../log/mod.ts";
import {
  BrokerLifecycleDriver,
  decodeSnapshot,
  EMPTY_IMAGE,
  imageToRecords,
  LEGACY_BOOTSTRAP_FILE,
  METADATA_VERSION,
  MetadataDelta,
  type MetadataImage,
  type MetadataRecord,
  SUPPORTED_FEATURES,
} from "../metadata/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import { NO_DIRECTORY, VoterSet } from "../raft/mod.ts";
import { type Partition, ReplicaManager, type RoleChanges } from "../replication/mod.ts";
import { type BoundListener, Dispatcher, Purgatory, Server } from "../server/mod.ts";
import { configRules } from "./config_rules.ts";
import { controllerRoom } from "./controller_room.ts";
import { MetadataFollower } from "./metadata_follower.ts";
import { controllerSettings } from "./controller_settings.ts";
import { EVERY_INTERFACE, toldEndpoints } from "./endpoints.ts";
import { groupSettings } from "./group_settings.ts";
import { handlerLog, rootLogger } from "./handler_log.ts";
import { LiveConfig } from "./live_config.ts";
import { logTaskSettings, metadataLogSettings } from "./log_settings.ts";
import { OffsetsPartitions } from "./offsets_partitions.ts";
import { ProducerIds } from "./producer_ids.ts";
import { serverLimits } from "./server_limits.ts";

/** What a {@linkcode Node} is started with. */
export interface NodeOptions {
  readonly config: BrokerConfig;
  /** The id of the cluster if it is new; null: one by chance. */
  readonly newClusterId: string | null;
  readonly logger: Logger;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly network: Network;
  readonly prng: Prng;
  /** Told to others where a listener listens on every interface. */
  readonly hostname: string;
  /** The node can't go on: its metadata log failed. It is to be stopped and the process ended. */
  readonly onFatal: (error: Error) => void;
}

const OFFSETS_TOPIC = "__consumer_offsets";
/** The id that Kafka keeps for the metadata topic. */
const METADATA_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
/** Requests that may wait for data or replication; beyond that they are answered as things stand. */
const PARKED_REQUESTS_MAX = 200_000;
/** How long the controller is given to move what this node leads, before it stops all the same. */
const CONTROLLED_SHUTDOWN_MS = 30_000;
/** How long requests under way are given when the node stops. */
const DRAIN_MS = 5_000;
/** How long after logs could not be made they are tried again. */
const RETRY_MS = 1_000;

/**
 * One Kafka node: makes the rooms, wires them, and starts and stops them in an order in which nothing
 * wrong can be answered: ports are bound; then come data directories, the quorum and its image, the
 * logs, roles; the listeners take requests last.
 */
export class Node {
  readonly #options: NodeOptions;
  readonly #live: LiveConfig;
  readonly #logs: LogManager;
  readonly #replicas: ReplicaManager;
  readonly #offsets: OffsetsPartitions;
  readonly #groups: GroupCoordinator;
  readonly #purgatory: Purgatory;
  readonly #server: Server;
  readonly #follower: MetadataFollower;
  #controller: ControllerDriver | null = null;
  #lifecycle: BrokerLifecycleDriver | null = null;
  #producerIds: ProducerIds | null = null;
  #image: MetadataImage = EMPTY_IMAGE;
  /** Whether the replicas follow the metadata already. */
  #isPublishing = false;
  #stopping: Promise<void> | null = null;
  #retry: Timer | null = null;

  private constructor(options: NodeOptions) {
    const { config, logger, disk, clock, prng, network } = options;
    this.#options = options;
    this.#live = new LiveConfig(config, logger);
    this.#logs = new LogManager({
      disk,
      clock,
      prng,
      logger: logger.named("log"),
      directories: config.logDirs,
      nodeId: config.nodeId,
      newClusterId: options.newClusterId,
      settingsFor: (topic) => this.#live.settingsFor(topic),
      tasks: logTaskSettings(config),
      producerIdExpirationMs: () => this.#live.now.get("producer.id.expiration.ms"),
      onDirectoryFailure: (path) => this.#onDirectoryFailure(path),
    });
    this.#follower = new MetadataFollower(clock);
    this.#purgatory = new Purgatory({ clock, sizeMax: PARKED_REQUESTS_MAX });
    this.#replicas = new ReplicaManager({
      localId: config.nodeId,
      logs: this.#logs,
      onChange: (partition) => this.#onChange(partition),
      onError: (message) => logger.error(message),
    });
    this.#offsets = new OffsetsPartitions(OFFSETS_TOPIC, this.#replicas, clock);
    this.#groups = this.#makeGroups();
    const rooms = this.#rooms();
    const controllerNames = config.controllerListenerNames;
    const dispatchers = {
      broker: new Dispatcher(handlers, "broker", rooms),
      controller: new Dispatcher(handlers, "controller", rooms),
    };
    this.#server = new Server({
      network,
      clock,
      log: rooms.log,
      limits: serverLimits(config),
      listeners: config.listeners.map(({ name, host, port }) => {
        const role = controllerNames.includes(name) ? "controller" : "broker";
        return {
          name,
          host: host === "" ? EVERY_INTERFACE : host,
          port,
          role,
          dispatcher: dispatchers[role],
        };
      }),
    });
  }

  /**
   * Starts a node; resolves when its listeners take requests. Rejects with a ConfigError, a
   * DataDirectoryError or an Error that says in a sentence why it can't, and holds nothing then.
   */
  static async start(options: NodeOptions): Promise<Node> {
    const problem = unservedProblem(options.config);
    if (problem !== null) throw new ConfigError(problem);
    const node = new Node(options);
    // First of all: a start that fails because a port is taken makes no directory.
    node.#bind();
    try {
      await Promise.all([node.#logs.open(), loadHardwareCrc32c()]);
    } catch (error) {
      await node.#server.stop(0);
      throw error;
    }
    try {
      await node.#start();
    } catch (error) {
      await (node.#stopping ??= node.#stop());
      throw error;
    }
    return node;
  }

  /** Where the node listens. */
  get listeners(): readonly BoundListener[] {
    return this.#server.listeners;
  }

  get clusterId(): string {
    return this.#logs.clusterId;
  }

  /** Hands over leaderships, answers what is under way, syncs and closes everything. */
  stop(): Promise<void> {
    return this.#stopping ??= this.#stop().then(() => this.#options.logger.info("Stopped"));
  }

  #bind(): void {
    try {
      this.#server.bind();
    } catch (cause) {
      const reason = (cause as Error).message.replace(/^C/, "c");
      throw new Error(`Cannot use option listeners: ${reason}`, { cause });
    }
  }

  async #start(): Promise<void> {
    const { config, logger, newClusterId } = this.#options;
    if (newClusterId !== null && newClusterId !== this.clusterId) {
      logger.warn(
        `Cluster id ${newClusterId} of the environment is not used: ` +
          `the data belongs to cluster ${this.clusterId}`,
      );
    }
    const controller = await this.#openController();
    this.#image = controller.image;
    controller.onCommit((delta, image) => this.#onCommit(delta, image));
    const lifecycle = this.#makeLifecycle(controller);
    this.#lifecycle = lifecycle;
    this.#producerIds = new ProducerIds(config.nodeId, controller, () => lifecycle.brokerEpoch);
    // Until this start is registered, the image says what the last run left: nothing to act on.
    await lifecycle.start();
    this.#live.adopt(this.#image);
    await this.#logs.load((log) => this.#isStray(log));
    this.#publishAll();
    await this.#follower.settled();
    await lifecycle.unfence();
    this.#server.start();
    for (const { name, host, port } of this.#server.listeners) {
      logger.info(`Listening on ${name}://${host}:${port}`);
    }
  }

  async #stop(): Promise<void> {
    const { clock } = this.#options;
    const lifecycle = this.#lifecycle;
    const isWanted = this.#live.now.get("controlled.shutdown.enable");
    if (lifecycle !== null && isWanted && this.#controller?.isActive) {
      // A controller that fails meanwhile will never let the broker go.
      const limit = clock.schedule(CONTROLLED_SHUTDOWN_MS, () => lifecycle.close());
      await lifecycle.shutDown();
      limit.cancel();
    }
    lifecycle?.close();
    this.#retry?.cancel();
    this.#purgatory.stop();
    this.#groups.close();
    await this.#server.stop(DRAIN_MS);
    await this.#controller?.close();
    await this.#follower.settled();
    await this.#logs.close(lifecycle?.brokerEpoch ?? -1);
  }

  #openController(): Promise<ControllerDriver> {
    const { config, disk, clock, prng, logger, onFatal } = this.#options;
    const { clusterId } = this.#logs;
    const endpoints = this.#told(config.advertisedControllerListeners);
    const path = config.metadataLogDir;
    const log = this.#logs.openMetadataLog(metadataLogSettings(config), METADATA_TOPIC_ID, path);
    const isStatic = config.quorumVoters.length > 0;
    const { directoryId } = this.#logs.directories.find((one) => one.path === path)!;
    return ControllerDriver.open({
      disk,
      clock,
      prng,
      logger: logger.named("controller"),
      settings: controllerSettings(config, clusterId),
      rules: configRules(() => this.#live.now),
      endpoints,
      voterEndpoints: new Map([[config.nodeId, endpoints]]),
      legacyBootstrap: this.#legacyBootstrap(path),
      raft: {
        log,
        self: { id: config.nodeId, directoryId },
        staticVoters: isStatic
          ? new VoterSet(config.quorumVoters.map(({ id }) => ({ id, directoryId: NO_DIRECTORY })))
          : null,
        electionTimeoutMs: config.get("controller.quorum.election.timeout.ms"),
        fetchTimeoutMs: config.get("controller.quorum.fetch.timeout.ms"),
        snapshots: {
          bytesBetweenMax: config.get("metadata.log.max.record.bytes.between.snapshots"),
          intervalMs: config.get("metadata.log.max.snapshot.interval.ms"),
          retentionBytes: config.get("metadata.max.retention.bytes"),
          retentionMs: config.get("metadata.max.retention.ms"),
        },
      },
      onFatal,
    }).then((controller) => this.#controller = controller);
  }

  /** What a directory that Kafka before 4.4 formatted, and nobody has started on, was formatted with. */
  #legacyBootstrap(path: string): readonly MetadataRecord[] {
    const { disk } = this.#options;
    const file = `${path}/${LEGACY_BOOTSTRAP_FILE}`;
    return disk.stat(file) === null ? [] : decodeSnapshot(file, disk.readFile(file)).records;
  }

  #makeLifecycle(controller: ControllerDriver): BrokerLifecycleDriver {
    const { config, clock, logger, prng, onFatal } = this.#options;
    const { clusterId, directories, previousBrokerEpoch } = this.#logs;
    return new BrokerLifecycleDriver({
      clock,
      logger: logger.named("lifecycle"),
      identity: {
        brokerId: config.nodeId,
        clusterId,
        incarnationId: randomUuid(prng),
        endpoints: this.#told(config.advertisedListeners),
        features: SUPPORTED_FEATURES,
        rack: config.get("broker.rack"),
        directories: directories.map(({ directoryId }) => directoryId),
        previousEpoch: previousBrokerEpoch,
      },
      settings: {
        heartbeatIntervalMs: config.get("broker.heartbeat.interval.ms"),
        registrationTimeoutMs: config.get("initial.broker.registration.timeout.ms"),
        directoryFailureTimeoutMs: config.get("log.dir.failure.timeout.ms"),
      },
      channel: (api, request, context) => controller.submit(api, request, context),
      image: () => this.#image,
      onFatal,
    });
  }

  #makeGroups(): GroupCoordinator {
    const { config, clock, prng, logger } = this.#options;
    const log = logger.named("groups");
    return new GroupCoordinator({
      settings: groupSettings(config),
      partitions: this.#offsets,
      partitionCount: () =>
        this.#image.topics.byName(OFFSETS_TOPIC)?.partitions.size ??
          config.get("offsets.topic.num.partitions"),
      maxBatchBytes: () => this.#live.settingsFor(OFFSETS_TOPIC).maxMessageBytes,
      clock,
      prng,
      report: ({ kind, ...facts }) => log.debug(kind, facts),
      onError: (partition, error) =>
        log.error(`${OFFSETS_TOPIC}-${partition} is not served: ${String(error)}`),
    });
  }

  /** What handlers see of this node. */
  #rooms(): NodeRooms {
    const { config, clock, prng, logger } = this.#options;
    const slots = config.get("max.incremental.fetch.session.cache.slots");
    const sessionsMax = sessionsOfSlots(slots);
    const controller = () => {
      if (this.#controller === null) throw new Error("No request is served before the controller");
      return controllerRoom(this.#controller, this.#follower);
    };
    const clusterId = () => this.#logs.clusterId;
    return {
      nodeId: config.nodeId,
      // Known once the data directories are open, before a listener takes a request.
      get clusterId() {
        return clusterId();
      },
      clock,
      log: handlerLog(logger.named("server")),
      config: () => this.#live.now,
      metadata: {
        image: () => this.#image,
        kraftVersion: () => this.#controller?.kraftVersion ?? 0,
      },
      replicas: this.#replicas,
      purgatory: this.#purgatory,
      controller: { submit: (api, request, context) => controller().submit(api, request, context) },
      groups: this.#groups,
      producerIds: { next: () => this.#producerIds!.next() },
      fetchSessions: new FetchSessionCache({ sessionsMax, prng }),
      topicCreation: new TopicCreation(),
      loggers: rootLogger(logger),
      logDirectories: () => this.#logDirectories(),
    };
  }

  #onChange(partition: Partition): void {
    this.#purgatory.notify(partition);
    this.#offsets.notify(partition);
  }

  #onDirectoryFailure(path: string): void {
    const failed = this.#logs.directories.find((directory) => directory.path === path);
    if (failed !== undefined) this.#lifecycle?.directoryFailed(failed.directoryId);
  }

  #onCommit(delta: MetadataDelta, image: MetadataImage): void {
    this.#image = image;
    if (!this.#isPublishing) return;
    this.#follower.follow(this.#publish(delta, image));
    if (delta.features.has(METADATA_VERSION)) this.#lifecycle?.registerAgain();
  }

  /** From here on the replicas follow the metadata. */
  #publishAll(): void {
    this.#isPublishing = true;
    const delta = new MetadataDelta(EMPTY_IMAGE);
    for (const record of imageToRecords(this.#image)) delta.replay(record);
    this.#follower.follow(this.#publish(delta, this.#image));
  }

  *#publish(delta: MetadataDelta, image: MetadataImage): Generator<void, void> {
    const changed = this.#live.apply(delta, image);
    if (changed === null) {
      this.#logs.updateSettings();
      this.#server.updateConnectionLimits(serverLimits(this.#live.now).connections);
    } else {
      for (const topic of changed) this.#logs.updateSettings(topic);
    }
    this.#onRoles(yield* this.#replicas.apply(delta, image));
    const deleted = [...delta.topics.deleted.values()].map(({ name, id }) => ({ name, id }));
    if (deleted.length > 0) void this.#groups.onTopicsDeleted(deleted);
    this.#retryUnopened();
  }

  /** Logs that the disk did not take, for want of room, are asked for again until it does. */
  #retryUnopened(): void {
    if (!this.#replicas.hasUnopened || this.#retry !== null || this.#stopping !== null) return;
    this.#retry = this.#options.clock.schedule(RETRY_MS, () => {
      this.#retry = null;
      this.#follower.follow(this.#openAgain());
    });
  }

  *#openAgain(): Generator<void, void> {
    this.#onRoles(yield* this.#replicas.retry(this.#image));
    this.#retryUnopened();
  }

  #onRoles({ elected, resigned }: RoleChanges): void {
    for (const { topic, partition, leaderEpoch } of resigned) {
      if (topic !== OFFSETS_TOPIC) continue;
      const isGone = this.#replicas.get(topic, partition) === null;
      this.#groups.onResigned(partition, isGone ? null : leaderEpoch);
    }
    for (const { topic, partition, leaderEpoch } of elected) {
      if (topic === OFFSETS_TOPIC) this.#groups.onElected(partition, leaderEpoch);
    }
  }

  /** A log whose topic is gone, or that the metadata places elsewhere. */
  #isStray({ topic, partition, topicId }: PartitionLog): boolean {
    const known = this.#image.topics.byName(topic);
    if (known === undefined || known.id !== topicId) return true;
    return !known.partitions.get(partition)?.replicas.includes(this.#options.config.nodeId);
  }

  #logDirectories(): LogDirectory[] {
    const { disk } = this.#options;
    const sizes = this.#replicas.sizes();
    return this.#logs.directories.map(({ path, failure }) => ({
      path,
      errorCode: failure === null ? errorCodes.NONE : errorCodes.KAFKA_STORAGE_ERROR,
      ...disk.space(path),
      isCordoned: false,
      replicas: sizes.get(path) ?? [],
    }));
  }

  #told(endpoints: BrokerConfig["advertisedListeners"]): ReturnType<typeof toldEndpoints> {
    return toldEndpoints(endpoints, this.#server.listeners, this.#options.hostname);
  }
}
