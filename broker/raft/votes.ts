import type { VoterSet } from "./voter_set.ts";

/** Counts the answers of voters to a request for their vote. */
export class Votes {
  readonly #voters: VoterSet;
  readonly #granted = new Set<number>();
  readonly #rejected = new Set<number>();

  constructor(voters: VoterSet) {
    this.#voters = voters;
  }

  /** Takes an answer; those of others than voters do not count, and a later one replaces an earlier. */
  record(voterId: number, granted: boolean): void {
    if (this.#voters.get(voterId) === undefined) return;
    (granted ? this.#granted : this.#rejected).add(voterId);
    (granted ? this.#rejected : this.#granted).delete(voterId);
  }

  get areGranted(): boolean {
    return this.#granted.size >= this.#voters.majority;
  }

  /** Ids of the voters that agreed, ascending. */
  get granting(): number[] {
    return [...this.#granted].sort((a, b) => a - b);
  }
}
