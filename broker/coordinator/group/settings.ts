/** What the group coordinator takes from the configuration; names and defaults are Kafka's. */
export interface GroupSettings {
  /** `group.min.session.timeout.ms`: a JoinGroup that asks for less is refused. */
  readonly minSessionTimeoutMs: number;
  /** `group.max.session.timeout.ms`: a JoinGroup that asks for more is refused. */
  readonly maxSessionTimeoutMs: number;
  /** `group.initial.rebalance.delay.ms`: how long an empty group waits for more members. */
  readonly initialRebalanceDelayMs: number;
  /** `group.max.size`: how many members a classic group takes. */
  readonly maxSize: number;
  /** `offset.metadata.max.bytes`: the longest metadata of a committed offset, in UTF-16 units. */
  readonly offsetMetadataMaxBytes: number;
  /** `offsets.retention.minutes`, in milliseconds. */
  readonly offsetsRetentionMs: number;
  /** `offsets.retention.check.interval.ms`. */
  readonly offsetsRetentionCheckIntervalMs: number;
}

/** Kafka's defaults. */
export const DEFAULT_GROUP_SETTINGS: GroupSettings = {
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
  initialRebalanceDelayMs: 3_000,
  maxSize: 2 ** 31 - 1,
  offsetMetadataMaxBytes: 4_096,
  offsetsRetentionMs: 10_080 * 60_000,
  offsetsRetentionCheckIntervalMs: 600_000,
};

/**
 * How long a member that has never had an answer may stay in a rebalance. It cannot send heartbeats,
 * and a client that gave up would otherwise stay for ever; one that is still there asks again.
 */
export const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

/**
 * How many members of a group may hold an id and not have joined with it. Kafka has no such limit;
 * clients that never come back would fill the memory until their session times out.
 */
export const PENDING_MEMBERS_MAX = 10_000;
