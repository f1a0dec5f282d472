import { errorCodes } from "../errors.ts";
import { BatchBuilder, type BatchOptions } from "./builder.ts";
import { RecordsError } from "./records_error.ts";

/** What the key of a control record says that it is. */
export type ControlType =
  | "abort"
  | "commit"
  | "leaderChange"
  | "snapshotHeader"
  | "snapshotFooter"
  | "kraftVersion"
  | "kraftVoters";

const TYPES: readonly ControlType[] = [
  "abort",
  "commit",
  "leaderChange",
  "snapshotHeader",
  "snapshotFooter",
  "kraftVersion",
  "kraftVoters",
];

const KEY_BYTES = 4;
const END_TXN_VALUE_BYTES = 6;

/** The key of a control record: version 0 and the type. */
export function encodeControlKey(type: ControlType): Uint8Array {
  return new Uint8Array([0, 0, 0, TYPES.indexOf(type)]);
}

/**
 * The type that the key of a control record names; null for one of a newer Kafka, which readers pass
 * over. Throws a {@linkcode RecordsError} when it is no such key.
 */
export function decodeControlKey(key: Uint8Array | null): ControlType | null {
  if (key === null || key.length < KEY_BYTES || (key[0]! & 0x80) !== 0) {
    throw new RecordsError(
      errorCodes.INVALID_RECORD,
      `Cannot read control record: its key has ${key?.length ?? 0} bytes` +
        (key !== null && key.length >= KEY_BYTES ? " and a negative version" : ""),
    );
  }
  return TYPES[key[2]! << 8 | key[3]!] ?? null;
}

/** The fields of a control batch that stay; it never has a codec. */
export interface ControlBatchOptions extends Omit<BatchOptions, "isControl" | "codec" | "levels"> {
  readonly timestampMs: number;
}

/** A batch of one control record whose value is a message of `broker/protocol`, encoded. */
export function encodeControlBatch(
  type: ControlType,
  value: Uint8Array,
  options: ControlBatchOptions,
): Uint8Array {
  const builder = new BatchBuilder({
    ...options,
    isControl: true,
    sizeHintBytes: value.length + 32,
  });
  builder.append(options.timestampMs, encodeControlKey(type), value);
  return builder.build();
}

/** Where, when and whose transaction a marker ends. */
export interface EndTxnMarkerOptions {
  readonly baseOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly timestampMs: number;
  readonly producerId: number | bigint;
  readonly producerEpoch: number;
  /** The epoch of the coordinator that ended it; a partition refuses markers of older ones. */
  readonly coordinatorEpoch: number;
}

/** The batch that commits or aborts a producer's transaction in a partition (KIP-98). */
export function encodeEndTxnMarker(
  type: "commit" | "abort",
  options: EndTxnMarkerOptions,
): Uint8Array {
  const value = new Uint8Array(END_TXN_VALUE_BYTES); // Version 0, coordinator epoch.
  new DataView(value.buffer).setInt32(2, options.coordinatorEpoch);
  return encodeControlBatch(type, value, { ...options, isTransactional: true });
}

/** The coordinator epoch in a marker's value; throws a {@linkcode RecordsError} when it is none. */
export function decodeEndTxnMarker(
  value: Uint8Array | null,
): { readonly coordinatorEpoch: number } {
  if (value === null || value.length < END_TXN_VALUE_BYTES || (value[0]! & 0x80) !== 0) {
    throw new RecordsError(
      errorCodes.INVALID_RECORD,
      `Cannot read end transaction marker: its value has ${value?.length ?? 0} bytes, ` +
        `${END_TXN_VALUE_BYTES} are needed`,
    );
  }
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return { coordinatorEpoch: view.getInt32(2) };
}
