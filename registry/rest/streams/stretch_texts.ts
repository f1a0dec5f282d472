import type { FetchedRecord } from "../../kafka/mod.ts";
import { toBase64 } from "../records/mod.ts";
import type { RegisteredSchema } from "../schemas/mod.ts";
import type { Formats } from "./read_query.ts";
import { type SchemaLookup, UNKNOWN_IDS_MAX } from "./schema_lookup.ts";
import { valueText, wantedSchemaId } from "./value_text.ts";

/** Records of one partition as JSON, each made when it is asked for and then kept. */
export class StretchTexts {
  readonly #beginning: string;
  readonly #records: readonly FetchedRecord[];
  readonly #formats: Formats;
  readonly #schemas = new Map<number, RegisteredSchema | string>();
  readonly #texts: string[] = [];
  #prepared: Promise<void> | null = null;
  #isPrepared = false;

  constructor(
    topic: string,
    partition: number,
    records: readonly FetchedRecord[],
    formats: Formats,
  ) {
    this.#beginning = `{"topic_name":${
      JSON.stringify(topic)
    },"partition_id":${partition},"offset":`;
    this.#records = records;
    this.#formats = formats;
  }

  /** Asks for the schemas that are wanted; null: all are at hand, and {@linkcode at} can be called. */
  prepare(schemas: SchemaLookup): Promise<void> | null {
    if (this.#isPrepared) return null;
    return this.#prepared ??= this.#fetchMissing(schemas);
  }

  /** JSON of the record at `index`. */
  at(index: number): string {
    return this.#texts[index] ??= this.#make(this.#records[index]!);
  }

  #fetchMissing(schemas: SchemaLookup): Promise<void> | null {
    const missing: number[] = [];
    const { key: keyFormat, value: valueFormat } = this.#formats;
    for (const { key, value } of this.#records) {
      this.#want(wantedSchemaId(key, keyFormat), schemas, missing);
      this.#want(wantedSchemaId(value, valueFormat), schemas, missing);
    }
    if (missing.length === 0) {
      this.#isPrepared = true;
      return null;
    }
    return this.#fetch(missing, schemas);
  }

  #want(id: number, schemas: SchemaLookup, missing: number[]): void {
    if (id < 0 || this.#schemas.has(id)) return;
    const known = schemas.known(id);
    if (known === null) missing.push(id);
    this.#schemas.set(id, known ?? `Schema ${id} was not asked for: too many ids are unknown`);
  }

  async #fetch(ids: readonly number[], schemas: SchemaLookup): Promise<void> {
    let unknownCount = 0;
    for (const id of ids) {
      if (unknownCount === UNKNOWN_IDS_MAX) break;
      const found = await schemas.fetch(id);
      if (typeof found === "string") unknownCount++;
      this.#schemas.set(id, found);
    }
    this.#isPrepared = true;
  }

  #make({ offset, timestampMs, key, value, headers }: FetchedRecord): string {
    const schemaOf = (id: number) => this.#schemas.get(id)!;
    const toldHeaders = headers.map(({ key, value }) =>
      `{"name":${JSON.stringify(key)},"value":${value === null ? "null" : `"${toBase64(value)}"`}}`
    );
    return `${this.#beginning}${offset},"timestamp":${timeText(timestampMs)},"headers":[` +
      `${toldHeaders.join(",")}],"key":${valueText(key, this.#formats.key, schemaOf)},` +
      `"value":${valueText(value, this.#formats.value, schemaOf)}}`;
  }
}

/** ISO 8601; null where there is no time, or one that no calendar has. */
function timeText(ms: number): string {
  return ms < 0 ? "null" : JSON.stringify(new Date(ms));
}

/**
 * Readers of one topic that stand at the same place share the records of a fetch; here they share the JSON that was
 * made of them. Nothing is kept longer than the records themselves.
 */
export class SharedTexts {
  readonly #byRecords = new WeakMap<readonly FetchedRecord[], Map<string, StretchTexts>>();

  of(
    topic: string,
    partition: number,
    records: readonly FetchedRecord[],
    formats: Formats,
  ): StretchTexts {
    let byFormat = this.#byRecords.get(records);
    if (byFormat === undefined) this.#byRecords.set(records, byFormat = new Map());
    const key = `${formats.key} ${formats.value}`;
    let texts = byFormat.get(key);
    if (texts === undefined) {
      byFormat.set(key, texts = new StretchTexts(topic, partition, records, formats));
    }
    return texts;
  }
}
