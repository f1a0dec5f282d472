/**
 * The HTTP front doors: the schema registry and the REST proxy, each a service that reaches a broker as
 * any client does, so it runs beside kafkats and beside Apache Kafka.
 */
export { hashPassword } from "./http/mod.ts";
export { startRest } from "./rest/mod.ts";
export { startRegistry } from "./schema/mod.ts";
export type { RunningService, ServiceInputs, ServiceLogger } from "./http/mod.ts";
