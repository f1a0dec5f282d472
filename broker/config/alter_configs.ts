/**
 * Changes of options while the cluster runs, decided without touching anything: what is asked for
 * and what is set now goes in, the changes to record or an error code come out (KIP-226, KIP-339).
 */
import { errorCodes } from "../protocol/errors.ts";
import type { BrokerConfig } from "./broker_config.ts";
import { checkBrokerChange } from "./check_broker_change.ts";
import { type ConfigRefusal, invalidConfig, invalidRequest } from "./config_refusal.ts";
import { checkClientMetrics, checkGroup, checkTopic } from "./check_resources.ts";
import { formatValue } from "./option_value.ts";
import { brokerOptionTable, type OptionTable, topicOptionTable } from "./option_table.ts";

/** Kinds of resources that have options, by the protocol's numbers. */
export const configResourceType = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const;

/** What an alteration does with a value. */
export const alterOperation = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** One asked-for change of one option. */
export interface Alteration {
  readonly name: string;
  readonly configOperation: number;
  readonly value: string | null;
}

/** The values to record by option name (null takes an option away), or a refusal. */
export type AlterOutcome =
  | { readonly errorCode: 0; readonly changes: ReadonlyMap<string, string | null> }
  | ConfigRefusal & { readonly changes: null };

/** What decisions depend on beside the resource. */
export interface AlterContext {
  /** Configuration of the node that decides. */
  readonly config: BrokerConfig;
  /** Whether eligible leader replicas are on (KIP-966): then min.insync.replicas is kept for all. */
  readonly elrEnabled: boolean;
}

/**
 * Decides an IncrementalAlterConfigs of one resource. `current` holds what is set for it now. That a
 * topic exists and that its name is legal is for the caller to check.
 */
export function alterConfigs(
  context: AlterContext,
  resourceType: number,
  resourceName: string,
  current: ReadonlyMap<string, string>,
  alterations: readonly Alteration[],
): AlterOutcome {
  const shape = checkShape(alterations) ?? checkResource(context, resourceType, resourceName);
  if (shape !== null) return refused(shape);
  const changes = new Map<string, string | null>();
  for (const alteration of alterations) {
    const applied = apply(resourceType, current, alteration);
    if ("errorCode" in applied) return refused(applied);
    const { name } = alteration;
    // For brokers Kafka records what does not change too: it makes them reload files.
    const isChange = applied.value !== (current.get(name) ?? null);
    if (isChange || resourceType === configResourceType.broker) changes.set(name, applied.value);
  }
  return validated(context, resourceType, resourceName, current, changes);
}

/**
 * Decides an AlterConfigs of one resource: `configs` replace everything that is set for it.
 */
export function replaceConfigs(
  context: AlterContext,
  resourceType: number,
  resourceName: string,
  current: ReadonlyMap<string, string>,
  configs: readonly { readonly name: string; readonly value: string | null }[],
): AlterOutcome {
  const alterations = configs.map(({ name, value }) => ({
    name,
    value,
    configOperation: alterOperation.set,
  }));
  const shape = checkShape(alterations) ??
    checkResource(context, resourceType, resourceName);
  if (shape !== null) return refused(shape);
  const changes = new Map<string, string | null>();
  for (const { name, value } of configs) {
    const isChange = value !== (current.get(name) ?? null);
    if (isChange || resourceType === configResourceType.broker) changes.set(name, value);
  }
  for (const name of current.keys()) {
    if (!configs.some((config) => config.name === name)) changes.set(name, null);
  }
  return validated(context, resourceType, resourceName, current, changes);
}

/** What is set after the changes. */
export function withChanges(
  current: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): Map<string, string> {
  const next = new Map(current);
  for (const [name, value] of changes) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** Refuses alterations that name an option twice or lack a value. */
export function checkShape(alterations: readonly Alteration[]): ConfigRefusal | null {
  const names = alterations.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    return invalidRequest("An option is named twice: each may be named once");
  }
  const without = alterations.filter(({ configOperation, value }) =>
    value === null && configOperation !== alterOperation.delete
  );
  return without.length === 0
    ? null
    : invalidRequest(`No value for ${without.map(({ name }) => name).join(", ")}`);
}

