import {
  describeCluster,
  type DescribeClusterResponse,
  errorCodes,
  make,
} from "../protocol/mod.ts";
import { CLUSTER_OPERATIONS, NOT_ASKED } from "./authorized_operations.ts";
import { endpointOn, toldController } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

const BROKERS = 1;
const CONTROLLERS = 2;

/**
 * DescribeCluster, versions 0 to 2: cluster id, brokers as reached through the client's listener,
 * fenced ones too when asked for (KIP-1073), and the broker that is told as controller.
 *
 * Gaps: the controllers are described by controller listeners (KIP-919), which don't serve this yet.
 */
export const describeClusterHandler = handler({
  api: describeCluster,
  versions: [0, 2],
  listeners: ["broker"],
  handle(request, context) {
    const { node, version } = context;
    const { endpointType } = request;
    if (endpointType !== BROKERS) return wrongEndpoint(endpointType, version);
    const tells = request.includeClusterAuthorizedOperations;
    return make(describeCluster.response, {
      clusterId: node.clusterId,
      controllerId: toldController(context),
      brokers: brokersOf(context, request.includeFencedBrokers),
      clusterAuthorizedOperations: tells ? CLUSTER_OPERATIONS : NOT_ASKED,
    });
  },
  failed: (_request, errorCode) => make(describeCluster.response, { errorCode }),
});

function wrongEndpoint(endpointType: number, version: number): DescribeClusterResponse {
  const isKnown = endpointType === CONTROLLERS;
  const errorCode = isKnown
    ? errorCodes.MISMATCHED_ENDPOINT_TYPE
    : errorCodes.UNSUPPORTED_ENDPOINT_TYPE;
  return make(describeCluster.response, {
    errorCode: version === 0 ? errorCodes.INVALID_REQUEST : errorCode,
    errorMessage: isKnown
      ? "Controllers were asked for, but this is a broker"
      : `Unknown endpoint type ${endpointType}: 1 (brokers) and 2 (controllers) are known`,
  });
}

function brokersOf(
  { node, connection }: HandlerContext,
  includeFenced: boolean,
): DescribeClusterResponse["brokers"] {
  const brokers: DescribeClusterResponse["brokers"] = [];
  for (const [brokerId, broker] of node.metadata.image().brokers) {
    const endpoint = endpointOn(broker.endpoints, connection.listener);
    if (endpoint === null || (broker.fenced && !includeFenced)) continue;
    const { host, port } = endpoint;
    brokers.push({ brokerId, host, port, rack: broker.rack, isFenced: broker.fenced });
  }
  return brokers;
}
