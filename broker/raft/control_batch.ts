import { encodeBody, leaderChangeMessage, type VotersRecord } from "../protocol/mod.ts";
import type { ControlType } from "../protocol/records/mod.ts";
import { encodeControls, quorumControls } from "../metadata/mod.ts";
import { NO_DIRECTORY } from "./voter_set.ts";

/** What the batch that begins an epoch says. */
export interface EpochStart {
  readonly baseOffset: number;
  readonly epoch: number;
  readonly leaderId: number;
  readonly voterIds: readonly number[];
  readonly grantingVoterIds: readonly number[];
  /** The voters of a quorum that was just formatted, which its first leader puts into the log. */
  readonly votersToRecord: {
    readonly kraftVersion: number;
    readonly voters: VotersRecord;
  } | null;
}

/** How many records the batch that begins an epoch has. */
export function epochStartRecords({ votersToRecord }: EpochStart): number {
  if (votersToRecord === null) return 1;
  return 1 + quorumControls(votersToRecord.kraftVersion, votersToRecord.voters).length;
}

/** The control batch with which a leader begins its epoch (KIP-595, KIP-853). */
export function encodeEpochStart(start: EpochStart, timestampMs: number): Uint8Array {
  const voters = (ids: readonly number[]) =>
    ids.map((voterId) => ({ voterId, voterDirectoryId: NO_DIRECTORY }));
  // Kafka 4.4 writes version 0, without directories, whatever kraft.version is.
  const leaderChange = encodeBody(leaderChangeMessage, 0, {
    version: 0,
    leaderId: start.leaderId,
    voters: voters(start.voterIds),
    grantingVoters: voters(start.grantingVoterIds),
  });
  const controls: [ControlType, Uint8Array][] = [["leaderChange", leaderChange]];
  if (start.votersToRecord !== null) {
    const { kraftVersion, voters } = start.votersToRecord;
    controls.push(...quorumControls(kraftVersion, voters));
  }
  return encodeControls(controls, start.baseOffset, start.epoch, timestampMs);
}
