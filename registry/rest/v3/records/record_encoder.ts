import { HttpError } from "../../../http/mod.ts";
import type { ProducerRecord } from "../../../kafka/mod.ts";
import type { SchemaType } from "../../../schema/formats/mod.ts";
import { restCodes } from "../../errors.ts";
import {
  fromBase64,
  jsonBytes,
  PayloadError,
  schemaBytes,
  stringifyExactly,
  TextBytes,
} from "../../records/mod.ts";
import type { RegisteredSchema, SchemaSource } from "../../schemas/mod.ts";
import type { DataRequest, DataType, RecordRequest } from "./record_request.ts";

/** A record ready to be sent, and what its answer says of key and value. */
export interface EncodedRecord {
  readonly record: ProducerRecord;
  /** JSON; null: the request had none. */
  readonly keyTold: string | null;
  readonly valueTold: string | null;
  /** Bytes of key and value. */
  readonly sizeBytes: number;
}

interface EncodedData {
  readonly bytes: Uint8Array | null;
  readonly told: string;
}

/** The schema that a key or value is written with, and the subject that it was found under. */
interface ChosenSchema {
  readonly schema: RegisteredSchema;
  readonly subject: string;
}

const TEXT_BYTES = 64 * 1024;
const SCHEMA_TYPES: Readonly<Record<"AVRO" | "JSONSCHEMA" | "PROTOBUF", SchemaType>> = {
  AVRO: "AVRO",
  JSONSCHEMA: "JSON",
  PROTOBUF: "PROTOBUF",
};
const DATA_TYPES: Readonly<Record<SchemaType, DataType>> = {
  AVRO: "AVRO",
  JSON: "JSONSCHEMA",
  PROTOBUF: "PROTOBUF",
};

/**
 * Turns records of requests to one topic into bytes: at once where no schema has to be asked for. Throws, or rejects
 * with, HttpError (42206 for data that its type or its schema can't hold) and SchemaSourceError.
 */
export class RecordEncoder {
  readonly #topic: string;
  readonly #schemas: SchemaSource;
  readonly #texts = new TextBytes(TEXT_BYTES);

  constructor(topic: string, schemas: SchemaSource) {
    this.#topic = topic;
    this.#schemas = schemas;
  }

  encode(request: RecordRequest): EncodedRecord | Promise<EncodedRecord> {
    const { key, value } = request;
    if (needsSchema(key) || needsSchema(value)) return this.#encodeWithSchemas(request);
    return encoded(
      request,
      key === null ? null : this.#encodePlain(key, "key"),
      value === null ? null : this.#encodePlain(value, "value"),
    );
  }

  async #encodeWithSchemas(request: RecordRequest): Promise<EncodedRecord> {
    const { key, value } = request;
    return encoded(
      request,
      key === null ? null : await this.#encodeAny(key, "key"),
      value === null ? null : await this.#encodeAny(value, "value"),
    );
  }

  async #encodeAny(request: DataRequest, where: "key" | "value"): Promise<EncodedData> {
    if (!needsSchema(request)) return this.#encodePlain(request, where);
    const { schema, subject } = await this.#choose(request, where);
    const bytes = named(where, () => schemaBytes(request.data, schema));
    const told = JSON.stringify({
      type: DATA_TYPES[schema.type],
      subject,
      schema_id: schema.id,
      ...(schema.subject === subject ? { schema_version: schema.version } : {}),
      size: bytes.length,
    });
    return { bytes, told };
  }

  #encodePlain({ type, data }: DataRequest, where: "key" | "value"): EncodedData {
    if (data === null) {
      return { bytes: null, told: type === null ? `{"size":0}` : `{"type":"${type}","size":0}` };
    }
    const bytes = named(where, () => this.#plainBytes(type!, data));
    return { bytes, told: `{"type":"${type}","size":${bytes.length}}` };
  }

  #plainBytes(type: DataType, data: unknown): Uint8Array {
    if (type === "JSON") return jsonBytes(data, this.#texts);
    if (type === "BINARY") return fromBase64(data);
    if (typeof data === "string") return this.#texts.encode(data);
    return this.#texts.encode(stringifyExactly(data) ?? "");
  }

  async #choose(request: DataRequest, where: "key" | "value"): Promise<ChosenSchema> {
    const { type, strategy, schemaId, schemaVersion, schema: text } = request;
    if (schemaId !== null) {
      const schema = await this.#schemas.byId(schemaId);
      const subject = request.subject ?? this.#subjectOf(strategy, where, () => schema.schema);
      return { schema, subject };
    }
    if (text !== null) {
      const schemaType = SCHEMA_TYPES[type as keyof typeof SCHEMA_TYPES];
      const subject = request.subject ??
        this.#subjectOf(strategy, where, () => this.#schemas.parse(schemaType, text));
      return { schema: await this.#schemas.byText({ subject, type: schemaType, text }), subject };
    }
    const subject = request.subject ?? this.#subjectOf(null, where, null);
    const schema = schemaVersion === null
      ? await this.#schemas.latest(subject)
      : await this.#schemas.byVersion(subject, schemaVersion);
    return { schema, subject };
  }

  #subjectOf(
    strategy: DataRequest["strategy"],
    where: "key" | "value",
    schema: (() => { readonly recordName: string | null }) | null,
  ): string {
    if (schema === null || strategy === null || strategy === "TOPIC_NAME") {
      return `${this.#topic}-${where}`;
    }
    const name = schema().recordName;
    if (name === null) {
      const message = `${where}: subject_name_strategy ${strategy} needs a schema with a name`;
      throw new HttpError(422, restCodes.BAD_SCHEMA, message);
    }
    return strategy === "RECORD_NAME" ? name : `${this.#topic}-${name}`;
  }
}

function needsSchema(request: DataRequest | null): boolean {
  if (request === null || request.data === null) return false;
  const { type } = request;
  return type !== "JSON" && type !== "STRING" && type !== "BINARY";
}

function encoded(
  { partition, headers, timestampMs }: RecordRequest,
  key: EncodedData | null,
  value: EncodedData | null,
): EncodedRecord {
  const keyBytes = key === null ? null : key.bytes;
  const valueBytes = value === null ? null : value.bytes;
  return {
    record: { partition, key: keyBytes, value: valueBytes, headers, timestampMs },
    keyTold: key === null ? null : key.told,
    valueTold: value === null ? null : value.told,
    sizeBytes: (keyBytes?.length ?? 0) + (valueBytes?.length ?? 0),
  };
}

/** What `encode` gives; what it finds wrong with the data names where that stood. */
function named(where: string, encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    throw new HttpError(422, restCodes.BAD_PAYLOAD, `${where}.data ${error.message}`);
  }
}
