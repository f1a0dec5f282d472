import { assert } from "@std/assert";
import { SeededPrng } from "../base/mod.ts";
import {
  type AnyApi,
  brokerHeartbeat,
  brokerRegistration,
  createTopics,
  type CreateTopicsResponse,
  errorCodes,
  make,
  type Partially,
  type RequestOf,
  type ResponseOf,
} from "../protocol/mod.ts";
import {
  bootstrapRecords,
  decodeMetadataRecord,
  encodeRecord,
  type MetadataImage,
  type MetadataRecord,
  type PartitionImage,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
  SUPPORTED_FEATURES,
} from "../metadata/mod.ts";
import { refusal } from "./api_error.ts";
import { Controller } from "./controller.ts";
import { decisions } from "./served_apis.ts";
import type { ConfigRules, ControllerSettings } from "./settings.ts";

export const CLUSTER_ID = "clusterAAAAAAAAAAAAAAA";

export const settings: ControllerSettings = {
  nodeId: 1,
  clusterId: CLUSTER_ID,
  quorumNodeIds: [1],
  defaultReplicationFactor: 1,
  numPartitions: 1,
  deleteTopicEnable: true,
  minInsyncReplicas: 1,
  uncleanLeaderElectionEnable: false,
  brokerSessionTimeoutMs: 9_000,
  metadataMaxIdleIntervalMs: 500,
  autoLeaderRebalanceEnable: true,
  leaderImbalanceCheckIntervalMs: 300_000,
  uncleanLeaderElectionIntervalMs: 300_000,
};

/** A few of Kafka's options, by which tests can tell good values from bad ones. */
export const rules: ConfigRules = {
  validate({ resourceType }, values) {
    for (const [name, value] of values) {
      const allowed = OPTIONS.get(resourceType)?.get(name);
      if (allowed !== undefined && allowed(value)) continue;
      const isOfTopics = resourceType === RESOURCE_TOPIC || resourceType === RESOURCE_GROUP;
      const code = !isOfTopics ? errorCodes.INVALID_REQUEST : errorCodes.INVALID_CONFIG;
      return refusal(code, `${name} can't be ${value}.`);
    }
    return null;
  },
  isList: (_, name) => name === "cleanup.policy",
  defaultValue: (_, name) => name === "cleanup.policy" ? "delete" : null,
  topicConfigs: (overrides) =>
    Array.from(overrides, ([name, value]) => ({
      name,
      value,
      readOnly: false,
      configSource: 1,
      isSensitive: false,
    })),
};

const isNumber = (value: string) => /^-?\d+$/.test(value);
const any = () => true;
const OPTIONS = new Map<number, ReadonlyMap<string, (value: string) => boolean>>([
  [
    RESOURCE_TOPIC,
    new Map([
      ["retention.ms", isNumber],
      ["min.insync.replicas", isNumber],
      ["unclean.leader.election.enable", any],
      ["cleanup.policy", (value) => value.split(",").every((v) => /^(delete|compact)$/.test(v))],
    ]),
  ],
  [
    4,
    new Map([
      ["log.retention.ms", isNumber],
      ["num.io.threads", isNumber],
      ["min.insync.replicas", isNumber],
    ]),
  ],
  [
    RESOURCE_CLIENT_METRICS,
    new Map([["interval.ms", (v: string) => Number(v) >= 100], ["match", any]]),
  ],
  [RESOURCE_GROUP, new Map([["consumer.session.timeout.ms", (v: string) => Number(v) >= 45_000]])],
]);

/** The directory of a broker in these tests. */
export function directory(brokerId: number): string {
  return `directory${brokerId}`.padEnd(21, "x") + "A";
}

/** An active controller without disk: what it decides is replayed at once, through the codec. */
export class Cluster {
  nowMs = 1_000;
  nextOffset = 1;
  /** All that was decided, in order. */
  readonly log: MetadataRecord[] = [];
  readonly controller: Controller;

  constructor(overrides: Partial<ControllerSettings> = {}) {
    this.controller = new Controller({
      settings: { ...settings, ...overrides },
      rules,
      prng: new SeededPrng(1),
      bootstrap: bootstrapRecords(),
      kraftVersion: 0,
    });
    this.replay(this.controller.activate(this.nowMs).records);
  }

