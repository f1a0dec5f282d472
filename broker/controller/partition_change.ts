import {
  directoriesSupported,
  DIRECTORY_UNASSIGNED,
  leaderEpochBumpsOnIsrShrink,
  type MetadataRecord,
  metadataRecord,
  type MetadataRecordValue,
  NO_LEADER,
  NO_LEADER_CHANGE,
  type PartitionImage,
  partitionRecordVersion,
  RECOVERING,
} from "../metadata/mod.ts";
import { completeReassignment } from "./reassignment_replicas.ts";

/**
 * How a leader is chosen: `online` keeps the present one while it is fit, `preferred` goes back to the
 * first replica, `unclean` takes one from outside the ISR rather than none.
 */
export type Election = "online" | "preferred" | "unclean";

/** What is to become of a partition; what is left out stays. */
export interface PartitionTarget {
  readonly isr?: readonly number[];
  readonly replicas?: readonly number[];
  readonly removing?: readonly number[];
  readonly adding?: readonly number[];
  readonly leaderRecoveryState?: number;
  readonly election?: Election;
  /** A broker that lost what it had not flushed: it can't be an eligible leader (KIP-966). */
  readonly uncleanBroker?: number;
  /** A log directory that a broker has chosen for its replica. */
  readonly directory?: { readonly brokerId: number; readonly directory: string };
}

/** What a change depends on besides the partition. */
export interface PartitionChangeContext {
  readonly topicId: string;
  readonly partitionId: number;
  readonly metadataVersion: number;
  readonly elrEnabled: boolean;
  /** `min.insync.replicas` of the topic, at most its replication factor. */
  readonly minIsr: number;
  isAcceptableLeader(brokerId: number): boolean;
  /** The directory of a new replica on the broker. */
  defaultDirectory(brokerId: number): string;
}

type Change = MetadataRecordValue<"PartitionChangeRecord">;

/**
 * The PartitionChangeRecord that brings a partition to its target and gives it the best leader that it
 * can have; null when nothing changes. Rules of KIP-455 (reassignment), KIP-704 (recovery after an
 * unclean election), KIP-858 (directories) and KIP-966 (eligible leader replicas).
 */
export function changePartitionRecord(
  partition: PartitionImage,
  target: PartitionTarget,
  context: PartitionChangeContext,
): MetadataRecord | null {
  const version = partitionRecordVersion(context.metadataVersion);
  const { topicId, partitionId } = context;
  const record = metadataRecord("PartitionChangeRecord", version, { topicId, partitionId });
  const changed = new PartitionChange(partition, target, context).fill(record.value as Change);
  return changed ? record : null;
}

class PartitionChange {
  readonly #partition: PartitionImage;
  readonly #target: PartitionTarget;
  readonly #context: PartitionChangeContext;
  #isr: readonly number[];
  #replicas: readonly number[];
  #removing: readonly number[];
  #adding: readonly number[];
  #elr: readonly number[];

  constructor(partition: PartitionImage, target: PartitionTarget, context: PartitionChangeContext) {
    this.#partition = partition;
    this.#target = target;
    this.#context = context;
    this.#isr = target.isr ?? partition.isr;
    this.#replicas = target.replicas ?? partition.replicas;
    this.#removing = target.removing ?? partition.removingReplicas;
    this.#adding = target.adding ?? partition.addingReplicas;
    this.#elr = partition.elr;
  }

  /** Sets the fields that change and tells whether there are any. The order of steps matters. */
  fill(change: Change): boolean {
    this.#completeReassignment();
    this.#findElr();
    this.#elect(change);
    this.#bumpLeaderEpochIfReplicasLeave(change);
    this.#setElr(change);
    this.#setIsr(change);
    this.#bumpLeaderEpochIfIsrShrinks(change);
    this.#setLastKnownLeader(change);
    this.#setAssignment(change);
    const recovery = this.#target.leaderRecoveryState;
    if (recovery !== undefined && recovery !== this.#partition.leaderRecoveryState) {
      change.leaderRecoveryState = recovery;
    }
    return change.isr !== null || change.leader !== NO_LEADER_CHANGE || change.replicas !== null ||
      change.removingReplicas !== null || change.addingReplicas !== null ||
      change.leaderRecoveryState >= 0 || change.directories !== null ||
      change.eligibleLeaderReplicas !== null || change.lastKnownElr !== null;
  }

