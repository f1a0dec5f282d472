import {
  errorCodes,
  errorMessage,
  errorName,
  findCoordinator,
  type FindCoordinatorResponse,
} from "../protocol/mod.ts";
import { liveNode, type Node } from "./cluster_view.ts";
import type { HandlerContext } from "./context.ts";
import { handler } from "./handler.ts";

/** Kinds of coordinators. */
const GROUP = 0;
const TRANSACTION = 1;
const SHARE = 2;

const OFFSETS_TOPIC = "__consumer_offsets";
/** First version that asks for several coordinators (KIP-699). */
const MANY_VERSION = 4;
const NO_NODE: Node = { nodeId: -1, host: "", port: -1, rack: null };

/** The coordinator of a key, or why there is none. */
interface Found {
  readonly errorCode: number;
  readonly errorMessage: string;
  readonly node: Node;
}

/**
 * FindCoordinator, versions 0 to 6: who coordinates groups.
 *
 * Behaviour: `__consumer_offsets` is created on the first question, with Kafka's settings; until it is
 * there, the answer is COORDINATOR_NOT_AVAILABLE.
 *
 * Gaps: there are no transaction and share coordinators yet. For transactions the answer is
 * UNSUPPORTED_VERSION with a sentence: it is not retriable, so clients fail at once and show it, where
 * COORDINATOR_NOT_AVAILABLE would have them ask until their timeout. For share groups it is
 * INVALID_REQUEST, as in a Kafka without share coordinator.
 */
export const findCoordinatorHandler = handler({
  api: findCoordinator,
  versions: [0, 6],
  listeners: ["broker"],
  handle({ key, keyType, coordinatorKeys }, context) {
    if (context.version < MANY_VERSION) return oneCoordinator(find(key, keyType, context));
    return manyCoordinators(coordinatorKeys, (each) => find(each, keyType, context));
  },
  failed({ coordinatorKeys }, errorCode, { version }) {
    const failed = notFound(errorCode, errorMessage(errorCode));
    if (version < MANY_VERSION) return oneCoordinator(failed);
    return manyCoordinators(coordinatorKeys, () => failed);
  },
});

function find(key: string, keyType: number, context: HandlerContext): Found {
  switch (keyType) {
    case GROUP:
      return findGroup(key, context);
    case TRANSACTION:
      return notFound(errorCodes.UNSUPPORTED_VERSION, "Transactions are not served yet");
    case SHARE:
      return notFound(errorCodes.INVALID_REQUEST, "");
    default:
      return notFound(
        errorCodes.INVALID_REQUEST,
        `Unknown kind of coordinator ${keyType}: 0 (group), 1 (transaction) and 2 (share) are known`,
      );
  }
}

function findGroup(groupId: string, context: HandlerContext): Found {
  const { node } = context;
  const topic = node.metadata.image().topics.byName(OFFSETS_TOPIC);
  if (topic === undefined) {
    node.topicCreation.request(OFFSETS_TOPIC, context);
    return notFound(errorCodes.COORDINATOR_NOT_AVAILABLE, "");
  }
  const partition = topic.partitions.get(node.groups.partitionFor(groupId));
  const leader = liveNode(context, partition?.leader ?? -1);
  if (leader === null) return notFound(errorCodes.COORDINATOR_NOT_AVAILABLE, "");
  return { errorCode: errorCodes.NONE, errorMessage: "", node: leader };
}

function notFound(errorCode: number, message: string): Found {
  return { errorCode, errorMessage: message, node: NO_NODE };
}

function oneCoordinator(found: Found): FindCoordinatorResponse {
  const { errorCode, node: { nodeId, host, port } } = found;
  // Before version 4 Kafka tells the name of "no error", too.
  const message = errorCode === errorCodes.NONE
    ? errorName(errorCode)
    : found.errorMessage || errorMessage(errorCode);
  return {
    throttleTimeMs: 0,
    errorCode,
    errorMessage: message,
    nodeId,
    host,
    port,
    coordinators: [],
  };
}

function manyCoordinators(
  keys: readonly string[],
  findOne: (key: string) => Found,
): FindCoordinatorResponse {
  const coordinators = keys.map((key) => {
    const { errorCode, errorMessage, node: { nodeId, host, port } } = findOne(key);
    return { key, nodeId, host, port, errorCode, errorMessage };
  });
  const unused = { errorCode: 0, errorMessage: null, nodeId: 0, host: "", port: 0 };
  return { throttleTimeMs: 0, ...unused, coordinators };
}
