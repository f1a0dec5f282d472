/**
 * The metadata quorum (KIP-595, KIP-853, KIP-996): a pure core with a file for each role that a
 * replica can play, the files it remembers elections and snapshots in, and the driver that binds it
 * to the log of `__cluster_metadata-0`. A single node is a quorum of one on the same code.
 */
export {
  decodeElectionState,
  type ElectionState,
  encodeElectionState,
  NO_ELECTION,
  QuorumStateError,
} from "./election_state.ts";
export { encodeEpochStart, type EpochStart } from "./control_batch.ts";
export { type MetadataLog } from "./metadata_log.ts";
export {
  type Leadership,
  type PendingBatch,
  type QuorumDescription,
  type RaftConfig,
  RaftCore,
  type RaftEvent,
  type RaftStart,
  type Ready,
} from "./raft_core.ts";
export {
  RaftDriver,
  type RaftDriverOptions,
  type RaftListener,
  type RaftLogger,
} from "./raft_driver.ts";
export {
  SnapshotStore,
  type SnapshotStoreOptions,
  writeSnapshot,
} from "./snapshot_store_driver.ts";
export type { RoleName } from "./role.ts";
export { NO_DIRECTORY, type ReplicaKey, VoterSet } from "./voter_set.ts";
