import { assertEquals, assertThrows } from "@std/assert";
import { consumerProtocolSubscription } from "./client_records/mod.ts";
import { make } from "./codec.ts";
import { endTxnMarker } from "./control_records/mod.ts";
import {
  decodeCoordinatorRecord,
  encodeCoordinatorKey,
  encodeCoordinatorValue,
  groupRecords,
  offsetCommitKey,
  offsetCommitValue,
} from "./coordinator_records/mod.ts";
import {
  decodeMetadataRecord,
  encodeMetadataRecord,
  featureLevelRecord,
} from "./metadata_records/mod.ts";
import { ProtocolError } from "./protocol_error.ts";
import {
  decodeBody,
  decodeTyped,
  decodeVersioned,
  encodeBody,
  encodeTyped,
  encodeVersioned,
} from "./stored.ts";
import { remoteLogSegmentMetadataUpdateRecord } from "./storage_records/mod.ts";

const hex = (text: string) => Uint8Array.fromHex(text);

Deno.test("a metadata record is frame version, type, version and body", () => {
  const level = { name: "metadata.version", featureLevel: 30 };
  const bytes = encodeMetadataRecord(featureLevelRecord, 0, level);
  assertEquals(
    bytes.toHex(),
    "01" + "0c" + "00" + "116d657461646174612e76657273696f6e" + "001e" + "00",
  );
  const record = decodeMetadataRecord(bytes);
  assertEquals(record, { name: "FeatureLevelRecord", version: 0, value: level });
  if (record.name === "FeatureLevelRecord") assertEquals(record.value.featureLevel, 30);
});

Deno.test("a metadata record that cannot be read is refused by name", () => {
  const refused: Record<string, string> = {
    "000c00": "frame version 0, expected 1",
    "020c00": "frame version 2, expected 1",
    "016300": "unknown type 99",
    "010c01": "Cannot code FeatureLevelRecord: version 1, supported are 0",
    "010c00": "0 bytes left",
    "01140000ff": "Cannot read NoOpRecord: 1 bytes behind it",
    "": "0 bytes left",
  };
  for (const [bytes, message] of Object.entries(refused)) {
    assertThrows(() => decodeMetadataRecord(hex(bytes)), ProtocolError, message);
  }
});

Deno.test("a coordinator record is type and key, version and value", () => {
  const key = { group: "g", topic: "t", partition: 3 };
  const value = make(offsetCommitValue, { offset: 9, leaderEpoch: 2, commitTimestamp: 5 });
  const keyBytes = encodeCoordinatorKey(offsetCommitKey, key);
  const valueBytes = encodeCoordinatorValue(offsetCommitValue, 3, value);
  assertEquals(keyBytes.toHex(), "0001" + "000167" + "000174" + "00000003");
  assertEquals(
    valueBytes.toHex(),
    "0003" + "0000000000000009" + "00000002" + "0000" + "0000000000000005",
  );
  assertEquals(decodeCoordinatorRecord(groupRecords, keyBytes, valueBytes), {
    name: "OffsetCommit",
    key,
    version: 3,
    value,
  });
});

Deno.test("a tombstone has no value, and a record of an unknown type is none", () => {
  const key = { group: "g", topic: "t", partition: 3 };
  const record = decodeCoordinatorRecord(
    groupRecords,
    encodeCoordinatorKey(offsetCommitKey, key),
    null,
  );
  assertEquals(record, { name: "OffsetCommit", key, version: -1, value: null });
  assertEquals(decodeCoordinatorRecord(groupRecords, hex("03e7aabb"), null), null);
  assertThrows(
    () => decodeCoordinatorRecord(groupRecords, hex("00"), null),
    ProtocolError,
    "Cannot read 2 bytes",
  );
  assertThrows(
    () =>
      decodeCoordinatorRecord(
        groupRecords,
        encodeCoordinatorKey(offsetCommitKey, key),
        hex("0063"),
      ),
    ProtocolError,
    "Cannot code OffsetCommitValue: version 99",
  );
});

Deno.test("consumer protocol of a newer version is read as the latest that is known", () => {
  const subscription = make(consumerProtocolSubscription, { topics: ["t"] });
  const bytes = encodeVersioned(consumerProtocolSubscription, 3, subscription);
  assertEquals(bytes.subarray(0, 2).toHex(), "0003");
  const newer = new Uint8Array([0, 9, ...bytes.subarray(2), 1, 2, 3]);
  assertThrows(
    () => decodeVersioned(consumerProtocolSubscription, newer),
    ProtocolError,
    "version 9",
  );
  assertEquals(decodeVersioned(consumerProtocolSubscription, newer, { newerAsLatest: true }), {
    version: 9,
    value: subscription,
  });
});

Deno.test("bodies and typed records of other families come back", () => {
  const marker = encodeBody(endTxnMarker, 0, { coordinatorEpoch: 7 });
  assertEquals(marker.toHex(), "00000007");
  assertEquals(decodeBody(endTxnMarker, 0, marker), { coordinatorEpoch: 7 });
  const update = make(remoteLogSegmentMetadataUpdateRecord, { brokerId: 4 });
  const bytes = encodeTyped(remoteLogSegmentMetadataUpdateRecord, 0, update);
  assertEquals(decodeTyped([remoteLogSegmentMetadataUpdateRecord], bytes).value, update);
});

Deno.test("a failed encoding leaves nothing behind", () => {
  const level = { name: "x".repeat(40000), featureLevel: 1 };
  assertThrows(
    () => encodeMetadataRecord(featureLevelRecord, 0, level),
    ProtocolError,
    "40000 bytes",
  );
  assertEquals(encodeBody(endTxnMarker, 0, { coordinatorEpoch: 7 }).toHex(), "00000007");
});
