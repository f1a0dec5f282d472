import type { ApiError } from "./api_error.ts";

/** Options that the controller acts on, by Kafka's names in camel case. */
export interface ControllerSettings {
  readonly nodeId: number;
  readonly clusterId: string;
  /** Ids of all controllers of the quorum. */
  readonly quorumNodeIds: readonly number[];
  readonly defaultReplicationFactor: number;
  readonly numPartitions: number;
  readonly deleteTopicEnable: boolean;
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElectionEnable: boolean;
  readonly brokerSessionTimeoutMs: number;
  readonly metadataMaxIdleIntervalMs: number;
  readonly autoLeaderRebalanceEnable: boolean;
  readonly leaderImbalanceCheckIntervalMs: number;
  readonly uncleanLeaderElectionIntervalMs: number;
}

/** One configuration in the answer to CreateTopics. */
export interface TopicConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  /** Kafka's number of where the value comes from. */
  readonly configSource: number;
  readonly isSensitive: boolean;
}

/** What the controller asks of the option table, which lives in another room. */
export interface ConfigRules {
  /**
   * Why a resource can't be given `values` as its whole configuration; null when it can. `existing`
   * is what is set now.
   */
  validate(
    resource: { readonly resourceType: number; readonly resourceName: string },
    values: ReadonlyMap<string, string>,
    existing: ReadonlyMap<string, string>,
  ): ApiError | null;
  /** True when the option holds a list, to which values can be appended. */
  isList(resourceType: number, name: string): boolean;
  /** The option's default as text; null when it has none. */
  defaultValue(resourceType: number, name: string): string | null;
  /** Every configuration of a topic with the given overrides, in ascending order of names. */
  topicConfigs(
    overrides: ReadonlyMap<string, string>,
    brokerOverrides: ReadonlyMap<string, string>,
    clusterOverrides: ReadonlyMap<string, string>,
  ): readonly TopicConfigEntry[];
}
