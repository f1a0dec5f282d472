/**
 * Bytes to messages and back, pure: the schema language, every message of Kafka 4.4 declared in it,
 * the codec that is generated from it, error codes, and the small rules (topic names, key hashing)
 * that clients and brokers must agree on.
 */
export * from "./schema.ts";
export * from "./messages/mod.ts";
export * from "./metadata_records/mod.ts";
export * from "./coordinator_records/mod.ts";
export * from "./control_records/mod.ts";
export * from "./storage_records/mod.ts";
export * from "./client_records/mod.ts";
