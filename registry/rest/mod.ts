/**
 * The REST proxy: Kafka for whoever speaks HTTP and JSON. It reaches brokers as any client does, and a schema
 * registry over HTTP.
 */
export { startRest } from "./rest.ts";
