import type { Prng } from "../base/mod.ts";
import {
  type BrokerImage,
  defaultDirectory,
  directoryOf,
  ELIGIBLE_LEADER_REPLICAS_VERSION,
  featureLevel,
  isActive,
  isDirectoryOnline,
  type MetadataImage,
  metadataVersionOf,
  type PartitionImage,
  RESOURCE_BROKER,
  RESOURCE_TOPIC,
  takesNewReplicas,
  type TopicImage,
} from "../metadata/mod.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { Indexes } from "./indexes.ts";
import type { PartitionChangeContext } from "./partition_change.ts";
import type { UsableBroker } from "./placement.ts";
import type { ConfigRules, ControllerSettings } from "./settings.ts";

/** What handlers read: the state up to the last record, committed or not, and what is soft. */
export interface ControllerView {
  readonly image: MetadataImage;
  readonly indexes: Indexes;
  readonly heartbeats: Heartbeats;
  readonly settings: ControllerSettings;
  readonly rules: ConfigRules;
  readonly prng: Prng;
  /** Offset that the next record gets. */
  readonly nextOffset: number;
  readonly nowMs: number;
  /** The finalized level of `kraft.version`. */
  readonly kraftVersion: number;
}

/** What a handler knows of the request besides its fields. */
export interface ControllerRequestContext {
  readonly version: number;
}

export function brokerOf(view: ControllerView, id: number): BrokerImage | undefined {
  return view.image.brokers.get(id);
}

/** True when eligible leader replicas are kept (KIP-966). */
export function elrEnabled(image: MetadataImage): boolean {
  return featureLevel(image, ELIGIBLE_LEADER_REPLICAS_VERSION) > 0;
}

/** The brokers that new replicas may be placed on. */
export function usableBrokers({ image, heartbeats }: ControllerView): UsableBroker[] {
  const usable: UsableBroker[] = [];
  for (const broker of image.brokers.values()) {
    if (heartbeats.isShuttingDown(broker.id) || !takesNewReplicas(broker)) continue;
    usable.push({ id: broker.id, rack: broker.rack, fenced: broker.fenced });
  }
  return usable;
}

/** Active brokers among `replicas`: they make the first ISR of a partition. */
export function activeReplicas(view: ControllerView, replicas: readonly number[]): number[] {
  return replicas.filter((id) => isActive(brokerOf(view, id)));
}

/** A topic's value of an option that brokers have under the same name, with what it falls back to. */
function effectiveConfig(
  view: ControllerView,
  topicName: string,
  name: string,
): string | undefined {
  const { configs } = view.image;
  return configs.get(RESOURCE_TOPIC, topicName).get(name) ??
    configs.get(RESOURCE_BROKER, `${view.settings.nodeId}`).get(name) ??
    configs.get(RESOURCE_BROKER, "").get(name);
}

/** True when the topic prefers a leader that lost records to none. */
export function allowsUncleanElection(view: ControllerView, topicName: string): boolean {
  const value = effectiveConfig(view, topicName, "unclean.leader.election.enable");
  if (value === undefined) return view.settings.uncleanLeaderElectionEnable;
  return value.toLowerCase() === "true";
}

/** The topic's `min.insync.replicas`, at most the replication factor of its first partition. */
export function effectiveMinIsr(view: ControllerView, topic: TopicImage): number {
  const value = effectiveConfig(view, topic.name, "min.insync.replicas");
  const configured = value === undefined ? view.settings.minInsyncReplicas : Number(value);
  return Math.min(configured, topic.partitions.get(0)?.replicas.length ?? configured);
}

/** What a change of the partition depends on; `accepts` narrows who may lead, active brokers by default. */
export function changeContext(
  view: ControllerView,
  topic: TopicImage,
  partitionId: number,
  partition: PartitionImage,
  accepts: (brokerId: number) => boolean = (id) => isActive(brokerOf(view, id)),
): PartitionChangeContext {
  return {
    topicId: topic.id,
    partitionId,
    metadataVersion: metadataVersionOf(view.image),
    elrEnabled: elrEnabled(view.image),
    minIsr: effectiveMinIsr(view, topic),
    isAcceptableLeader: (id) =>
      accepts(id) && isDirectoryOnline(brokerOf(view, id), directoryOf(partition, id)),
    defaultDirectory: (id) => defaultDirectory(brokerOf(view, id)),
  };
}
