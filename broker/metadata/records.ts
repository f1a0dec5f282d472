import {
  encodeMetadataRecord,
  make,
  type MetadataRecord,
  metadataRecords,
} from "../protocol/mod.ts";

export { decodeMetadataRecord, type MetadataRecord } from "../protocol/mod.ts";

/** Kafka's name of a metadata record type. */
export type MetadataRecordName = MetadataRecord["name"];

/** The fields of a metadata record. */
export type MetadataRecordValue<N extends MetadataRecordName> = Extract<
  MetadataRecord,
  { name: N }
>["value"];

type AnyMetadataRecord = (typeof metadataRecords)[number];

const messages = new Map<string, AnyMetadataRecord>(
  metadataRecords.map((message) => [message.name, message]),
);

/** A record with the given fields, the others at their defaults. */
export function metadataRecord<N extends MetadataRecordName>(
  name: N,
  version: number,
  fields: Partial<MetadataRecordValue<N>>,
): MetadataRecord {
  // The checker can't follow that the message found by a name is the one whose fields were given.
  const value = make(messages.get(name) as never, fields as never);
  return { name, version, value } as unknown as MetadataRecord;
}

/** The bytes that stand as a record's value in the metadata log and in snapshots. */
export function encodeRecord({ name, version, value }: MetadataRecord): Uint8Array {
  return encodeMetadataRecord(messages.get(name) as never, version, value as never);
}
