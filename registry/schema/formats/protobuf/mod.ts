/**
 * Protobuf schemas: .proto texts and descriptors are read into a tree, whose names are looked up in what it
 * imports; of that come the canonical and normalised texts, descriptors, and values to and from bytes.
 */
export { isProtobufDescriptor, protobufFormat, ProtobufSchema } from "./protobuf_schema.ts";
export type { LinkedField, LinkedFile, LinkedMessage, LinkedOneof } from "./linked.ts";
