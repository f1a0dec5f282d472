/**
 * Request bodies as conversations write them, and answers as they show them: Kafka's JSON with
 * shorthands for bytes and with record batches spelt out.
 */
import {
  type AnyApi,
  type AnyMessage,
  type Field,
  type Fields,
  fromJson,
  inVersions,
  losslessCodec,
  type LosslessValue,
  Reader,
  responseHeader,
  responseHeaderVersion,
  toJson,
  UNKNOWN_TAGS,
  type UnknownTag,
  Writer,
} from "../../broker/protocol/mod.ts";
import { recordsFrom, recordsJson } from "./batch_json.ts";
import { bytesFrom } from "./bytes_json.ts";
import { isObject, type JsonObject, type JsonValue } from "./json_text.ts";

/** A message object from its JSON; fields left out, or absent in the version, have their default. */
function messageFrom(
  message: AnyMessage,
  version: number,
  json: JsonValue,
): Record<string, unknown> {
  return fromJson(message, version, plainStruct(message.fields, version, json, message.name));
}

/** The same JSON without shorthands and without fields that the version lacks. */
function plainStruct(fields: Fields, version: number, json: JsonValue, path: string): JsonValue {
  if (!isObject(json)) return json;
  const plain: JsonObject = {};
  for (const [name, value] of Object.entries(json)) {
    const field = Object.hasOwn(fields, name) ? fields[name]! : null;
    if (field === null) throw new Error(`${path} has no field ${name}`);
    const { versions } = field.options;
    if (versions !== undefined && !inVersions(versions, version)) continue;
    plain[name] = plainField(field, version, value, `${path}.${name}`);
  }
  return plain;
}

function plainField(
  field: Field<unknown>,
  version: number,
  value: JsonValue,
  path: string,
): JsonValue {
  switch (field.kind) {
    case "records":
      return recordsFrom(value)?.toBase64() ?? null;
    case "bytes":
      return isObject(value) ? bytesFrom(value).toBase64() : value;
    case "struct":
      return plainStruct(field.fields!, version, value, path);
    case "array":
      if (!Array.isArray(value)) return value;
      return value.map((item, index) =>
        plainField(field.element!, version, item, `${path}[${index}]`)
      );
    default:
      return value;
  }
}

/** The bytes of a request's body. */
export function encodeBody(api: AnyApi, version: number, json: JsonValue): Uint8Array {
  const writer = new Writer();
  losslessCodec(api.request, version).encode(writer, messageFrom(api.request, version, json));
  return writer.toBytes();
}

/** What an answer's frame holds. */
export interface Answer {
  readonly correlationId: number;
  readonly headerTags: JsonValue;
  /** The version that it is written in, which for ApiVersions may not be the one asked for. */
  readonly version: number;
  readonly body: JsonObject;
  /** Bytes behind the body. */
  readonly trailingBytes: number;
}

/** Reads a frame that answers `version` of `api`; throws ProtocolError when it can't. */
export function decodeAnswer(api: AnyApi, version: number, frame: Uint8Array): Answer {
  const reader = new Reader(frame);
  const headerVersion = responseHeaderVersion(api, version);
  const header = losslessCodec(responseHeader, headerVersion).decode(reader);
  const bodyVersion = answeredVersion(api, version, frame.subarray(reader.position));
  const value = losslessCodec(api.response, bodyVersion).decode(reader);
  const body = toJson(api.response, bodyVersion, value) as JsonObject;
  decorate(api.response.fields, value, body);
  return {
    correlationId: header.correlationId as number,
    headerTags: tagsJson(header[UNKNOWN_TAGS]),
    version: bodyVersion,
    body,
    trailingBytes: reader.remaining,
  };
}

/** KIP-511: a broker that does not know the version of ApiVersions answers in version 0. */
function answeredVersion(api: AnyApi, version: number, body: Uint8Array): number {
  const UNSUPPORTED_VERSION = 35;
  const isRefused = body[0] === 0 && body[1] === UNSUPPORTED_VERSION;
  return api.name === "ApiVersions" && isRefused ? 0 : version;
}

function tagsJson(tags: readonly UnknownTag[] | undefined): JsonValue {
  return (tags ?? []).map(({ tag, bytes }) => ({ tag, data: bytes.toHex() }));
}

/** Puts decoded batches in place of record fields and shows unknown tagged fields. */
function decorate(fields: Fields, value: LosslessValue, json: JsonObject): void {
  const tags = value[UNKNOWN_TAGS];
  if (tags !== undefined && tags.length > 0) json._unknownTags = tagsJson(tags);
  for (const [name, field] of Object.entries(fields)) {
    const inner = value[name], shown = json[name];
    if (shown === undefined || shown === null || inner === null) continue;
    if (field.kind === "records") json[name] = recordsJson(inner as Uint8Array);
    if (field.kind === "struct") {
      decorate(field.fields!, inner as LosslessValue, shown as JsonObject);
    }
    const element = field.element?.fields;
    if (field.kind !== "array" || !element) continue;
    for (const [index, item] of (inner as LosslessValue[]).entries()) {
      decorate(element, item, (shown as JsonObject[])[index]!);
    }
  }
}
