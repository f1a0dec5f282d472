/**
 * Shapes that deriving and checking a configuration share.
 */
import type { ConfigProblem } from "./config_problem.ts";
import type { Endpoint, SecurityProtocol } from "./listeners.ts";
import type { BrokerOptionName, BrokerOptionValue } from "./option_table.ts";

/** One voter of a static metadata quorum. */
export interface QuorumVoter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** The derived fields of a BrokerConfig; see there. */
export interface Derived {
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  readonly isLone: boolean;
  readonly listeners: readonly Endpoint[];
  readonly advertisedListeners: readonly Endpoint[];
  readonly advertisedControllerListeners: readonly Endpoint[];
  readonly controllerListenerNames: readonly string[];
  readonly interBrokerListenerName: string;
  readonly securityProtocols: ReadonlyMap<string, SecurityProtocol>;
  readonly quorumVoters: readonly QuorumVoter[];
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  readonly logRetentionMs: number;
  readonly logRollMs: number;
  readonly logRollJitterMs: number;
  readonly logFlushIntervalMs: number;
  readonly maxConnectionsPerIpOverrides: ReadonlyMap<string, number>;
}

/** Options under examination: parsed values, and the texts that were given. */
export interface Examined {
  get<N extends BrokerOptionName>(name: N): BrokerOptionValue<N>;
  /** The text that was given for the option, or null. */
  text(name: string): string | null;
  /** A problem with an option that holds what it holds. */
  problem(name: BrokerOptionName, allowed: string): ConfigProblem;
}
