/**
 * Partitions as replicas: {@linkcode PartitionState} decides, pure, on role, leader epoch, in-sync
 * replicas and high watermark; {@linkcode Partition} binds it to its log; {@linkcode ReplicaManager}
 * keeps all replicas of a node as the metadata says. Following other leaders comes with the cluster.
 */
export { type ActiveProducer, Partition } from "./partition_driver.ts";
export { type PartitionAssignment, PartitionState, type ReplicaRole } from "./partition_state.ts";
export {
  ReplicaManager,
  type ReplicaManagerOptions,
  type ReplicaSize,
  type RoleChanges,
} from "./replica_manager_driver.ts";
