import { assertEquals, assertThrows } from "@std/assert";
import { BatchBuilder, encodeEndTxnMarker } from "../../../broker/protocol/records/mod.ts";
import { KafkaError } from "../kafka_error.ts";
import { type AbortedTransaction, decodeRecords } from "./decode_records.ts";

function batch(
  baseOffset: number,
  values: readonly string[],
  transaction: { readonly producerId: number } | null = null,
): Uint8Array {
  const builder = new BatchBuilder({
    baseOffset,
    ...(transaction === null
      ? {}
      : { ...transaction, producerEpoch: 0, baseSequence: 0, isTransactional: true }),
  });
  for (const value of values) builder.append(1, null, new TextEncoder().encode(value));
  return builder.build();
}

function marker(type: "commit" | "abort", baseOffset: number, producerId: number): Uint8Array {
  return encodeEndTxnMarker(type, {
    baseOffset,
    partitionLeaderEpoch: 0,
    timestampMs: 1,
    producerId,
    producerEpoch: 0,
    coordinatorEpoch: 0,
  });
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function decode(
  bytes: Uint8Array,
  fromOffset = 0,
  abortedTransactions: readonly AbortedTransaction[] | null = null,
): unknown[] {
  const { records, nextOffset } = decodeRecords(bytes, {
    fromOffset,
    abortedTransactions,
    bytesMax: Infinity,
    recordsMax: Infinity,
  });
  return [
    ...records.map(({ offset, value }) => `${offset} ${new TextDecoder().decode(value!)}`),
    nextOffset,
  ];
}

/** Two producers whose transactions lie in between each other; producer 7 aborts, then commits. */
const LOG = joined(
  batch(0, ["plain"]),
  batch(1, ["aborted"], { producerId: 7 }),
  batch(2, ["committed"], { producerId: 8 }),
  batch(3, ["aborted too"], { producerId: 7 }),
  marker("abort", 4, 7),
  batch(5, ["second"], { producerId: 7 }),
  marker("commit", 6, 8),
  marker("commit", 7, 7),
);

Deno.test("committed reads pass over what was aborted, and over nothing else", () => {
  const aborted = [{ producerId: 7, firstOffset: 1 }];
  assertEquals(decode(LOG, 0, aborted), ["0 plain", "2 committed", "5 second", 8]);
  assertEquals(decode(LOG, 3, aborted), ["5 second", 8]);
});

Deno.test("uncommitted reads pass over markers alone", () => {
  assertEquals(
    decode(LOG),
    ["0 plain", "1 aborted", "2 committed", "3 aborted too", "5 second", 8],
  );
});

Deno.test("a batch that is cut off is left for the next read", () => {
  const whole = batch(0, ["a", "b"]);
  assertEquals(decode(joined(whole, batch(2, ["c"]).subarray(0, 40))), ["0 a", "1 b", 2]);
  assertEquals(decode(whole.subarray(0, 30)), [0]);
});

Deno.test("a damaged batch is an error that trying again doesn't heal", () => {
  const bytes = batch(0, ["a"]);
  bytes[bytes.length - 2]! ^= 1;
  const error = assertThrows(() => decode(bytes), KafkaError, "wrong checksum");
  assertEquals([error.name, error.retriable], ["CORRUPT_MESSAGE", false]);
});
