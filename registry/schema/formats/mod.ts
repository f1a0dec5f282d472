/**
 * Kinds of schema: Avro, JSON Schema and Protobuf. Each reads a text together with what it refers to, writes it
 * in its canonical and normalised forms, and turns JSON values into bytes and back. Beside
 * them the cache that keeps what was parsed. Pure: no I/O, no clock.
 */
export { type CacheLimits, LruCache } from "./lru_cache.ts";
export * from "./schema.ts";
export * from "./avro/mod.ts";
export * from "./json/mod.ts";
export { isProtobufDescriptor, protobufFormat, ProtobufSchema } from "./protobuf/mod.ts";
export type {
  LinkedField as ProtobufField,
  LinkedFile as ProtobufFile,
  LinkedMessage as ProtobufMessage,
  LinkedOneof as ProtobufOneof,
} from "./protobuf/mod.ts";
