/** Which Protobuf schemas read what others wrote: fields by number, messages by name, oneofs by their members. */
export { protobufIncompatibilities } from "./protobuf.ts";
