/**
 * The coordinators: state machines whose state is a partition of one of Kafka's internal topics. The
 * runtime loads a partition, runs operations on it, writes what they ask for and answers on commit.
 * On it stands the group coordinator, which serves classic groups and everybody's offsets.
 */
export { LoadError } from "./batch_replay.ts";
export {
  CoordinatorDriver,
  type CoordinatorDriverOptions,
  type CoordinatorPartitions,
  type LoadSummary,
  type Settled,
} from "./coordinator_driver.ts";
export type { GroupEvent } from "./group/group_event.ts";
export type { DeletedTopic } from "./group/offset_expiry.ts";
export { DEFAULT_GROUP_SETTINGS, type GroupSettings } from "./group/settings.ts";
export type { GroupRequestContext } from "./group/shard_state.ts";
export {
  GroupCoordinator,
  type GroupCoordinatorOptions,
  type GroupCoordinatorSettings,
} from "./group_coordinator_driver.ts";
export {
  CoordinatorRuntime,
  type Effect,
  type LoadProgress,
  type RuntimeOptions,
} from "./runtime.ts";
export type { AppendResult, BatchCompression, Complete, ShardStatus } from "./shard.ts";
export {
  answer,
  type Outcome,
  type RecordBytes,
  type RecordFormat,
  type RecordOrigin,
  type ShardContext,
  type ShardTimer,
  type StateMachine,
  writing,
} from "./state_machine.ts";
export { type Change, Timeline, TimelineMap } from "./timeline.ts";
