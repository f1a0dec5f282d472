import {
  directoryOf,
  type Endpoint,
  isDirectoryOnline,
  type MetadataImage,
  type PartitionImage,
} from "../metadata/mod.ts";
import { errorCodes } from "../protocol/mod.ts";
import type { HandlerContext } from "./context.ts";

/** What answers tell of the cluster, seen through the listener on which the client asks. */

/** A broker as a client reaches it. */
export interface Node {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** The endpoint of a live broker on the client's listener; null when it has none or is fenced. */
export function liveNode(context: HandlerContext, brokerId: number): Node | null {
  const broker = context.node.metadata.image().brokers.get(brokerId);
  if (broker === undefined || broker.fenced) return null;
  const endpoint = endpointOn(broker.endpoints, context.connection.listener);
  if (endpoint === null) return null;
  return { nodeId: brokerId, host: endpoint.host, port: endpoint.port, rack: broker.rack };
}

/** All live brokers with an endpoint on the client's listener. */
export function liveNodes(context: HandlerContext): Node[] {
  const nodes: Node[] = [];
  for (const id of context.node.metadata.image().brokers.keys()) {
    const node = liveNode(context, id);
    if (node !== null) nodes.push(node);
  }
  return nodes;
}

/** The endpoint with the listener's name. */
export function endpointOn(endpoints: readonly Endpoint[], listener: string): Endpoint | null {
  return endpoints.find(({ name }) => name === listener) ?? null;
}

/**
 * The broker that clients are told as controller: any live one, for all forward to the controller,
 * which is not to be reached by clients (KIP-590). This node when it is live, -1 when none is.
 */
export function toldController(context: HandlerContext): number {
  const { nodeId } = context.node;
  if (liveNode(context, nodeId) !== null) return nodeId;
  return liveNodes(context)[0]?.nodeId ?? -1;
}

/** Why this node can't serve a partition that it has no replica of. */
export function missingReplicaError(
  image: MetadataImage,
  topic: string,
  partition: number,
): number {
  return image.topics.byName(topic)?.partitions.has(partition)
    ? errorCodes.NOT_LEADER_OR_FOLLOWER
    : errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
}

/** The leader and epoch that an answer names to one who asked the wrong node (KIP-951). */
export interface CurrentLeader {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** Who leads a partition, from its replica here or else from the metadata. */
export function currentLeader(
  context: HandlerContext,
  topic: string,
  partition: number,
): CurrentLeader {
  const replica = context.node.replicas.get(topic, partition);
  if (replica !== null) return { leaderId: replica.leader, leaderEpoch: replica.leaderEpoch };
  const image = context.node.metadata.image().topics.byName(topic)?.partitions.get(partition);
  return { leaderId: image?.leader ?? -1, leaderEpoch: image?.leaderEpoch ?? -1 };
}

/** Replicas of a partition that clients can't reach: no such broker, fenced, or directory lost. */
export function offlineReplicas(
  image: MetadataImage,
  partition: PartitionImage,
  listener: string,
): number[] {
  return partition.replicas.filter((id) => {
    const broker = image.brokers.get(id);
    return broker === undefined || broker.fenced ||
      endpointOn(broker.endpoints, listener) === null ||
      !isDirectoryOnline(broker, directoryOf(partition, id));
  });
}
