import type { BrokerConfig } from "../config/mod.ts";
import type { ControllerSettings } from "../controller/mod.ts";

/** What the controller takes from the configuration. */
export function controllerSettings(config: BrokerConfig, clusterId: string): ControllerSettings {
  return {
    nodeId: config.nodeId,
    clusterId,
    quorumNodeIds: config.quorumVoters.length > 0
      ? config.quorumVoters.map(({ id }) => id)
      : [config.nodeId],
    defaultReplicationFactor: config.get("default.replication.factor"),
    numPartitions: config.get("num.partitions"),
    deleteTopicEnable: config.get("delete.topic.enable"),
    minInsyncReplicas: config.get("min.insync.replicas"),
    uncleanLeaderElectionEnable: config.get("unclean.leader.election.enable"),
    brokerSessionTimeoutMs: config.get("broker.session.timeout.ms"),
    metadataMaxIdleIntervalMs: config.get("metadata.max.idle.interval.ms"),
    autoLeaderRebalanceEnable: config.get("auto.leader.rebalance.enable"),
    leaderImbalanceCheckIntervalMs: config.get("leader.imbalance.check.interval.seconds") * 1_000,
    uncleanLeaderElectionIntervalMs: config.get("unclean.leader.election.interval.ms"),
  };
}
