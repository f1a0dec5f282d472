/**
 * The HTTP front doors: the schema registry and the REST proxy, each a service that reaches a broker as
 * any client does, so it runs beside kafkats and beside Apache Kafka.
 */
import type { RunningService, ServiceInputs } from "./http/mod.ts";

export { hashPassword } from "./http/mod.ts";
export type { RunningService, ServiceInputs, ServiceLogger } from "./http/mod.ts";

/** Starts a service and resolves when it answers. Rejects with a sentence when it can't start. */
export type StartService = (inputs?: ServiceInputs) => Promise<RunningService>;

/** Loads the code of the schema registry, and none of the other service. */
export async function loadRegistry(): Promise<StartService> {
  return (await import("./schema/mod.ts")).startRegistry;
}

/** Loads the code of the REST proxy, and none of the other service. */
export async function loadRest(): Promise<StartService> {
  return (await import("./rest/mod.ts")).startRest;
}

/** Loads and starts a schema registry: {@linkcode StartService}. */
export async function startRegistry(inputs: ServiceInputs = {}): Promise<RunningService> {
  return await (await loadRegistry())(inputs);
}

/** Loads and starts a REST proxy: {@linkcode StartService}. */
export async function startRest(inputs: ServiceInputs = {}): Promise<RunningService> {
  return await (await loadRest())(inputs);
}