  #completeReassignment(): void {
    const reassignment = {
      replicas: [...this.#replicas],
      adding: [...this.#adding],
      removing: [...this.#removing],
    };
    const completed = completeReassignment(reassignment, this.#isr);
    if (completed === null) return;
    this.#isr = completed.isr;
    this.#replicas = completed.replicas;
    this.#removing = [];
    this.#adding = [];
  }

  /** With fewer in sync than `min.insync.replicas` nothing new is committed, so who leaves stays eligible. */
  #findElr(): void {
    if (!this.#context.elrEnabled) return;
    if (this.#isr.length >= this.#context.minIsr) {
      this.#elr = [];
      return;
    }
    const candidates = new Set([...this.#elr, ...this.#partition.isr]);
    this.#elr = [...candidates]
      .filter((id) => !this.#isr.includes(id) && id !== this.#target.uncleanBroker)
      .sort((a, b) => a - b);
  }

  #elect(change: Change): void {
    const { leader, isUnclean } = this.#bestLeader();
    if (leader === this.#partition.leader) return;
    if (this.#elr.includes(leader)) {
      this.#isr = [leader];
      this.#elr = this.#elr.filter((id) => id !== leader);
    }
    change.leader = leader;
    if (!isUnclean) return;
    // What the others hold may differ from what the new leader has: only it counts as in sync.
    change.isr = [leader];
    if (this.#partition.leaderRecoveryState !== RECOVERING) change.leaderRecoveryState = RECOVERING;
  }

  #bestLeader(): { leader: number; isUnclean: boolean } {
    const { election = "online" } = this.#target;
    const fit = (id: number) => this.#isFit(id);
    const [preferred] = this.#replicas;
    const order = election === "preferred" && preferred !== undefined
      ? [preferred, this.#partition.leader, ...this.#replicas]
      : [this.#partition.leader, ...this.#replicas];
    const clean = order.find(fit);
    if (clean !== undefined) return { leader: clean, isUnclean: false };
    const lastKnown = this.#lastKnownLeader();
    if (lastKnown !== null) return { leader: lastKnown, isUnclean: true };
    if (election === "unclean") {
      const any = this.#replicas.find((id) => this.#context.isAcceptableLeader(id));
      if (any !== undefined) return { leader: any, isUnclean: true };
    }
    return { leader: NO_LEADER, isUnclean: false };
  }

  /** A leader comes from the ISR, and from the eligible ones outside it when nobody is in it. */
  #isFit(id: number): boolean {
    const isEligible = this.#isr.includes(id) || (this.#isr.length === 0 && this.#elr.includes(id));
    return isEligible && this.#context.isAcceptableLeader(id);
  }

  /** When nobody is eligible, whoever led last has most of what was committed. */
  #lastKnownLeader(): number | null {
    if (!this.#context.elrEnabled || this.#elr.length > 0 || this.#isr.length > 0) return null;
    if (this.#partition.lastKnownElr.length !== 1) return null;
    const [leader] = this.#partition.lastKnownElr;
    return this.#context.isAcceptableLeader(leader!) ? leader! : null;
  }

  #bumpLeaderEpochIfReplicasLeave(change: Change): void {
    if (change.leader !== NO_LEADER_CHANGE) return;
    const stay = this.#partition.replicas.every((id) => this.#replicas.includes(id));
    if (!stay) change.leader = this.#partition.leader;
  }

  #bumpLeaderEpochIfIsrShrinks(change: Change): void {
    if (!leaderEpochBumpsOnIsrShrink(this.#context.metadataVersion)) return;
    const { isr } = change;
    if (change.leader !== NO_LEADER_CHANGE || isr === null) return;
    if (!this.#partition.isr.every((id) => isr.includes(id))) {
      change.leader = this.#partition.leader;
    }
  }

  #setElr(change: Change): void {
    if (change.isr !== null || !this.#context.elrEnabled) this.#elr = [];
    if (!sameIds(this.#elr, this.#partition.elr)) change.eligibleLeaderReplicas = [...this.#elr];
  }

  #setIsr(change: Change): void {
    // An unclean election has set it; without KIP-966 a partition keeps its last ISR.
    if (change.isr !== null || (this.#isr.length === 0 && !this.#context.elrEnabled)) return;
    if (!sameIds(this.#isr, this.#partition.isr)) change.isr = [...this.#isr];
  }

  #setLastKnownLeader(change: Change): void {
    if (!this.#context.elrEnabled) return;
    const { leader, lastKnownElr } = this.#partition;
    if (change.leader === NO_LEADER && lastKnownElr.length === 0) change.lastKnownElr = [leader];
    else if (change.leader >= 0 && lastKnownElr.length > 0) change.lastKnownElr = [];
  }

  #setAssignment(change: Change): void {
    const { replicas, removingReplicas, addingReplicas } = this.#partition;
    if (this.#replicas.length > 0) {
      if (directoriesSupported(this.#context.metadataVersion)) this.#setDirectories(change);
      if (!sameIds(this.#replicas, replicas)) change.replicas = [...this.#replicas];
    }
    if (!sameIds(this.#removing, removingReplicas)) change.removingReplicas = [...this.#removing];
    if (!sameIds(this.#adding, addingReplicas)) change.addingReplicas = [...this.#adding];
  }

  #setDirectories(change: Change): void {
    const { replicas, directories } = this.#partition;
    const chosen = this.#target.directory;
    const next = this.#replicas.map((id) => {
      if (chosen?.brokerId === id) return chosen.directory;
      const index = replicas.indexOf(id);
      if (index < 0) return this.#context.defaultDirectory(id);
      return directories[index] ?? DIRECTORY_UNASSIGNED;
    });
    if (!sameIds(next, directories)) change.directories = next;
  }
}

function sameIds<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
