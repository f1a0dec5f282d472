import {
  type AnyApi,
  type Decoded,
  errorCodes,
  errorMessage,
  errorName,
  findCoordinator,
  isRetriable,
  make,
  metadata,
  type RequestOf,
  type ResponseOf,
} from "../../protocol/mod.ts";
import { CommandError } from "../command_error.ts";
import { type ConnectionOptions, NodeConnection } from "./node_connection.ts";

/** A broker as the cluster tells of it. */
export interface BrokerNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** What the cluster tells of itself. */
export type ClusterMetadata = Decoded<ResponseOf<typeof metadata>>;

/** Kinds of coordinators. */
export const COORDINATOR_GROUP = 0;

const RETRY_PAUSE_MS = 100;

/**
 * A client of a whole cluster for commands: any request to any node, to the leader of a partition or
 * to the coordinator of a group. Failures are CommandErrors.
 */
export class ClusterClient implements Disposable {
  readonly #options: ConnectionOptions;
  readonly #bootstrap: NodeConnection;
  readonly #connections = new Map<number, Promise<NodeConnection>>();
  #brokers: ReadonlyMap<number, BrokerNode> = new Map();

  private constructor(bootstrap: NodeConnection, options: ConnectionOptions) {
    this.#bootstrap = bootstrap;
    this.#options = options;
  }

  /** Connects to the first of `servers` (`host:port`, separated by commas) that answers. */
  static async connect(servers: string, options: ConnectionOptions): Promise<ClusterClient> {
    const failures: string[] = [];
    for (const server of parseServers(servers)) {
      try {
        const bootstrap = await NodeConnection.open(server.host, server.port, options);
        return new ClusterClient(bootstrap, options);
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        failures.push(error.message);
      }
    }
    throw new CommandError(failures.join("\n"));
  }

  /** Sends a request to the node that was connected to first; brokers pass on to the controller. */
  request<A extends AnyApi>(
    api: A,
    body: RequestOf<A>,
    options: { readonly versionMax?: number } = {},
  ): Promise<Decoded<ResponseOf<A>>> {
    return this.#bootstrap.request(api, body, options);
  }

  /** Whether the first node serves an API in a version from `version` on. */
  serves(api: AnyApi, version = 0): boolean {
    return this.#bootstrap.serves(api, version);
  }

  /** The connection to a broker by its id. */
  async node(nodeId: number): Promise<NodeConnection> {
    const open = this.#connections.get(nodeId);
    if (open !== undefined) return await open;
    let broker = this.#brokers.get(nodeId);
    if (broker === undefined) {
      await this.metadata([]);
      broker = this.#brokers.get(nodeId);
    }
    if (broker === undefined) throw new CommandError(`The cluster knows no broker ${nodeId}`);
    const connection = NodeConnection.open(broker.host, broker.port, this.#options);
    this.#connections.set(nodeId, connection);
    // A failed attempt must not stay, or the next request would fail without trying.
    connection.catch(() => this.#connections.delete(nodeId));
    return await connection;
  }

  /** Metadata of the cluster and of these topics; null is all topics. Creates none. */
  async metadata(topics: readonly string[] | null): Promise<ClusterMetadata> {
    const answer = await this.#bootstrap.request(
      metadata,
      make(metadata.request, {
        topics: topics === null ? null : topics.map((name) => ({ name })),
        allowAutoTopicCreation: false,
      }),
    );
    this.#brokers = new Map(answer.brokers.map((broker) => [broker.nodeId, broker]));
    return answer;
  }

  /** The coordinator of a group. */
  async coordinator(group: string): Promise<BrokerNode> {
    const answer = await this.retry(async () => {
      const { coordinators } = await this.request(
        findCoordinator,
        make(findCoordinator.request, { keyType: COORDINATOR_GROUP, coordinatorKeys: [group] }),
      );
      const [found] = coordinators;
      return found ?? { ...NOBODY, errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE };
    });
    if (answer.errorCode !== errorCodes.NONE) {
      throw new CommandError(
        `Cannot find the coordinator of group ${group}: ${describeError(answer)}`,
      );
    }
    const { nodeId, host, port } = answer;
    this.#brokers = new Map([...this.#brokers, [nodeId, { nodeId, host, port, rack: null }]]);
    return { nodeId, host, port, rack: null };
  }

  /** Asks again while the answer is an error that may pass by itself, up to the timeout. */
  async retry<T extends { readonly errorCode: number }>(ask: () => Promise<T>): Promise<T> {
    for (let waitedMs = 0;; waitedMs += RETRY_PAUSE_MS) {
      const answer = await ask();
      if (!isRetriable(answer.errorCode) || waitedMs >= this.#options.timeoutMs) return answer;
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }

  [Symbol.dispose](): void {
    this.#bootstrap.close();
    for (const connection of this.#connections.values()) {
      connection.then((open) => open.close(), () => {});
    }
  }
}

const NOBODY = { key: "", nodeId: -1, host: "", port: -1, errorMessage: null };

/** What an answer with an error says: the broker's sentence or our own, and the error's name. */
export function describeError(answer: {
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}): string {
  const sentence = (answer.errorMessage ?? "") || errorMessage(answer.errorCode);
  return `${sentence.replace(/\.$/, "")} (${errorName(answer.errorCode)})`;
}

function parseServers(servers: string): { host: string; port: number }[] {
  return servers.split(",").map((server) => {
    const [, host = "", port = ""] = /^\s*\[?([^\]\s]+?)\]?:(\d{1,5})\s*$/.exec(server) ?? [];
    if (host === "" || Number(port) > 65535) {
      throw new CommandError(
        `--bootstrap-server ${server}: allowed is host:port, or several with commas`,
      );
    }
    return { host, port: Number(port) };
  });
}
