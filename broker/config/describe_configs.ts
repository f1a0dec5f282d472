/**
 * What DescribeConfigs tells of each kind of resource: every option with value, source and the
 * places that it could come from (KIP-133, KIP-226, KIP-524, KIP-569).
 */
import type { BrokerConfig } from "./broker_config.ts";
import type { Option, OptionType } from "./option.ts";
import {
  brokerOptionTable,
  brokerSynonyms,
  clientMetricsOptionTable,
  dynamicOnlyOptionTable,
  findBrokerOption,
  groupOptionTable,
  topicOptionTable,
} from "./option_table.ts";
import { canonicalText, formatValue } from "./option_value.ts";

/** Where a value comes from, by the protocol's numbers. */
export const configSource = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  brokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const;

/** A place that the value comes from, or would come from. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

/** One described option, field by field as DescribeConfigs answers. */
export interface ConfigEntry {
  readonly name: string;
  /** Null where there is none, and for secrets. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  /** Empty unless asked for. */
  readonly synonyms: readonly ConfigSynonym[];
  readonly configType: number;
  /** Null unless asked for. */
  readonly documentation: string | null;
}

/** What to tell. */
export interface DescribeOptions {
  /** Only these names; null or empty is all. */
  readonly names?: readonly string[] | null;
  readonly includeSynonyms?: boolean;
  readonly includeDocumentation?: boolean;
}

const TYPE_IDS: Readonly<Record<OptionType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  SHORT: 4,
  LONG: 5,
  DOUBLE: 6,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

/** A topic's options: its own, else the broker's that stand behind them. */
export function describeTopic(
  config: BrokerConfig,
  overrides: ReadonlyMap<string, string>,
  options: DescribeOptions = {},
): ConfigEntry[] {
  return describeTable(topicOptionTable, overrides, options, (option) => {
    const own = overrides.get(option.name);
    const value = own === undefined ? textBehind(config, option) : canonicalText(option.type, own);
    const [first] = option.synonyms;
    return {
      value,
      synonyms: [
        ...own === undefined ? [] : [{ name: option.name, value, source: configSource.topic }],
        ...first === undefined ? [] : synonymsOf(config, first.name),
      ],
    };
  });
}

/** A group's options: its own, else the broker's that stand behind them. */
export function describeGroup(
  config: BrokerConfig,
  overrides: ReadonlyMap<string, string>,
  options: DescribeOptions = {},
): ConfigEntry[] {
  return describeTable(groupOptionTable, overrides, options, (option) => {
    const own = overrides.get(option.name);
    const value = own === undefined ? textBehind(config, option) : canonicalText(option.type, own);
    const [first] = option.synonyms;
    const behind = first === undefined
      ? [{
        name: option.name,
        value: formatValue(option.type, option.defaultValue),
        source: configSource.default,
      }]
      : synonymsOf(config, first.name);
    const ours = { name: option.name, value, source: configSource.group };
    return { value, synonyms: own === undefined ? behind : [ours, ...behind] };
  });
}

/** A client-metrics subscription's options. */
export function describeClientMetrics(
  overrides: ReadonlyMap<string, string>,
  options: DescribeOptions = {},
): ConfigEntry[] {
  return describeTable(clientMetricsOptionTable, overrides, options, (option) => {
    const own = overrides.get(option.name);
    if (own === undefined) {
      return { value: formatValue(option.type, option.defaultValue), synonyms: [] };
    }
    const value = canonicalText(option.type, own);
    const source = configSource.clientMetrics;
    return { value, synonyms: [{ name: option.name, value, source }] };
  });
}

/** All options of this broker. */
export function describeBroker(config: BrokerConfig, options: DescribeOptions = {}): ConfigEntry[] {
  const listed = [...brokerOptionTable.values()].filter((option) => !option.internal);
  const names = new Set([...listed.map(({ name }) => name), ...config.texts.keys()]);
  return select(names, options).map((name) =>
    brokerEntry(name, brokerText(config, name), synonymsOf(config, name), options)
  );
}

/** The options that are set at run time for all brokers. */
export function describeBrokerDefaults(
  config: BrokerConfig,
  options: DescribeOptions = {},
): ConfigEntry[] {
  const { dynamicDefault } = config.sources;
  return select(new Set(dynamicDefault.keys()), options).map((name) => {
    const synonyms = synonymsOf(config, name)
      .filter(({ source }) => source === configSource.dynamicDefaultBroker);
    return brokerEntry(name, dynamicDefault.get(name) ?? null, synonyms, options);
  });
}

/** The levels of this broker's loggers (KIP-412). */
export function describeLoggers(
  levels: ReadonlyMap<string, string>,
  options: DescribeOptions = {},
): ConfigEntry[] {
  return select(new Set(levels.keys()), options).map((name) => ({
    name,
    value: levels.get(name) ?? null,
    readOnly: false,
    configSource: configSource.brokerLogger,
    isSensitive: false,
    synonyms: [],
    configType: 0,
    documentation: "",
  }));
}

/** One option of a topic as CreateTopics answers it. */
export interface CreatedTopicConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}

/**
 * The options of a topic that was just created, by name. Like Kafka, values stand as they were set,
 * and the first place in which any synonym is set counts.
 */
