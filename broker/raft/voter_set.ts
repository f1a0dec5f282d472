import { assert } from "../base/mod.ts";

/** A replica that may vote: its node id and the directory that holds its log (KIP-853). */
export interface ReplicaKey {
  readonly id: number;
  /** {@linkcode NO_DIRECTORY} where voters are named in the configuration. */
  readonly directoryId: string;
}

/** Stands where the directory of a voter is not known. */
export const NO_DIRECTORY = "AAAAAAAAAAAAAAAAAAAAAA";

/** The replicas whose majority decides. Immutable. */
export class VoterSet {
  readonly #voters: ReadonlyMap<number, ReplicaKey>;

  constructor(voters: Iterable<ReplicaKey>) {
    const byId = new Map<number, ReplicaKey>();
    for (const voter of voters) {
      assert(!byId.has(voter.id), `Voter ${voter.id} is named twice`);
      byId.set(voter.id, voter);
    }
    this.#voters = byId;
  }

  get size(): number {
    return this.#voters.size;
  }

  /** More than half of the voters. */
  get majority(): number {
    return Math.floor(this.#voters.size / 2) + 1;
  }

  /** Node ids, ascending. */
  get ids(): number[] {
    return [...this.#voters.keys()].sort((a, b) => a - b);
  }

  get(id: number): ReplicaKey | undefined {
    return this.#voters.get(id);
  }

  /** True when `replica` is a voter; its directory must match where both are known. */
  has(replica: ReplicaKey): boolean {
    const voter = this.#voters.get(replica.id);
    if (voter === undefined) return false;
    return voter.directoryId === NO_DIRECTORY || replica.directoryId === NO_DIRECTORY ||
      voter.directoryId === replica.directoryId;
  }

  isOnly(replica: ReplicaKey): boolean {
    return this.size === 1 && this.has(replica);
  }

  [Symbol.iterator](): Iterator<ReplicaKey> {
    return this.#voters.values();
  }
}
