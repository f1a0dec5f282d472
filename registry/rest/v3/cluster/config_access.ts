import {
  describeConfigs,
  errorCodes,
  errorMessage,
  incrementalAlterConfigs,
  make,
} from "../../../../broker/protocol/mod.ts";
import { HttpError, shown } from "../../../http/mod.ts";
import { KafkaError } from "../../../kafka/mod.ts";
import { toHttpError } from "../../errors.ts";
import type { Resource } from "./links.ts";
import type { V3Request } from "./route.ts";

const TOPIC = 2, BROKER = 4;

/** Sources by Kafka's numbers (DescribeConfigs). */
const SOURCES: Readonly<Record<number, string>> = {
  1: "DYNAMIC_TOPIC_CONFIG",
  2: "DYNAMIC_BROKER_CONFIG",
  3: "DYNAMIC_DEFAULT_BROKER_CONFIG",
  4: "STATIC_BROKER_CONFIG",
  5: "DEFAULT_CONFIG",
  6: "DYNAMIC_BROKER_LOGGER_CONFIG",
  8: "DYNAMIC_GROUP_CONFIG",
};
const DEFAULT_SOURCE = 5;

/** Whose options: what Kafka calls it, what the API does. */
export interface Owner {
  readonly type: number;
  /** Empty for all brokers. */
  readonly name: string;
  /** As messages call it. */
  readonly shown: string;
  readonly kind: string;
  /** Where its options are. */
  readonly path: readonly (string | number)[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A topic's options. */
export function topicOwner(name: string): Owner {
  return {
    type: TOPIC,
    name,
    shown: `topic ${shown(name)}`,
    kind: "KafkaTopicConfig",
    path: ["topics", name, "configs"],
    fields: { topic_name: name },
  };
}

/** A broker's options, in what it has alone and what all have. */
export function brokerOwner(id: number): Owner {
  return {
    type: BROKER,
    name: String(id),
    shown: `broker ${id}`,
    kind: "KafkaBrokerConfig",
    path: ["brokers", id, "configs"],
    fields: { broker_id: id },
  };
}

/** Options that were set for all brokers. */
export const ALL_BROKERS: Owner = {
  type: BROKER,
  name: "",
  shown: "all brokers",
  kind: "KafkaClusterConfig",
  path: ["broker-configs"],
  fields: { config_type: "BROKER" },
};

/** A broker's own options are its own to tell and to change; any broker knows the others. */
function targetOf({ type, name }: Owner) {
  return type === BROKER && name !== "" ? { to: { broker: Number(name) } } : {};
}

/** What Kafka answered about an owner, or why not. */
type Outcome<T> = { readonly error: KafkaError } | { readonly error: null; readonly value: T };

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.error !== null) throw outcome.error;
  return outcome.value;
}

/** Of each owner its item in an answer, found by its name: Kafka keeps no order. */
function outcomesOf<
  T extends {
    resourceType: number;
    resourceName: string;
    errorCode: number;
    errorMessage: string | null;
  },
>(owners: readonly Owner[], items: readonly T[], what: string): Outcome<T>[] {
  const byName = new Map(items.map((item) => [`${item.resourceType} ${item.resourceName}`, item]));
  return owners.map((owner) => {
    const item = byName.get(`${owner.type} ${owner.name}`);
    const code = item?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR;
    if (item !== undefined && code === errorCodes.NONE) return { error: null, value: item };
    const why = item?.errorMessage || errorMessage(code);
    return { error: new KafkaError(code, `Cannot ${what} the options of ${owner.shown}: ${why}`) };
  });
}

/** The options of owners, all of them or those named. One request for all owners, which are of one broker. */
async function describe(
  { context: { client }, links }: V3Request,
  owners: readonly Owner[],
  names: readonly string[] | null = null,
): Promise<Outcome<Resource[]>[]> {
  if (owners.length === 0) return [];
  const { results } = await client.call(
    describeConfigs,
    make(describeConfigs.request, {
      resources: owners.map(({ type, name }) => ({
        resourceType: type,
        resourceName: name,
        configurationKeys: names === null ? null : [...names],
      })),
      includeSynonyms: true,
    }),
    targetOf(owners[0]!),
  );
  return outcomesOf(owners, results, "tell").map((outcome, index) => {
    if (outcome.error !== null) return outcome;
    const owner = owners[index]!;
    const value = outcome.value.configs.map((config) =>
      links.resource(owner.kind, [...owner.path, config.name], {
        ...owner.fields,
        name: config.name,
        value: config.isSensitive ? null : config.value,
        is_default: config.configSource === DEFAULT_SOURCE,
        is_read_only: config.readOnly,
        is_sensitive: config.isSensitive,
        source: SOURCES[config.configSource] ?? "UNKNOWN",
        synonyms: config.synonyms.map((synonym) => ({
          name: synonym.name,
          value: config.isSensitive ? null : synonym.value,
          source: SOURCES[synonym.source] ?? "UNKNOWN",
        })),
      })
    );
    return { error: null, value };
  });
}

