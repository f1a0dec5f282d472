/** What the tests of this room share: a registry whose topic is a list in memory. */
import { assert, assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { incompatibilities } from "../compatibility/mod.ts";
import {
  avroFormat,
  jsonFormat,
  protobufFormat,
  type SchemaFormat,
  type SchemaType,
} from "../formats/mod.ts";
import type { Decision, StoreSettings } from "./core.ts";
import type { JsonObject } from "./json.ts";
import type { RegistryRecord } from "./record_key.ts";
import type { RegisterOptions } from "./register.ts";
import { RegistryError } from "./registry_error.ts";
import { readSchemaRequest } from "./request.ts";
import { SchemaStore } from "./store.ts";

export const formats: ReadonlyMap<SchemaType, SchemaFormat> = new Map(
  [avroFormat, jsonFormat, protobufFormat].map((format) => [format.type, format]),
);

export function md5(bytes: Uint8Array): Uint8Array {
  return createHash("md5").update(bytes).digest();
}

export function makeStore(settings: Partial<StoreSettings> = {}): SchemaStore {
  return new SchemaStore({ formats, incompatibilities, md5, settings });
}

/** A store and the topic that it was made from. */
export class Registry {
  readonly topic: RegistryRecord[] = [];
  readonly store: SchemaStore;
  readonly #settings: Partial<StoreSettings>;

  constructor(settings: Partial<StoreSettings> = {}) {
    this.#settings = settings;
    this.store = makeStore(settings);
  }

  /** Writes what was decided and reads it back, as the leader does. */
  write<T>(decision: Decision<T>): T {
    for (const record of decision.records) {
      this.topic.push(record);
      const { key, value, condition = null } = record;
      assertEquals(this.store.replay(key, value, null, condition).kind, "applied");
    }
    return decision.result;
  }

  register(subject: string, body: JsonObject, options: RegisterOptions = {}): JsonObject {
    return this.write(this.store.decideRegister(subject, readSchemaRequest(body), options));
  }

  /** Registers and returns `[id, version]`. */
  put(subject: string, body: JsonObject, options: RegisterOptions = {}): unknown[] {
    const { id, version } = this.register(subject, body, options);
    return [id, version];
  }

  /** Adds a record as text, as another registry might have written it. */
  foreign(key: unknown, value: unknown): string {
    const bytes = (json: unknown) =>
      new TextEncoder().encode(typeof json === "string" ? json : JSON.stringify(json));
    const record = { key: bytes(key), value: value === null ? null : bytes(value) };
    this.topic.push(record);
    return this.store.replay(record.key, record.value).kind;
  }

  /** A store that starts on the topic as it is, or as compaction would leave it. */
  restarted(compacted = false): SchemaStore {
    const store = makeStore(this.#settings);
    const topic = compacted ? compact(this.topic) : this.topic;
    for (const { key, value, condition = null } of topic) {
      store.replay(key, value, null, condition);
    }
    return store;
  }

  /** Keys and values of records, as text. */
  texts(from = 0): [string, string | null][] {
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return this.topic.slice(from).map(({ key, value }) => [text(key), value && text(value)]);
  }
}

/** The last record of each key in its place, without those that take away. */
function compact(topic: readonly RegistryRecord[]): RegistryRecord[] {
  const last = new Map<string, number>();
  topic.forEach(({ key }, index) => last.set(new TextDecoder().decode(key), index));
  return topic.filter(({ key, value }, index) =>
    value !== null && value.length > 0 && last.get(new TextDecoder().decode(key)) === index
  );
}

/** Everything that a store answers about what it holds. */
export function answers(store: SchemaStore): unknown {
  const subjects = store.subjects({ deleted: true });
  return {
    subjects: store.subjects(),
    deleted: store.subjects({ deletedOnly: true }),
    schemas: store.schemas({ subjectPrefix: ":*:", deleted: true, aliases: true }),
    contexts: store.contexts(),
    settings: subjects.map((subject) => [
      store.config(subject, { defaultToGlobal: true }),
      store.mode(subject, { defaultToGlobal: true }),
    ]),
    top: [store.config(null), store.mode(null)],
    referrers: subjects.map((subject) =>
      store.versions(subject, { deleted: true })
        .map((version) => store.referencedBy(subject, version, { deleted: true }))
    ),
  };
}

/** The code of the error that a call ends with; 0 when it ends without one. */
export function codeOf(call: () => unknown): number {
  return errorOf(call)?.errorCode ?? 0;
}

/** The error that a call ends with; null when it ends without one. */
export function errorOf(call: () => unknown): RegistryError | null {
  try {
    call();
    return null;
  } catch (error) {
    assert(error instanceof RegistryError, `not a RegistryError: ${error}`);
    return error;
  }
}

/** A record of Avro with fields given as `name:type`, `?` behind the type for a default of null. */
export function avro(name: string, ...fields: string[]): JsonObject {
  const schema = JSON.stringify({
    type: "record",
    name,
    fields: fields.map((field) => {
      const [fieldName, type] = field.split(":");
      if (!type!.endsWith("?")) return { name: fieldName, type };
      return { name: fieldName, type: ["null", type!.slice(0, -1)], default: null };
    }),
  });
  return { schema };
}
