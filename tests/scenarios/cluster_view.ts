/**
 * What clients see of a broker, in the form in which the fixtures tell what clients saw of Apache
 * Kafka on the same data directory: topics, offsets, records, groups, options, features.
 */
import { type JsonObject, jsonText, type JsonValue } from "../wire/json_text.ts";
import { Player } from "../wire/player.ts";

// deno-lint-ignore no-explicit-any -- answers and expectations are plain JSON, compared as a whole
export type Json = any;

/** `ConfigSource` numbers of DescribeConfigs that are no setting of this resource. */
const STATIC_BROKER_CONFIG = 4, DEFAULT_CONFIG = 5;
/** Resource types of DescribeConfigs. */
const TOPIC = 2, BROKER = 4, CLIENT_METRICS = 16, GROUP = 32;
/** Special timestamps of ListOffsets. */
const LATEST = -1, EARLIEST = -2, MAX_TIMESTAMP = -3;
/**
 * Apache Kafka listens before it leads: LEADER_NOT_AVAILABLE, NOT_LEADER_OR_FOLLOWER,
 * COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR.
 */
export const NOT_READY_YET = [5, 6, 14, 15, 16];
/** Small, so that a partition is read in many fetches that begin within segments and batches. */
const FETCH_BYTES = 3_000;

interface PartitionAt {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

/** Asks one broker everything that an `online` view tells. */
export class ClusterView {
  readonly #player: Player;

  constructor(at: { readonly host: string; readonly port: number }) {
    this.#player = new Player(at.host, at.port, "view");
  }

  end(): Promise<void> {
    return this.#player.end();
  }

  /** The whole view. */
  async take(): Promise<Json> {
    return {
      topics: await this.#topics(),
      groups: await this.#groups(),
      features: await this.#features(),
      brokerConfigs: await this.#configs(BROKER, ["", "1"]),
      clientMetrics: await this.#configs(CLIENT_METRICS, await this.#resources(CLIENT_METRICS)),
      groupConfigs: await this.#configs(GROUP, await this.#resources(GROUP)),
      ...await this.#quorum(),
    };
  }

  async #ask(api: string, version: number, body: JsonObject): Promise<Json> {
    const answer = await this.#player.play({ api, version, body, retryOn: NOT_READY_YET });
    if (answer.body === undefined) throw new Error(`${api}: ${jsonText(answer)}`);
    return answer.body;
  }