export function createdTopicConfigs(
  config: BrokerConfig,
  overrides: ReadonlyMap<string, string>,
): CreatedTopicConfig[] {
  const { static: fixed, dynamicDefault, dynamicBroker } = config.sources;
  const places: [ReadonlyMap<string, string>, number][] = [
    [dynamicBroker, configSource.dynamicBroker],
    [dynamicDefault, configSource.dynamicDefaultBroker],
    [fixed, configSource.staticBroker],
  ];
  const resolve = (option: Option): [string | null, number] => {
    const own = overrides.get(option.name);
    if (own !== undefined) return [own, configSource.topic];
    for (const [texts, source] of places) {
      for (const { name, factor } of option.synonyms) {
        const text = texts.get(name);
        if (text !== undefined) return [scaled(text, factor), source];
      }
    }
    return [formatValue(option.type, option.defaultValue), configSource.default];
  };
  return [...topicOptionTable.values()]
    .filter((option) => !option.internal || overrides.has(option.name))
    .map((option) => {
      const [value, source] = resolve(option);
      return {
        name: option.name,
        value,
        readOnly: false,
        configSource: source,
        isSensitive: false,
      };
    });
}

interface Described {
  readonly value: string | null;
  readonly synonyms: readonly ConfigSynonym[];
}

function describeTable(
  table: ReadonlyMap<string, Option>,
  overrides: ReadonlyMap<string, string>,
  options: DescribeOptions,
  describe: (option: Option) => Described,
): ConfigEntry[] {
  const listed = [...table.values()].filter((option) =>
    !option.internal || overrides.has(option.name)
  );
  return select(new Set(listed.map(({ name }) => name)), options).flatMap((name) => {
    const option = table.get(name);
    if (option === undefined) return [];
    const { value, synonyms } = describe(option);
    return [{
      name,
      value,
      readOnly: false,
      configSource: synonyms[0]?.source ?? configSource.default,
      isSensitive: false,
      synonyms: options.includeSynonyms ? synonyms : [],
      configType: TYPE_IDS[option.type],
      documentation: options.includeDocumentation ? option.doc : null,
    }];
  });
}

function brokerEntry(
  name: string,
  value: string | null,
  synonyms: readonly ConfigSynonym[],
  options: DescribeOptions,
): ConfigEntry {
  const option = findBrokerOption(name);
  const isSensitive = option === undefined || option.type === "PASSWORD";
  const exact = brokerOptionTable.get(name) ?? dynamicOnlyOptionTable.get(name);
  return {
    name,
    value: isSensitive ? null : value,
    readOnly: exact === undefined || exact.scope === "read-only",
    configSource: synonyms[0]?.source ?? configSource.default,
    isSensitive,
    synonyms: options.includeSynonyms ? synonyms : [],
    configType: option === undefined ? 0 : TYPE_IDS[option.type],
    documentation: options.includeDocumentation && exact !== undefined ? exact.doc : null,
  };
}

/** The text that counts for a broker option, printed as Kafka does. */
function brokerText(config: BrokerConfig, name: string): string | null {
  const option = brokerOptionTable.get(name);
  const text = config.texts.get(name);
  if (option === undefined || option.internal) return text ?? null;
  if (text === undefined) return formatValue(option.type, option.defaultValue);
  return canonicalText(option.type, text);
}

/** The text of the broker options behind a topic or group option, in the option's own unit. */
function textBehind(config: BrokerConfig, option: Option): string | null {
  for (const { name, factor } of option.synonyms) {
    const text = brokerText(config, name);
    if (text === null) continue;
    // retention.ms: every negative time is for ever.
    if (option.name === "retention.ms" && text.startsWith("-")) return "-1";
    // A group has one assignor where the broker lists several.
    if (option.type === "STRING" && brokerOptionTable.get(name)?.type === "LIST") {
      return text.split(",")[0] ?? null;
    }
    return scaled(text, factor);
  }
  return formatValue(option.type, option.defaultValue);
}

function scaled(text: string, factor: number): string {
  return factor === 1 ? text : (BigInt(text.trim()) * BigInt(factor)).toString();
}

/**
 * The places that a broker option may come from, those that count first, from the first on that
 * bears the name itself: describing log.retention.hours leaves out log.retention.ms.
 */
function synonymsOf(config: BrokerConfig, name: string): ConfigSynonym[] {
  const option = findBrokerOption(name);
  const isSensitive = option === undefined || option.type === "PASSWORD";
  const { static: fixed, nodeDefaults, dynamicDefault, dynamicBroker } = config.sources;
  const names = brokerSynonyms(name, true);
  const found: ConfigSynonym[] = [];
  const add = (name: string, text: string | null | undefined, source: number) => {
    if (text === undefined || text === null) return;
    found.push({ name, value: isSensitive ? null : text, source });
  };
  for (const name of names) add(name, dynamicBroker.get(name), configSource.dynamicBroker);
  for (const name of names) add(name, dynamicDefault.get(name), configSource.dynamicDefaultBroker);
  for (const name of names) add(name, fixed.get(name), configSource.staticBroker);
  for (const name of names) {
    const known = brokerOptionTable.get(name);
    if (known === undefined) continue;
    const text = nodeDefaults.get(name) ?? formatValue(known.type, known.defaultValue);
    add(name, text, configSource.default);
  }
  const start = found.findIndex((synonym) => synonym.name === name);
  return start < 0 ? [] : found.slice(start);
}

/** The names to tell, sorted. */
function select(names: ReadonlySet<string>, options: DescribeOptions): string[] {
  const wanted = options.names ?? [];
  return [...names].filter((name) => wanted.length === 0 || wanted.includes(name)).sort();
}