/** The options of one owner, all of them or those named. Rejects with KafkaError. */
export async function configsOf(
  request: V3Request,
  owner: Owner,
  names: readonly string[] | null = null,
): Promise<Resource[]> {
  const [outcome] = await describe(request, [owner], names);
  return valueOf(outcome!);
}

function noOption(name: string, owner: Owner): HttpError {
  return new HttpError(404, 404, `There is no option ${shown(name)} of ${owner.shown}`);
}

/** One option, which the path names. Throws 404. */
export async function oneConfig(request: V3Request, owner: Owner): Promise<Resource> {
  const name = request.param("name");
  const found = (await configsOf(request, owner, [name])).find((config) => config["name"] === name);
  if (found === undefined) throw noOption(name, owner);
  return found;
}

/** Operations by Kafka's numbers (IncrementalAlterConfigs). */
export const SET = 0, DELETE = 1;

/** A change to one option; without a value it is set to nothing. */
export interface Change {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

/** Changes to one owner's options, made together. */
export interface Changes {
  readonly owner: Owner;
  readonly changes: readonly Change[];
}

/** Changes options of owners, each by itself; one request for all owners, which are of one broker. */
async function alter(
  { context: { client } }: V3Request,
  all: readonly Changes[],
  validateOnly: boolean,
): Promise<Outcome<unknown>[]> {
  if (all.length === 0) return [];
  const { responses } = await client.call(
    incrementalAlterConfigs,
    make(incrementalAlterConfigs.request, {
      resources: all.map(({ owner, changes }) => ({
        resourceType: owner.type,
        resourceName: owner.name,
        configs: changes.map(({ name, operation, value }) => ({
          name,
          configOperation: operation,
          value: operation === DELETE ? null : value ?? "",
        })),
      })),
      validateOnly,
    }),
    targetOf(all[0]!.owner),
  );
  return outcomesOf(all.map(({ owner }) => owner), responses, "change");
}

/** Brokers take options for one listener alone, which they list only where they are set. */
const LISTENER_OPTION = /^listener\.name\.[^.]+\../;

function unknownOption(changes: readonly Change[], known: readonly Resource[], owner: Owner) {
  const names = new Set(known.map((config) => config["name"]));
  const found = changes.find(({ name }) =>
    !names.has(name) && !(owner.type === BROKER && LISTENER_OPTION.test(name))
  );
  return found === undefined ? null : noOption(found.name, owner);
}

/** Changes an owner's options together. Throws 404 for one that it doesn't have. */
export async function alterOne(
  request: V3Request,
  owner: Owner,
  changes: readonly Change[],
  validateOnly = false,
): Promise<void> {
  // All brokers together list only what is set for them, but have the options of each.
  const lister = owner === ALL_BROKERS ? await anyBroker(request) : owner;
  const known = await configsOf(request, lister, changes.map(({ name }) => name));
  const unknown = unknownOption(changes, known, owner);
  if (unknown !== null) throw unknown;
  const [outcome] = await alter(request, [{ owner, changes }], validateOnly);
  valueOf(outcome!);
}

async function anyBroker({ context: { client } }: V3Request): Promise<Owner> {
  const { brokers } = await client.metadata([], { maxAgeMs: 0 });
  if (brokers.length > 0) return brokerOwner(brokers[0]!.id);
  throw new KafkaError(errorCodes.BROKER_NOT_AVAILABLE, "The cluster names no broker");
}

/** Changes topics' options, each topic by itself, and tells what failed. */
export async function alterTopics(
  request: V3Request,
  all: readonly Changes[],
  validateOnly: boolean,
): Promise<unknown[]> {
  const names = new Set(all.flatMap(({ changes }) => changes.map(({ name }) => name)));
  const known = await describe(request, all.map(({ owner }) => owner), [...names]);
  const failed = new Map<Changes, HttpError>();
  all.forEach((one, index) => {
    const outcome = known[index]!;
    const error = outcome.error !== null
      ? toHttpError(outcome.error)
      : unknownOption(one.changes, outcome.value, one.owner);
    if (error !== null) failed.set(one, error);
  });
  const left = all.filter((one) => !failed.has(one));
  (await alter(request, left, validateOnly)).forEach(({ error }, index) => {
    if (error !== null) failed.set(left[index]!, toHttpError(error)!);
  });
  return all.flatMap((one) => {
    const error = failed.get(one);
    if (error === undefined) return [];
    return [{ topic_name: one.owner.name, error_code: error.errorCode, message: error.message }];
  });
}

/** The options of topics, one topic behind the other. Topics that are no more are left out. */
export async function topicsConfigs(
  request: V3Request,
  topics: readonly string[],
): Promise<Resource[]> {
  const outcomes = await describe(request, topics.map(topicOwner));
  return outcomes.filter(({ error }) => error?.code !== errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    .flatMap(valueOf);
}
