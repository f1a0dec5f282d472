import { HttpError, shown } from "../../http/mod.ts";
import type { FetchedRecord } from "../../kafka/mod.ts";
import { Cursor } from "./cursor.ts";
import type { PartitionsReader } from "./partitions_reader.ts";
import type { Formats } from "./read_query.ts";
import type { SchemaLookup } from "./schema_lookup.ts";
import { StretchTexts } from "./stretch_texts.ts";
import type { TopicWatch } from "./topic_watch.ts";
import { Wake } from "./wake.ts";

/** How much one answer may hold, and how long it may wait for the first record. */
export interface ReadLimits {
  /** Of keys and values; one record is given whatever its size. */
  readonly maxBytes: number;
  readonly maxRecords: number;
  readonly waitMs: number;
}

/** What a read is made of. */
export interface ReadOptions {
  readonly reader: PartitionsReader;
  readonly watch: TopicWatch;
  readonly formats: Formats;
  readonly schemas: SchemaLookup;
  readonly limits: ReadLimits;
  /** Aborts when the service stops. */
  readonly wake: Wake;
  readonly isOver: () => boolean;
}

/** Records as JSON, and where to read on. */
export interface ReadAnswer {
  readonly texts: readonly string[];
  readonly cursor: string;
}

/**
 * Reads some records of a topic's partitions, from the reader's positions on. Without any it waits for the first.
 * Throws 416 for a position outside of what its partition holds, KafkaError.
 */
export async function readRecords(options: ReadOptions): Promise<ReadAnswer> {
  const { reader, watch, formats, schemas, limits, wake, isOver } = options;
  const texts: string[] = [];
  const deadlineMs = performance.now() + limits.waitMs;
  let bytesLeft = limits.maxBytes;
  while (texts.length < limits.maxRecords && bytesLeft > 0) {
    const maxRecords = limits.maxRecords - texts.length;
    const found = await reader.next({ maxBytes: bytesLeft, maxRecords });
    if (found === null) {
      if (reader.isDue) continue;
      const leftMs = deadlineMs - performance.now();
      if (texts.length > 0 || leftMs <= 0 || isOver()) break;
      await watch.wait(wake, leftMs);
      continue;
    }
    const { index, partition } = found;
    if (found.kind === "reset") {
      throw new HttpError(
        416,
        416,
        `Partition ${partition} of ${
          shown(watch.topic)
        } doesn't hold offset ${found.from}; the next ` +
          `that it holds is ${found.to}`,
      );
    }
    const { records, nextOffset } = found;
    // One record comes whatever its size: the first of all may be too large, no later one.
    const sizeBytes = sizeOf(records);
    if (texts.length > 0 && sizeBytes > bytesLeft) break;
    bytesLeft -= sizeBytes;
    const stretch = new StretchTexts(watch.topic, partition, records, formats);
    await stretch.prepare(schemas);
    for (let n = 0; n < records.length; n++) texts.push(stretch.at(n));
    reader.moveTo(index, nextOffset);
  }
  return { texts, cursor: new Cursor(reader.positions()).toString() };
}

function sizeOf(records: readonly FetchedRecord[]): number {
  let bytes = 0;
  for (const { key, value } of records) bytes += (key?.length ?? 0) + (value?.length ?? 0);
  return bytes;
}
