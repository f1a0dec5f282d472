/**
 * Whether a reader's schema can read what a writer's wrote, for each kind of schema, as a list of what stands
 * against it. Pure; the levels (BACKWARD, FORWARD ...) are made of it elsewhere.
 */
export * from "./incompatibility.ts";
export { avroIncompatibilities } from "./avro/mod.ts";
export { incompatibilities } from "./check.ts";
export { jsonIncompatibilities } from "./json/mod.ts";
export { protobufIncompatibilities } from "./protobuf/mod.ts";
