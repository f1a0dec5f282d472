import { assertEquals } from "@std/assert";
import type { Decoded } from "./frame.ts";
import * as protocol from "./mod.ts";
import type { Field, Fields, MessageOf, RecordsSource, RequestOf, ResponseOf } from "./schema.ts";
import { versionBounds } from "./versions.ts";

/** True when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

function assertType<T extends true>(_: T): void {}

Deno.test("types are inferred from declarations", () => {
  assertType<
    Same<
      RequestOf<typeof protocol.heartbeat>,
      {
        groupId: string;
        generationId: number;
        memberId: string;
        groupInstanceId: string | null;
      }
    >
  >(true);
  type FetchedPartition = protocol.FetchResponse["responses"][number]["partitions"][number];
  assertType<Same<FetchedPartition["records"], Uint8Array | RecordsSource | null>>(true);
  assertType<Same<FetchedPartition["divergingEpoch"], { epoch: number; endOffset: number }>>(true);
  type Received = Decoded<ResponseOf<typeof protocol.fetch>>;
  type ReceivedRecords = Received["responses"][number]["partitions"][number]["records"];
  assertType<Same<ReceivedRecords, Uint8Array | null>>(true);
  type Partition = MessageOf<typeof protocol.partitionRecord>;
  assertType<Same<Partition["eligibleLeaderReplicas"], number[] | null>>(true);
  type Topology = protocol.StreamsGroupHeartbeatRequest["topology"];
  assertType<Same<null extends Topology ? true : false, true>>(true);
  type Offset = protocol.CoordinatorRecordOf<(typeof protocol.groupRecords)[number]> & {
    name: "OffsetCommit";
  };
  assertType<Same<Offset["key"]["group"], string>>(true);
});

Deno.test("every API key of Kafka 4.4 is declared once, in order", () => {
  const keys = protocol.apis.map((api) => api.key);
  const removed = [4, 5, 6, 7];
  assertEquals(
    keys,
    Array.from({ length: 95 }, (_, key) => key).filter((k) => !removed.includes(k)),
  );
  for (const api of protocol.apis) assertEquals(protocol.apiByKey(api.key), api);
  for (const key of [...removed, 95, -1, 1.5]) assertEquals(protocol.apiByKey(key), undefined);
});

Deno.test("metadata records and coordinator records have types of their own", () => {
  const families = [
    protocol.metadataRecords,
    protocol.groupRecords,
    protocol.transactionRecords,
    protocol.shareStateRecords,
  ];
  for (const family of families) {
    const types = family.map((record) => record.type);
    assertEquals(new Set(types).size, types.length);
    assertEquals(types.toSorted((a, b) => a - b), types);
  }
  for (const { name, key, value } of protocol.groupRecords) {
    assertEquals([key.name, value.name, value.type], [`${name}Key`, `${name}Value`, key.type]);
  }
});

Deno.test("tags of a struct differ, and belong to flexible versions", () => {
  for (const { name, flexible, request, response } of protocol.apis) {
    forEachStruct(request.fields, (fields) => checkTags(`${name} request`, flexible, fields));
    forEachStruct(response.fields, (fields) => checkTags(`${name} response`, flexible, fields));
  }
  for (const { name, flexible, fields } of protocol.metadataRecords) {
    forEachStruct(fields, (inner) => checkTags(name, flexible, inner));
  }
});

function checkTags(name: string, flexible: protocol.VersionRange | "none", fields: Fields): void {
  const tagged = Object.values(fields).filter((field) => field.options.tag !== undefined);
  const tags = tagged.map((field) => field.options.tag);
  assertEquals(new Set(tags).size, tags.length, name);
  for (const { options } of tagged) {
    const first = versionBounds(options.versions ?? "0+").first;
    const firstFlexible = versionBounds(flexible).first;
    const isFlexible = options.versions === undefined || first >= firstFlexible;
    assertEquals(isFlexible, true, `${name}, tag ${options.tag}`);
  }
}

function forEachStruct(fields: Fields, visit: (fields: Fields) => void): void {
  visit(fields);
  for (const field of Object.values(fields)) {
    const inner: Field<unknown> = field.element ?? field;
    if (inner.fields !== null) forEachStruct(inner.fields, visit);
  }
}
