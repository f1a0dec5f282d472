import { apiByKey } from "./messages/mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { Reader } from "./reader.ts";
import { type AnyApi, int16, int32, type MessageOf, record, string } from "./schema.ts";
import { inVersions } from "./versions.ts";
import type { Writer } from "./writer.ts";

/** What stands in front of every request. */
export const requestHeader = record({ name: "RequestHeader", versions: "1-2", flexible: "2+" }, {
  requestApiKey: int16(),
  requestApiVersion: int16(),
  correlationId: int32(),
  // Never compact: a broker reads the header of any ApiVersions, newer than itself too (KIP-511).
  clientId: string({ nullable: "1+", flexible: "none" }),
});

/** What stands in front of every response. */
export const responseHeader = record({ name: "ResponseHeader", versions: "0-1", flexible: "1+" }, {
  correlationId: int32(),
});

/** See {@linkcode requestHeader}. */
export type RequestHeader = MessageOf<typeof requestHeader>;

const API_VERSIONS_KEY = 18;

/** The version of the request header that goes with `version` of `api`. */
export function requestHeaderVersion(api: AnyApi, version: number): number {
  return inVersions(api.flexible, version) ? 2 : 1;
}

/**
 * The version of the response header that goes with `version` of `api`. ApiVersions keeps the
 * first: a client that does not know the broker's versions yet must be able to read it (KIP-511).
 */
export function responseHeaderVersion(api: AnyApi, version: number): number {
  return inVersions(api.flexible, version) && api.key !== API_VERSIONS_KEY ? 1 : 0;
}

/** A request's header, its API looked up; whether `version` is served is not checked. */
export interface RequestEnvelope {
  readonly api: AnyApi;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}

/**
 * Reads the header of a request. Throws {@linkcode ProtocolError} when it is malformed or the API
 * key is unknown; tagged fields are passed over, in any order, as Kafka does.
 */
export function readRequestHeader(reader: Reader): RequestEnvelope {
  const key = reader.int16();
  const version = reader.int16();
  const api = apiByKey(key);
  if (api === undefined) throw new ProtocolError(`Cannot read a request: unknown API key ${key}`);
  const correlationId = reader.int32();
  const clientId = reader.nullableString();
  if (requestHeaderVersion(api, version) === 2) skipTags(reader);
  return { api, version, correlationId, clientId };
}

/** Writes the header of a request. */
export function writeRequestHeader(writer: Writer, envelope: RequestEnvelope): void {
  writer.int16(envelope.api.key);
  writer.int16(envelope.version);
  writer.int32(envelope.correlationId);
  writer.nullableString(envelope.clientId);
  if (requestHeaderVersion(envelope.api, envelope.version) === 2) writer.uvarint(0);
}

/** Reads the header of a response to `version` of `api`; gives its correlation id. */
export function readResponseHeader(api: AnyApi, version: number, reader: Reader): number {
  const correlationId = reader.int32();
  if (responseHeaderVersion(api, version) === 1) skipTags(reader);
  return correlationId;
}

/** Writes the header of a response to `version` of `api`. */
export function writeResponseHeader(
  api: AnyApi,
  version: number,
  correlationId: number,
  writer: Writer,
): void {
  writer.int32(correlationId);
  if (responseHeaderVersion(api, version) === 1) writer.uvarint(0);
}

function skipTags(reader: Reader): void {
  for (let count = reader.uvarint(); count > 0; count--) {
    reader.uvarint();
    reader.skip(reader.uvarint());
  }
}