  async #topics(): Promise<Json> {
    const { topics } = await this.#ask("Metadata", 12, { topics: null });
    const names = topics.map(({ name }: Json) => name);
    const configs = await this.#configs(TOPIC, names);
    const all: PartitionAt[] = topics.flatMap(({ name, topicId, partitions }: Json) =>
      partitions.map((one: Json) => ({ topic: name, topicId, partition: one.partitionIndex }))
    );
    const start = await this.#offsets(all, EARLIEST), end = await this.#offsets(all, LATEST);
    const stable = await this.#offsets(all, LATEST, 1);
    const newest = await this.#offsets(all, MAX_TIMESTAMP);
    const view: Json = {};
    for (const { name, topicId, isInternal, partitions } of topics) {
      const seen: Json[] = [];
      for (const one of [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)) {
        const at = { topic: name, topicId, partition: one.partitionIndex };
        const key = `${name}-${at.partition}`;
        const found: Json = {
          partition: at.partition,
          leader: one.leaderId,
          replicas: one.replicaNodes,
          isr: one.isrNodes,
          logStartOffset: start.get(key).offset,
          highWatermark: end.get(key).offset,
          leaderEpochAtEnd: end.get(key).leaderEpoch,
          lastStableOffset: stable.get(key).offset,
        };
        seen.push(found);
        // Those of coordinators are not in the fixtures.
        if (isInternal || name.startsWith("__")) continue;
        found.maxTimestamp = [newest.get(key).timestamp, newest.get(key).offset];
        const records = await this.#records(at, found.logStartOffset, found.highWatermark, 0);
        const committed = await this.#records(at, found.logStartOffset, found.lastStableOffset, 1);
        const texts = new Set(committed.map(jsonText));
        found.records = records;
        found.notReadCommitted = records.filter((record) => !texts.has(jsonText(record)))
          .map(([offset]) => offset);
      }
      view[name] = { topicId, configs: configs[name], partitions: seen };
    }
    return view;
  }

  async #offsets(
    all: readonly PartitionAt[],
    timestamp: number,
    isolationLevel = 0,
  ): Promise<Map<string, Json>> {
    const topics = Array.from(Map.groupBy(all, ({ topic }) => topic), ([name, partitions]) => ({
      name,
      partitions: partitions.map(({ partition }) => ({ partitionIndex: partition, timestamp })),
    }));
    const body = await this.#ask("ListOffsets", 8, { replicaId: -1, isolationLevel, topics });
    const found = new Map<string, Json>();
    for (const { name, partitions } of body.topics) {
      for (const one of partitions) {
        if (one.errorCode !== 0) throw new Error(`ListOffsets of ${name}: ${jsonText(one)}`);
        found.set(`${name}-${one.partitionIndex}`, one);
      }
    }
    return found;
  }

  /** Records from `start` to `end` as a consumer of this isolation level is given them. */
  async #records(
    { topicId, partition, topic }: PartitionAt,
    start: number,
    end: number,
    isolationLevel: number,
  ): Promise<JsonValue[][]> {
    const records: JsonValue[][] = [];
    for (let next = start; next < end;) {
      const partitions = [{ partition, fetchOffset: next, partitionMaxBytes: FETCH_BYTES }];
      const topics = [{ topicId, partitions }];
      const body = await this.#ask("Fetch", 17, { maxWaitMs: 0, isolationLevel, topics });
      const [answer] = body.responses[0].partitions;
      if (answer.errorCode !== 0 || answer.records.batches.length === 0) {
        throw new Error(`Fetch of ${topic}-${partition} at ${next}: ${jsonText(answer)}`);
      }
      const filter = new AbortedFilter(answer.abortedTransactions ?? []);
      for (const batch of answer.records.batches) {
        if (!batch.valid) throw new Error(`${topic}-${partition} at ${next}: bad checksum`);
        if (batch.lastOffset < next) continue;
        const isHidden = filter.hides(batch);
        for (const record of batch.records) {
          if (record.offset >= next && !isHidden) records.push(recordView(batch, record));
        }
        next = batch.lastOffset + 1;
      }
    }
    return records;
  }

  async #groups(): Promise<Json> {
    const { groups } = await this.#ask("ListGroups", 5, {});
    const view: Json = {};
    for (const { groupId, groupType, groupState, protocolType } of groups) {
      const seen: Json = { type: groupType, state: groupState, protocolType };
      view[groupId] = seen;
      const fetched = await this.#ask("OffsetFetch", 8, { groups: [{ groupId, topics: null }] });
      seen.offsets = {};
      for (const { name, partitions } of fetched.groups[0].topics) {
        for (const one of partitions) {
          const { committedOffset, committedLeaderEpoch, metadata } = one;
          seen.offsets[`${name}-${one.partitionIndex}`] = [
            committedOffset,
            committedLeaderEpoch,
            metadata,
          ];
        }
      }
      if (groupType !== "classic") continue;
      const described = await this.#ask("DescribeGroups", 5, { groups: [groupId] });
      const [{ protocolData, members }] = described.groups;
      seen.assignor = protocolData;
      seen.members = members.map((member: Json) => ({
        memberId: member.memberId,
        instanceId: member.groupInstanceId,
        clientId: member.clientId,
        host: member.clientHost,
      })).sort((a: Json, b: Json) => a.memberId < b.memberId ? -1 : 1);
    }
    return view;
  }

  async #features(): Promise<Json> {
    const body = await this.#ask("ApiVersions", 4, {
      clientSoftwareName: "view",
      clientSoftwareVersion: "1",
    });
    return Object.fromEntries(
      body.finalizedFeatures.map(({ name, maxVersionLevel }: Json) => [name, maxVersionLevel]),
    );
  }

  async #resources(resourceType: number): Promise<string[]> {
    const body = await this.#ask("ListConfigResources", 1, { resourceTypes: [resourceType] });
    return body.configResources.map(({ resourceName }: Json) => resourceName);
  }

  /** Options by resource that someone set there, or that a broker's dynamic options set for it. */
  async #configs(resourceType: number, names: readonly string[]): Promise<Json> {
    const resources = names.map((resourceName) => ({ resourceType, resourceName }));
    if (resources.length === 0) return {};
    const body = await this.#ask("DescribeConfigs", 4, { resources });
    const view: Json = {};
    for (const { resourceName, configs, errorCode } of body.results) {
      if (errorCode !== 0) throw new Error(`DescribeConfigs of ${resourceName}: ${errorCode}`);
      view[resourceName] = Object.fromEntries(
        configs.filter(({ configSource }: Json) =>
          configSource !== STATIC_BROKER_CONFIG && configSource !== DEFAULT_CONFIG
        ).map((
          { name, value, isSensitive }: Json,
        ) => [name, isSensitive ? "(sensitive)" : value]),
      );
    }
    return view;
  }

  async #quorum(): Promise<Json> {
    const partitions = [{ partitionIndex: 0 }];
    const body = await this.#ask("DescribeQuorum", 2, {
      topics: [{ topicName: "__cluster_metadata", partitions }],
    });
    const [{ leaderId, currentVoters }] = body.topics[0].partitions;
    const voters = currentVoters.map((one: Json) => `${one.replicaId} ${one.replicaDirectoryId}`);
    const { clusterId } = await this.#ask("DescribeCluster", 1, {});
    return { clusterId, quorum: { leaderId, voters } };
  }
}

/** What a consumer leaves out of a fetch, going by the aborted transactions that came with it. */
class AbortedFilter {
  readonly #waiting: Json[];
  readonly #aborted = new Set<number>();

  constructor(abortedTransactions: readonly Json[]) {
    this.#waiting = [...abortedTransactions].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Control batches are never shown; an ABORT marker ends what its producer aborted. */
  hides(batch: Json): boolean {
    while (this.#waiting.length > 0 && this.#waiting[0].firstOffset <= batch.lastOffset) {
      this.#aborted.add(this.#waiting.shift().producerId);
    }
    if (batch.control) {
      if (batch.records[0]?.controlType === "ABORT") this.#aborted.delete(batch.producerId);
      return true;
    }
    return batch.transactional && this.#aborted.has(batch.producerId);
  }
}

/** As the fixtures' `recordFields` say. */
function recordView(batch: Json, record: Json): JsonValue[] {
  const isAppendTime = String(batch.timestampType).toLowerCase().includes("append");
  return [
    record.offset,
    record.timestamp,
    isAppendTime ? "L" : "C",
    base64(record.key),
    base64(record.value),
    record.headers.map(([key, value]: [string, JsonValue]) => [key, base64(value)]),
  ];
}

/** Bytes that a conversation shows as text or as base64. */
function base64(bytes: Json): string | null {
  if (bytes === null) return null;
  return typeof bytes === "string" ? new TextEncoder().encode(bytes).toBase64() : bytes.base64;
}
