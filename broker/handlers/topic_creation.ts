import {
  createTopics,
  type CreateTopicsRequest,
  errorCodes,
  make,
  topicNameProblem,
} from "../protocol/mod.ts";
import type { HandlerContext, NodeRooms } from "./context.ts";

/** Version of the request in which the node itself asks. */
const CREATE_TOPICS_VERSION = 7;

/**
 * Creates topics that clients name and nobody has made (`auto.create.topics.enable`) and the
 * internal topics on their first use. As in Kafka the client is not kept waiting: it is told that the
 * topic is not there yet and asks again. A topic that is being created is not asked for twice.
 */
export class TopicCreation {
  readonly #underWay = new Set<string>();

  /** Number of topics that the controller has been asked for and has not answered. */
  get underWayCount(): number {
    return this.#underWay.size;
  }

  /**
   * Asks the controller for a topic and returns what the client is told meanwhile:
   * UNKNOWN_TOPIC_OR_PARTITION, or INVALID_TOPIC_EXCEPTION for a name that can't be.
   */
  request(topic: string, context: HandlerContext): number {
    if (topicNameProblem(topic) !== null) return errorCodes.INVALID_TOPIC_EXCEPTION;
    if (!this.#underWay.has(topic)) {
      this.#underWay.add(topic);
      void this.#create(topic, context).then(() => this.#underWay.delete(topic));
    }
    return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  }

  async #create(topic: string, context: HandlerContext): Promise<void> {
    const { node, connection, clientId } = context;
    const timeoutMs = node.config().get("request.timeout.ms");
    const request = make(createTopics.request, { topics: [creatable(topic, node)], timeoutMs });
    const { principal } = connection;
    try {
      const { topics } = await node.controller.submit(createTopics, request, {
        version: CREATE_TOPICS_VERSION,
        principal,
        clientId,
        timeoutMs,
      });
      const result = topics[0];
      if (result === undefined || result.errorCode === errorCodes.NONE) return;
      if (result.errorCode === errorCodes.TOPIC_ALREADY_EXISTS) return;
      node.log.warn({ topic, errorCode: result.errorCode }, `Topic ${topic} was not created`);
    } catch (error) {
      node.log.warn({ topic, err: error }, `Topic ${topic} was not created`);
    }
  }
}

function creatable(
  name: string,
  node: NodeRooms,
): Partial<CreateTopicsRequest["topics"][number]> {
  const config = node.config();
  switch (name) {
    case "__consumer_offsets":
      return {
        name,
        numPartitions: config.get("offsets.topic.num.partitions"),
        replicationFactor: config.get("offsets.topic.replication.factor"),
        configs: configList(node.groups.offsetsTopicConfigs()),
      };
    // Their coordinators are not served yet; who serves them later must find them as Kafka makes them.
    case "__transaction_state":
      return {
        name,
        numPartitions: config.get("transaction.state.log.num.partitions"),
        replicationFactor: config.get("transaction.state.log.replication.factor"),
        configs: configList([
          ["cleanup.policy", "compact"],
          ["compression.type", "uncompressed"],
          ["min.insync.replicas", `${config.get("transaction.state.log.min.isr")}`],
          ["segment.bytes", `${config.get("transaction.state.log.segment.bytes")}`],
          ["unclean.leader.election.enable", "false"],
        ]),
      };
    case "__share_group_state":
      return {
        name,
        numPartitions: config.get("share.coordinator.state.topic.num.partitions"),
        replicationFactor: config.get("share.coordinator.state.topic.replication.factor"),
        configs: configList([
          ["cleanup.policy", "delete"],
          ["compression.type", "producer"],
          ["min.insync.replicas", `${config.get("share.coordinator.state.topic.min.isr")}`],
          ["retention.ms", "-1"],
          ["segment.bytes", `${config.get("share.coordinator.state.topic.segment.bytes")}`],
        ]),
      };
    default:
      return {
        name,
        numPartitions: config.get("num.partitions"),
        replicationFactor: config.get("default.replication.factor"),
      };
  }
}

function configList(
  configs: Iterable<readonly [string, string]>,
): { name: string; value: string }[] {
  return Array.from(configs, ([name, value]) => ({ name, value }));
}
