import { DiskError } from "../base/mod.ts";
import type { VotersRecord } from "../protocol/mod.ts";
import {
  decodeControlBatches,
  readQuorumControls,
  type Snapshot,
  type SnapshotId,
} from "../metadata/mod.ts";
import type { MetadataLog } from "./metadata_log.ts";
import { readBatches } from "./read_batches_driver.ts";
import type { SnapshotStore } from "./snapshot_store_driver.ts";
import { VoterSet } from "./voter_set.ts";

/** What the quorum is, as snapshot and log say. */
export interface QuorumFacts {
  readonly kraftVersion: number;
  readonly voters: VotersRecord | null;
  /** The voters stand in the snapshot of a formatted directory alone, not in the log. */
  readonly isUnrecorded: boolean;
}

/** A snapshot with what it holds. */
export interface KeptSnapshot extends Snapshot {
  readonly id: SnapshotId;
}

/** The newest snapshot that is whole: the log reaches back to each that is kept. */
export function newestSnapshot(
  store: SnapshotStore,
  logger: { warn(message: string): void },
): KeptSnapshot | null {
  for (const id of store.ids.reverse()) {
    try {
      return { id, ...store.read(id) };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof DiskError) throw error;
      logger.warn(`Passing over a damaged snapshot: ${error.message}`);
    }
  }
  return null;
}

/** The last `kraft.version` and voters that were written, in the snapshot or after it. */
export function readFacts(snapshot: KeptSnapshot | null, log: MetadataLog): QuorumFacts {
  let kraftVersion = snapshot?.header.kraftVersion ?? 0;
  let voters = snapshot?.header.voters ?? null;
  let isUnrecorded = (snapshot?.id.offset ?? 0) === 0;
  for (let offset = Math.max(log.logStartOffset, snapshot?.id.offset ?? 0);;) {
    const bytes = readBatches(log, offset, log.logEndOffset);
    if (bytes === null) break;
    for (const batch of decodeControlBatches(bytes)) {
      offset = batch.lastOffset + 1;
      const controls = readQuorumControls(batch);
      kraftVersion = controls.kraftVersion ?? kraftVersion;
      voters = controls.voters ?? voters;
      if (controls.voters !== null) isUnrecorded = false;
    }
  }
  return { kraftVersion, voters, isUnrecorded };
}

/** The voters of facts, for the core. */
export function votersOf({ voters }: QuorumFacts): VoterSet {
  return new VoterSet((voters?.voters ?? []).map(({ voterId, voterDirectoryId }) => ({
    id: voterId,
    directoryId: voterDirectoryId,
  })));
}
