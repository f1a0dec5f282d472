import { type Alteration, alterOperation, checkNodeId, checkShape } from "./alter_configs.ts";
import { type ConfigRefusal, invalidConfig, invalidRequest } from "./config_refusal.ts";

/** Levels that a broker logger may have, by Kafka's names (KIP-412). */
export const LOGGER_LEVELS: readonly string[] = [
  "DEBUG",
  "ERROR",
  "FATAL",
  "INFO",
  "TRACE",
  "WARN",
];

/** Levels to put in force by logger name (null goes back to the root's), or a refusal. */
export type LoggerOutcome =
  | { readonly errorCode: 0; readonly levels: ReadonlyMap<string, string | null> }
  | ConfigRefusal & { readonly levels: null };

/** Decides an IncrementalAlterConfigs of this node's loggers; `known` are their names. */
export function alterLoggers(
  nodeId: number,
  resourceName: string,
  known: ReadonlySet<string>,
  alterations: readonly Alteration[],
): LoggerOutcome {
  const refusal = checkShape(alterations) ?? checkNodeId(resourceName, nodeId);
  if (refusal !== null) return { ...refusal, levels: null };
  const levels = new Map<string, string | null>();
  for (const { name, configOperation, value } of alterations) {
    const problem = check(known, name, configOperation, value);
    if (problem !== null) return { ...problem, levels: null };
    levels.set(name, configOperation === alterOperation.delete ? null : value);
  }
  return { errorCode: 0, levels };
}

function check(
  known: ReadonlySet<string>,
  name: string,
  operation: number,
  value: string | null,
): ConfigRefusal | null {
  if (operation !== alterOperation.set && operation !== alterOperation.delete) {
    return invalidRequest(`A logger's level can be set or deleted, no operation ${operation}`);
  }
  if (!known.has(name)) return invalidConfig(`There is no logger ${name}`);
  if (operation === alterOperation.delete) {
    return name === "root" ? invalidRequest("The root logger must keep a level") : null;
  }
  return LOGGER_LEVELS.includes(value ?? "")
    ? null
    : invalidConfig(`${name}=${value}: allowed is ${LOGGER_LEVELS.join(", ")}`);
}
