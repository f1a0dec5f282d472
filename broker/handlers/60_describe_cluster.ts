import {
  describeCluster,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  describeQuorum,
  errorCodes,
  type ListenerRole,
  make,
} from "../protocol/mod.ts";
import { CLUSTER_OPERATIONS, NOT_ASKED } from "./authorized_operations.ts";
import { endpointOn, toldController } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { askController } from "./forward.ts";
import { handler } from "./handler.ts";

type Nodes = DescribeClusterResponse["brokers"];

/** Whom a client asks for, by the protocol's numbers, which are those of the listener's role. */
const ENDPOINT_TYPES: Readonly<Record<ListenerRole, number>> = { broker: 1, controller: 2 };

/**
 * DescribeCluster, versions 0 to 2: cluster id and nodes as reached through the client's listener. A
 * broker tells the brokers, fenced ones too when asked for (KIP-1073), and the one that stands for the
 * controller; a controller tells the controllers and the active one (KIP-919).
 *
 * Gaps: authorized operations are all of them while there is no authorizer.
 */
export const describeClusterHandler = handler({
  api: describeCluster,
  versions: [0, 2],
  listeners: ["broker", "controller"],
  handle(request, context) {
    const { role, version } = context;
    const { endpointType } = request;
    if (endpointType !== ENDPOINT_TYPES[role]) return wrongEndpoint(endpointType, role, version);
    if (role === "controller") return describeControllers(request, context);
    const brokers = brokersOf(context, request.includeFencedBrokers);
    return described(request, context, brokers, toldController(context));
  },
  failed: (_request, errorCode) => make(describeCluster.response, { errorCode }),
});

function wrongEndpoint(
  endpointType: number,
  role: ListenerRole,
  version: number,
): DescribeClusterResponse {
  const isKnown = Object.values(ENDPOINT_TYPES).includes(endpointType);
  const errorCode = isKnown
    ? errorCodes.MISMATCHED_ENDPOINT_TYPE
    : errorCodes.UNSUPPORTED_ENDPOINT_TYPE;
  return make(describeCluster.response, {
    errorCode: version === 0 ? errorCodes.INVALID_REQUEST : errorCode,
    errorMessage: isKnown
      ? `This is a ${role} listener, which knows of no other endpoints`
      : `Unknown endpoint type ${endpointType}: 1 (brokers) and 2 (controllers) are known`,
  });
}

function described(
  { includeClusterAuthorizedOperations }: DescribeClusterRequest,
  { node, role }: HandlerContext,
  brokers: Nodes,
  controllerId: number,
): DescribeClusterResponse {
  return make(describeCluster.response, {
    endpointType: ENDPOINT_TYPES[role],
    clusterId: node.clusterId,
    controllerId,
    brokers,
    clusterAuthorizedOperations: includeClusterAuthorizedOperations
      ? CLUSTER_OPERATIONS
      : NOT_ASKED,
  });
}

function brokersOf({ node, connection }: HandlerContext, includeFenced: boolean): Nodes {
  const brokers: Nodes = [];
  for (const [brokerId, broker] of node.metadata.image().brokers) {
    const endpoint = endpointOn(broker.endpoints, connection.listener);
    if (endpoint === null || (broker.fenced && !includeFenced)) continue;
    const { host, port } = endpoint;
    brokers.push({ brokerId, host, port, rack: broker.rack, isFenced: broker.fenced });
  }
  return brokers;
}

async function describeControllers(
  request: DescribeClusterRequest,
  context: HandlerContext,
): Promise<DescribeClusterResponse> {
  const { node, connection } = context;
  const quorum = make(describeQuorum.request, {
    topics: [{ topicName: "__cluster_metadata", partitions: [{ partitionIndex: 0 }] }],
  });
  const { topics } = await askController(describeQuorum, quorum, context);
  const leaderId = topics[0]?.partitions[0]?.leaderId ?? -1;
  const controllers: Nodes = [];
  for (const [brokerId, controller] of node.metadata.image().controllers) {
    const endpoint = endpointOn(controller.endpoints, connection.listener);
    if (endpoint === null) continue;
    const { host, port } = endpoint;
    controllers.push({ brokerId, host, port, rack: null, isFenced: false });
  }
  const isTold = controllers.some(({ brokerId }) => brokerId === leaderId);
  return described(request, context, controllers, isTold ? leaderId : -1);
}