function checkResource(
  { config }: AlterContext,
  resourceType: number,
  name: string,
): ConfigRefusal | null {
  switch (resourceType) {
    case configResourceType.topic:
      return name === "" ? invalidRequest("Topics have no common options: name a topic") : null;
    case configResourceType.group:
      return name === "" ? invalidRequest("Groups have no common options: name a group") : null;
    case configResourceType.clientMetrics:
      return name === "" ? invalidRequest("A client-metrics subscription needs a name") : null;
    case configResourceType.broker:
      return name === "" ? null : checkNodeId(name, config.nodeId);
    default:
      return invalidRequest(`Resources of type ${resourceType} have no options to alter`);
  }
}

/** Refuses a resource name that is not this node's id. */
export function checkNodeId(name: string, nodeId: number): ConfigRefusal | null {
  if (!/^[+-]?\d{1,10}$/.test(name)) {
    return invalidRequest(`"${name}" is no node id: it must be a whole number`);
  }
  return Number(name) === nodeId
    ? null
    : invalidRequest(`This is node ${nodeId}, not node ${name}: ask that node`);
}

/** The option's value after one alteration; null takes it away. */
function apply(
  resourceType: number,
  current: ReadonlyMap<string, string>,
  { name, configOperation, value }: Alteration,
): { value: string | null } | ConfigRefusal {
  switch (configOperation) {
    case alterOperation.set:
      return { value };
    case alterOperation.delete:
      return { value: null };
    case alterOperation.append:
    case alterOperation.subtract: {
      const option = listTable(resourceType)?.get(name);
      if (option?.type !== "LIST") {
        return invalidConfig(`${name} is no list that items could be added to or taken from`);
      }
      const text = current.get(name) ?? formatValue("LIST", option.defaultValue) ?? "";
      const items = text.split(",").filter((item) => item !== "");
      for (const item of (value ?? "").split(",")) {
        const index = items.indexOf(item);
        if (configOperation === alterOperation.append && index < 0) items.push(item);
        if (configOperation === alterOperation.subtract && index >= 0) items.splice(index, 1);
      }
      return { value: items.join(",") };
    }
    default:
      return resourceType === configResourceType.broker
        ? invalidRequest(`There is no operation ${configOperation}`)
        : { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
  }
}

/** Only lists of topics and brokers take APPEND and SUBTRACT, as in Kafka. */
function listTable(resourceType: number): OptionTable | null {
  if (resourceType === configResourceType.topic) return topicOptionTable;
  return resourceType === configResourceType.broker ? brokerOptionTable : null;
}

function validated(
  context: AlterContext,
  resourceType: number,
  resourceName: string,
  current: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): AlterOutcome {
  const next = withChanges(current, changes);
  const refusal = validate(context, resourceType, resourceName, current, next, changes);
  return refusal === null ? { errorCode: 0, changes } : refused(refusal);
}

function validate(
  { config, elrEnabled }: AlterContext,
  resourceType: number,
  resourceName: string,
  current: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string | null>,
): ConfigRefusal | null {
  switch (resourceType) {
    case configResourceType.topic:
      return checkTopic(config, current, next);
    case configResourceType.group:
      return checkGroup(config, next);
    case configResourceType.clientMetrics:
      return checkClientMetrics(next);
    default:
      return checkBrokerChange(config, resourceName !== "", next) ??
        (elrEnabled ? checkMinInSyncReplicas(resourceName !== "", changes) : null);
  }
}

/**
 * With eligible leader replicas every broker must agree on min.insync.replicas, so it is set for the
 * cluster, and stays set (KIP-966).
 */
function checkMinInSyncReplicas(
  perBroker: boolean,
  changes: ReadonlyMap<string, string | null>,
): ConfigRefusal | null {
  const change = changes.get("min.insync.replicas");
  if (change === undefined) return null;
  if (perBroker) {
    return invalidConfig("min.insync.replicas can be set for all brokers only: ELR is on");
  }
  return change === null ? invalidConfig("min.insync.replicas must stay set: ELR is on") : null;
}

function refused({ errorCode, errorMessage }: ConfigRefusal): AlterOutcome {
  return { errorCode, errorMessage, changes: null };
}