  get image(): MetadataImage {
    return this.controller.image;
  }

  /** Has a request decided and its records replayed. */
  ask<A extends AnyApi>(
    api: A,
    request: Partially<RequestOf<A>>,
    version?: number,
  ): ResponseOf<A> {
    return this.decide(api, request, version).response;
  }

  /** As `ask()`, with the records that were decided. */
  decide<A extends AnyApi>(
    api: A,
    request: Partially<RequestOf<A>>,
    version: number = Number(api.versions.split("-").at(-1)),
  ): { response: ResponseOf<A>; records: readonly MetadataRecord[] } {
    const whole = make(api.request, request as never);
    const view = this.controller.view(this.nextOffset, this.nowMs);
    const { records, response } = decisions.get(api.key)!(view, whole, { version });
    this.replay(records);
    return { response: response as ResponseOf<A>, records };
  }

  replay(records: readonly MetadataRecord[]): void {
    if (records.length === 0) return;
    const decoded = records.map((record) => decodeMetadataRecord(encodeRecord(record)));
    this.controller.replay({
      baseOffset: this.nextOffset,
      epoch: 1,
      timestampMs: this.nowMs,
      records: decoded,
    });
    this.log.push(...decoded);
    this.nextOffset += records.length;
  }

  /** Runs the tasks that are due. */
  tick(): MetadataRecord[] {
    const done: MetadataRecord[] = [];
    for (;;) {
      const records = this.controller.tick(this.nextOffset, this.nowMs);
      if (records === null) return done;
      this.replay(records);
      done.push(...records);
    }
  }

  register(
    brokerId: number,
    fields: Partially<RequestOf<typeof brokerRegistration>> = {},
  ): ResponseOf<typeof brokerRegistration> {
    return this.ask(brokerRegistration, {
      brokerId,
      clusterId: CLUSTER_ID,
      incarnationId: `incarnation${brokerId}`.padEnd(21, "x") + "A",
      listeners: [{ name: "PLAINTEXT", host: `host${brokerId}`, port: 9092 }],
      features: SUPPORTED_FEATURES.map((feature) => ({ ...feature })),
      rack: null,
      logDirs: [directory(brokerId)],
      ...fields,
    });
  }

  heartbeat(
    brokerId: number,
    fields: Partially<RequestOf<typeof brokerHeartbeat>> = {},
  ): ResponseOf<typeof brokerHeartbeat> {
    return this.ask(brokerHeartbeat, {
      brokerId,
      brokerEpoch: this.image.brokers.get(brokerId)!.epoch,
      currentMetadataOffset: this.nextOffset - 1,
      ...fields,
    });
  }

  /** Registers and unfences brokers. */
  withBrokers(...ids: number[]): this {
    for (const id of ids) {
      assert(this.register(id).errorCode === 0);
      assert(!this.heartbeat(id, { cordonedLogDirs: [] }).isFenced);
    }
    return this;
  }

  createTopic(
    name: string,
    fields: Partially<RequestOf<typeof createTopics>["topics"][number]> = {},
  ): CreateTopicsResponse["topics"][number] {
    const response = this.ask(createTopics, {
      topics: [{ name, numPartitions: 1, replicationFactor: 1, ...fields }],
    });
    return response.topics[0]!;
  }

  /** Creates a topic with these replicas per partition. */
  place(name: string, ...replicas: number[][]): this {
    const result = this.createTopic(name, {
      numPartitions: -1,
      replicationFactor: -1,
      assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    });
    assert(result.errorCode === 0, result.errorMessage ?? "");
    return this;
  }

  partition(topic: string, partitionId = 0): PartitionImage {
    return this.image.topics.byName(topic)!.partitions.get(partitionId)!;
  }
}

/** The fields of a PartitionChangeRecord that change something. */
export function changes(record: MetadataRecord): Record<string, unknown> {
  assert(record.name === "PartitionChangeRecord", record.name);
  const { partitionId: _, topicId: __, ...fields } = record.value;
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) =>
      value !== null && !(name === "leader" && value === -2) &&
      !(name === "leaderRecoveryState" && value === -1)
    ),
  );
}
