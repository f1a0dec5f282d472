import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { metadataRecords, toJson } from "../protocol/mod.ts";
import { encodeSnapshot } from "./snapshot_file.ts";
import {
  decodeBatches,
  decodeSnapshot,
  encodeBatch,
  encodeRecord,
  imageToRecords,
  type LogBatch,
  type MetadataRecord,
  MetadataState,
  parseSnapshotName,
} from "./mod.ts";

/** A metadata log and its snapshots as an Apache Kafka 4.4 broker left them, and what its classes read. */
interface Vector {
  readonly file: string;
  readonly bytes: string;
  readonly records: {
    readonly offset: number;
    readonly name?: string;
    readonly version?: number;
    readonly json?: unknown;
    readonly control?: string;
  }[];
}

const path = new URL("../../tests/vectors/cluster_metadata.jsonl.gz", import.meta.url);
const vectors: (Vector & { data: Uint8Array })[] = gunzipSync(Deno.readFileSync(path)).toString()
  .trimEnd().split("\n").map((line) => JSON.parse(line) as Vector)
  .map((vector) => ({ ...vector, data: Uint8Array.fromBase64(vector.bytes) }));
const log = vectors.find(({ file }) => file.endsWith(".log"))!;
const snapshots = vectors.filter(({ file }) => file.endsWith(".checkpoint"));

/** Records by the text of their bytes, in an order of their own: a snapshot's order says nothing. */
function sorted(records: Iterable<MetadataRecord>): string[] {
  return Array.from(records, (record) => encodeRecord(record).toHex()).sort();
}

/** The order of listeners and features within a registration is that of Java's hash tables. */
function normalized(records: Iterable<MetadataRecord>): string[] {
  return sorted(Array.from(records, (record) => {
    if (record.name !== "RegisterBrokerRecord" && record.name !== "RegisterControllerRecord") {
      return record;
    }
    const features = record.value.features.toSorted((a, b) => a.name < b.name ? -1 : 1);
    return { ...record, value: { ...record.value, features } } as MetadataRecord;
  }));
}

Deno.test("Kafka's metadata log and snapshots read as Kafka's own classes read them", () => {
  for (const { file, data, records } of vectors) {
    const read = [...decodeBatches(data)].flatMap(({ baseOffset, records, controls }) => [
      ...controls.map((control, index) => ({ offset: baseOffset + index, control })),
      ...records.map((record, index) => ({ offset: baseOffset + index, record })),
    ]);
    assertEquals(read.map(({ offset }) => offset), records.map(({ offset }) => offset), file);
    for (const [index, entry] of read.entries()) {
      const expected = records[index]!;
      if ("control" in entry) {
        assertEquals(
          entry.control.type?.toUpperCase(),
          expected.control?.replaceAll("_", ""),
          `${file} at ${expected.offset}`,
        );
        continue;
      }
      const { name, version, value } = entry.record;
      const message = metadataRecords.find((candidate) => candidate.name === name)!;
      assertEquals(
        { name: name as string, version, json: toJson(message, version, value) as unknown },
        { name: expected.name!, version: expected.version!, json: expected.json },
        `${file} at ${expected.offset}`,
      );
    }
  }
});

Deno.test("every batch of Kafka's metadata log and snapshots is encoded to the same bytes", () => {
  for (const { file, data } of vectors) {
    let position = 0;
    for (const batch of decodeBatches(data)) {
      const expected = data.subarray(position, position += batch.sizeBytes);
      if (batch.records.length === 0) continue;
      const { baseOffset, epoch, timestampMs } = batch;
      const bytes = encodeBatch(batch.records, { baseOffset, epoch, timestampMs });
      assertEquals(bytes.toHex(), expected.toHex(), `${file} at ${baseOffset}`);
    }
  }
});

Deno.test("replaying Kafka's log up to each of its snapshots gives what the snapshot holds", () => {
  for (const { file, data } of snapshots) {
    const { id } = parseSnapshotName(file)!;
    if (id.offset === 0) continue; // it holds what the log was begun with, not what was in it
    const state = new MetadataState();
    for (const batch of decodeBatches(log.data)) {
      if (batch.baseOffset < id.offset && batch.records.length > 0) state.replay(batch);
    }
    assertEquals(state.head.provenance.offset, id.offset - 1);
    const { records } = decodeSnapshot(file, data);
    assertEquals(normalized(imageToRecords(state.head)), normalized(records), file);
  }
});

Deno.test("the rest of Kafka's log replays on each of its snapshots to the same image", () => {
  const whole = new MetadataState();
  const batches = [...decodeBatches(log.data)].filter(({ records }) => records.length > 0);
  for (const batch of batches) whole.replay(batch);
  for (const { file, data } of snapshots) {
    const { id } = parseSnapshotName(file)!;
    if (id.offset === 0) continue;
    const state = new MetadataState();
    const { header, records } = decodeSnapshot(file, data);
    state.loadSnapshot(records, {
      offset: id.offset - 1,
      epoch: id.epoch,
      timestampMs: header.lastContainedLogTimestampMs,
      isBatchAligned: true,
    });
    for (const batch of batches) if (batch.baseOffset >= id.offset) state.replay(batch);
    assertEquals(
      normalized(imageToRecords(state.head)),
      normalized(imageToRecords(whole.head)),
      file,
    );
    assertEquals(state.head.provenance, whole.head.provenance);
  }
});

Deno.test("a snapshot written from Kafka's records has Kafka's bytes but for the times", () => {
  for (const { file, data } of snapshots) {
    const { id } = parseSnapshotName(file)!;
    const { header, records } = decodeSnapshot(file, data);
    const batches = [...decodeBatches(data)];
    const written = [...encodeSnapshot(id, header, records, 0)];
    assertEquals(written.length, batches.length);
    let position = 0;
    for (const [index, batch] of batches.entries()) {
      const expected = data.slice(position, position += batch.sizeBytes);
      assertEquals(withoutTimes(written[index]!), withoutTimes(expected), `${file} ${index}`);
    }
  }
});

Deno.test("damaged snapshots are refused with a clear error", () => {
  const { file, data } = snapshots.at(-1)!;
  const refuses = (bytes: Uint8Array, text: string) => {
    let message = "";
    try {
      decodeSnapshot(file, bytes);
    } catch (error) {
      message = (error as Error).message;
    }
    assert(message.includes(text), `expected "${text}", got "${message}"`);
  };
  const batches: LogBatch[] = [...decodeBatches(data)];
  const footerBytes = batches.at(-1)!.sizeBytes;
  refuses(data.subarray(0, data.length - footerBytes), "it has no footer");
  refuses(data.subarray(batches[0]!.sizeBytes), "it does not start with a header");
  refuses(new Uint8Array(0), "it is empty");
  refuses(data.subarray(0, data.length - 1), "left at the end");
  const flipped = data.slice();
  flipped[data.length - footerBytes - 1]! ^= 1;
  refuses(flipped, "its checksum does not match");
});

/** A batch with its checksum and times made zero; control record times are relative to the batch's. */
function withoutTimes(batch: Uint8Array): string {
  const bytes = batch.slice();
  bytes.fill(0, 17, 21);
  bytes.fill(0, 27, 43);
  return bytes.toHex();
}
