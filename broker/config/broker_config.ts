import {
  type BrokerOptionName,
  brokerOptionTable,
  type BrokerOptionValue,
  brokerSynonyms,
  findBrokerOption,
} from "./option_table.ts";
import type { OptionValue } from "./option.ts";
import { parseOption } from "./option_value.ts";
import type { ConfigProblem } from "./config_problem.ts";
import type { Endpoint, SecurityProtocol } from "./listeners.ts";
import type { Derived, QuorumVoter } from "./config_fields.ts";
import { derive } from "./derive.ts";

/** Where the values of a node's options come from, by option name as text. */
export interface ConfigSources {
  /** From server.properties, environment and overrides. */
  readonly static: ReadonlyMap<string, string>;
  /** The node's own defaults, where nothing else is set. */
  readonly nodeDefaults: ReadonlyMap<string, string>;
  /** Set while running, for all brokers. */
  readonly dynamicDefault: ReadonlyMap<string, string>;
  /** Set while running, for this broker. */
  readonly dynamicBroker: ReadonlyMap<string, string>;
}

/**
 * The configuration of a node at one moment; immutable. `get(name)` reads any option, typed by its
 * name; the fields hold what takes more than one option to know.
 */
export class BrokerConfig {
  readonly sources: ConfigSources;
  /** The texts that count, by option name; what nobody set is not among them. */
  readonly texts: ReadonlyMap<string, string>;
  readonly nodeId: number;
  readonly isBroker: boolean;
  readonly isController: boolean;
  /** Whether the metadata quorum is this node alone, and the node is a broker too. */
  readonly isLone: boolean;
  /** All addresses to listen on, in the order given. */
  readonly listeners: readonly Endpoint[];
  /** Addresses that clients and brokers are told, without the controllers'. */
  readonly advertisedListeners: readonly Endpoint[];
  /** Addresses that other nodes reach this controller at. */
  readonly advertisedControllerListeners: readonly Endpoint[];
  /** In upper case; the first is the one that this node talks to controllers through. */
  readonly controllerListenerNames: readonly string[];
  readonly interBrokerListenerName: string;
  readonly securityProtocols: ReadonlyMap<string, SecurityProtocol>;
  /** Voters of a static quorum; empty where the quorum is dynamic. */
  readonly quorumVoters: readonly QuorumVoter[];
  readonly logDirs: readonly string[];
  readonly metadataLogDir: string;
  /** -1 is for ever. */
  readonly logRetentionMs: number;
  readonly logRollMs: number;
  readonly logRollJitterMs: number;
  readonly logFlushIntervalMs: number;
  /** Limits of single addresses beside `max.connections.per.ip`. */
  readonly maxConnectionsPerIpOverrides: ReadonlyMap<string, number>;
  readonly #values: ReadonlyMap<string, OptionValue>;

  /** Only `buildConfig` and tests call it: the values must be valid, the derived fields theirs. */
  constructor(sources: ConfigSources, values: ReadonlyMap<string, OptionValue>, derived: Derived) {
    this.sources = sources;
    this.texts = effectiveTexts(sources);
    this.#values = values;
    this.nodeId = derived.nodeId;
    this.isBroker = derived.isBroker;
    this.isController = derived.isController;
    this.isLone = derived.isLone;
    this.listeners = derived.listeners;
    this.advertisedListeners = derived.advertisedListeners;
    this.advertisedControllerListeners = derived.advertisedControllerListeners;
    this.controllerListenerNames = derived.controllerListenerNames;
    this.interBrokerListenerName = derived.interBrokerListenerName;
    this.securityProtocols = derived.securityProtocols;
    this.quorumVoters = derived.quorumVoters;
    this.logDirs = derived.logDirs;
    this.metadataLogDir = derived.metadataLogDir;
    this.logRetentionMs = derived.logRetentionMs;
    this.logRollMs = derived.logRollMs;
    this.logRollJitterMs = derived.logRollJitterMs;
    this.logFlushIntervalMs = derived.logFlushIntervalMs;
    this.maxConnectionsPerIpOverrides = derived.maxConnectionsPerIpOverrides;
  }

  /** The value of a broker option. */
  get<N extends BrokerOptionName>(name: N): BrokerOptionValue<N> {
    return this.#values.get(name) as BrokerOptionValue<N>;
  }

  /** The value of an option whose name is not known beforehand; undefined for an unknown name. */
  valueOf(name: string): OptionValue | undefined {
    return this.#values.get(name);
  }

  /** The value of a security option for one listener: its own, else the general one. */
  getForListener<N extends BrokerOptionName>(listener: string, name: N): BrokerOptionValue<N> {
    const own = this.#values.get(`listener.name.${listener.toLowerCase()}.${name}`);
    return own === undefined ? this.get(name) : own as BrokerOptionValue<N>;
  }

  /** Whether somebody set the option, in a file, the environment, an override or while running. */
  isSet(name: BrokerOptionName): boolean {
    const { static: fixed, dynamicDefault, dynamicBroker } = this.sources;
    return dynamicBroker.has(name) || dynamicDefault.has(name) || fixed.has(name);
  }

  /** This configuration with other values set at run time, or the problem with them. */
  withDynamic(
    dynamicDefault: ReadonlyMap<string, string>,
    dynamicBroker: ReadonlyMap<string, string>,
  ): BuiltConfig {
    return buildConfig({ ...this.sources, dynamicDefault, dynamicBroker });
  }
}

/** A configuration, or the first problem that was found. */
export type BuiltConfig =
  | { readonly ok: true; readonly config: BrokerConfig }
  | { readonly ok: false; readonly problem: ConfigProblem };

/** Puts sources on top of each other, parses every value and checks them against each other. */
export function buildConfig(sources: ConfigSources): BuiltConfig {
  const values = new Map<string, OptionValue>();
  for (const [name, option] of brokerOptionTable) values.set(name, option.defaultValue);
  const texts = effectiveTexts(sources);
  for (const [name, text] of texts) {
    const option = findBrokerOption(name);
    if (option === undefined) continue;
    // A listener's own option is not checked here: Kafka leaves that to who uses it.
    const isPrefixed = option.name !== name;
    const parsed = parseOption(option, text);
    if (parsed.ok) values.set(name, parsed.value);
    else if (!isPrefixed) {
      const value = option.type === "PASSWORD" ? "[hidden]" : text;
      return { ok: false, problem: { option: name, value, allowed: parsed.allowed } };
    }
  }
  const derived = derive(values, texts);
  if ("problem" in derived) return { ok: false, problem: derived.problem };
  return { ok: true, config: new BrokerConfig(sources, values, derived.derived) };
}

/**
 * Texts that count: what is set dynamically replaces what is set statically, together with the same
 * option in other units (a dynamic log.retention.ms drops log.retention.minutes).
 */
export function effectiveTexts(sources: ConfigSources): Map<string, string> {
  const texts = new Map([...sources.nodeDefaults, ...sources.static]);
  for (const layer of [sources.dynamicDefault, sources.dynamicBroker]) {
    for (const [name, text] of layer) {
      for (const synonym of brokerSynonyms(name, false)) texts.delete(synonym);
      texts.set(name, text);
    }
  }
  return texts;
}
