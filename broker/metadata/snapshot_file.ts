import {
  decodeBody,
  encodeBody,
  kraftVersionRecord,
  snapshotFooterRecord,
  snapshotHeaderRecord,
  type VotersRecord,
  votersRecord,
} from "../protocol/mod.ts";
import { BatchBuilder, type ControlType, encodeControlKey } from "../protocol/records/mod.ts";
import { decodeBatches, encodeBatch, type LogBatch } from "./record_batch.ts";
import type { MetadataRecord } from "./records.ts";

/** Which part of the log a snapshot stands for: everything below `offset`, last written in `epoch`. */
export interface SnapshotId {
  readonly offset: number;
  readonly epoch: number;
}

/** The snapshot that formatting a directory leaves: it stands for an empty log. */
export const BOOTSTRAP_SNAPSHOT_ID: SnapshotId = { offset: 0, epoch: 0 };

/** A snapshot file is damaged. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

const OFFSET_DIGITS = 20;
const EPOCH_DIGITS = 10;
const NAME = /^(\d{20})-(\d{10})(?:.*?)\.checkpoint(\.part|\.deleted)?$/;
/** Batches are cut here, so that neither writer nor reader is long at one of them. */
const BATCH_RECORDS_MAX = 1_024;

/** The file name of a snapshot; `suffix` marks one that is not whole yet or that is to be removed. */
export function snapshotName(id: SnapshotId, suffix: "" | ".part" | ".deleted" = ""): string {
  const offset = `${id.offset}`.padStart(OFFSET_DIGITS, "0");
  const epoch = `${id.epoch}`.padStart(EPOCH_DIGITS, "0");
  return `${offset}-${epoch}.checkpoint${suffix}`;
}

/** Reads what {@linkcode snapshotName} writes; null for a file that is no snapshot. */
export function parseSnapshotName(
  name: string,
): { readonly id: SnapshotId; readonly isWhole: boolean } | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  return {
    id: { offset: Number(match[1]), epoch: Number(match[2]) },
    isWhole: match[3] === undefined,
  };
}

/** Ascending by offset, then by epoch. */
export function compareSnapshotIds(a: SnapshotId, b: SnapshotId): number {
  return a.offset - b.offset || a.epoch - b.epoch;
}

/** What a snapshot says before its records. */
export interface SnapshotHeader {
  /** When the last record that it stands for was appended. */
  readonly lastContainedLogTimestampMs: number;
  readonly kraftVersion: number;
  /** Stands in the file from `kraft.version` 1 on. */
  readonly voters: VotersRecord | null;
}

/**
 * The bytes of a snapshot, batch by batch: a control batch with the header, batches of records, a
 * control batch with the footer, which tells that the file is whole. Offsets count within the file.
 */
export function* encodeSnapshot(
  id: SnapshotId,
  header: SnapshotHeader,
  records: Iterable<MetadataRecord>,
  nowMs: number,
): Generator<Uint8Array> {
  const { epoch } = id;
  let baseOffset = 0;
  const controls = headerControls(header);
  yield encodeControls(controls, baseOffset, epoch, nowMs);
  baseOffset += controls.length;

  let pending: MetadataRecord[] = [];
  for (const record of records) {
    pending.push(record);
    if (pending.length < BATCH_RECORDS_MAX) continue;
    yield encodeBatch(pending, { baseOffset, epoch, timestampMs: nowMs });
    baseOffset += pending.length;
    pending = [];
  }
  if (pending.length > 0) {
    yield encodeBatch(pending, { baseOffset, epoch, timestampMs: nowMs });
    baseOffset += pending.length;
  }
  const footer = encodeBody(snapshotFooterRecord, 0, { version: 0 });
  yield encodeControls([["snapshotFooter", footer]], baseOffset, epoch, nowMs);
}

/** A snapshot that was read. */
export interface Snapshot {
  readonly header: SnapshotHeader;
  readonly records: MetadataRecord[];
}

/** Reads a whole snapshot file; throws {@linkcode SnapshotError} or what its batches throw. */
export function decodeSnapshot(name: string, bytes: Uint8Array): Snapshot {
  const damaged = (reason: string) => new SnapshotError(`Cannot read snapshot ${name}: ${reason}`);
  let header: SnapshotHeader | null = null;
  let isEnded = false;
  const records: MetadataRecord[] = [];
  for (const batch of decodeBatches(bytes)) {
    if (isEnded) throw damaged("batches follow its footer");
    if (header === null) {
      header = readHeader(batch);
      if (header === null) throw damaged("it does not start with a header");
      continue;
    }
    isEnded = batch.controls.some(({ type }) => type === "snapshotFooter");
    for (const record of batch.records) records.push(record);
  }
  if (header === null) throw damaged("it is empty");
  if (!isEnded) throw damaged("it has no footer");
  return { header, records };
}

/** The `kraft.version` and voters that control records set; null where they set none. */
export function readQuorumControls(
  { controls }: LogBatch,
): { readonly kraftVersion: number | null; readonly voters: VotersRecord | null } {
  let kraftVersion: number | null = null;
  let voters: VotersRecord | null = null;
  for (const { type, value } of controls) {
    if (type === "kraftVersion") {
      kraftVersion = decodeBody(kraftVersionRecord, 0, value).kRaftVersion;
    } else if (type === "kraftVoters") voters = decodeBody(votersRecord, 0, value);
  }
  return { kraftVersion, voters };
}

function readHeader(batch: LogBatch): SnapshotHeader | null {
  const [first] = batch.controls;
  if (first?.type !== "snapshotHeader") return null;
  const { lastContainedLogTimestamp } = decodeBody(snapshotHeaderRecord, 0, first.value);
  const { kraftVersion, voters } = readQuorumControls(batch);
  return {
    lastContainedLogTimestampMs: lastContainedLogTimestamp,
    kraftVersion: kraftVersion ?? 0,
    voters,
  };
}

function headerControls(header: SnapshotHeader): [ControlType, Uint8Array][] {
  const lastContainedLogTimestamp = header.lastContainedLogTimestampMs;
  const controls: [ControlType, Uint8Array][] = [[
    "snapshotHeader",
    encodeBody(snapshotHeaderRecord, 0, { version: 0, lastContainedLogTimestamp }),
  ]];
  controls.push(...quorumControls(header.kraftVersion, header.voters));
  return controls;
}

/** The control records that write `kraft.version` and voters down; none while it is 0 (KIP-853). */
export function quorumControls(
  kraftVersion: number,
  voters: VotersRecord | null,
): [ControlType, Uint8Array][] {
  if (kraftVersion === 0) return [];
  const controls: [ControlType, Uint8Array][] = [[
    "kraftVersion",
    encodeBody(kraftVersionRecord, 0, { version: 0, kRaftVersion: kraftVersion }),
  ]];
  if (voters !== null) controls.push(["kraftVoters", encodeBody(votersRecord, 0, voters)]);
  return controls;
}

/** One batch of control records. */
export function encodeControls(
  controls: readonly (readonly [ControlType, Uint8Array])[],
  baseOffset: number,
  epoch: number,
  nowMs: number,
): Uint8Array {
  const builder = new BatchBuilder({ baseOffset, partitionLeaderEpoch: epoch, isControl: true });
  for (const [type, value] of controls) builder.append(nowMs, encodeControlKey(type), value);
  return builder.build();
}
