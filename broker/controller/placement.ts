import { below, type Prng } from "../base/mod.ts";

/** A broker that new replicas may be placed on. */
export interface UsableBroker {
  readonly id: number;
  readonly rack: string | null;
  readonly fenced: boolean;
}

/** The replicas of each new partition, or why there can't be any. */
export type Placement =
  | { readonly ok: true; readonly assignments: number[][] }
  | { readonly ok: false; readonly reason: string };

/**
 * Places replicas as Kafka does. Racks take turns, and within a rack its brokers do, each from a start
 * chosen by chance, so that leaders and followers spread over racks and brokers:
 *
 *     partition 0: A0 B0 C0    partition 1: B1 C1 A1    partition 2: C2 A2 B2
 *
 * No broker gets two replicas of a partition; a leader is never fenced, and followers are only where
 * a rack has no other broker left.
 */
export function placeReplicas(
  partitionCount: number,
  replicationFactor: number,
  brokers: readonly UsableBroker[],
  prng: Prng,
): Placement {
  const unfencedCount = brokers.filter(({ fenced }) => !fenced).length;
  if (unfencedCount === 0) return { ok: false, reason: "every broker is fenced" };
  if (replicationFactor > brokers.length) {
    const reason = `${brokers.length} broker(s) are registered that take new replicas`;
    return { ok: false, reason };
  }
  const stripes = new Stripes(brokers, unfencedCount, prng);
  const assignments = Array.from({ length: partitionCount }, () => stripes.next(replicationFactor));
  return { ok: true, assignments };
}

/** Brokers of one kind in one rack that take turns. */
class Turns {
  readonly #brokers: number[];
  readonly #prng: Prng;
  #start: number;
  #taken = 0;
  #round = 0;

  constructor(brokers: number[], prng: Prng) {
    this.#brokers = brokers.sort((a, b) => a - b);
    this.#prng = prng;
    this.#start = brokers.length > 0 ? below(prng, brokers.length) : 0;
  }

  /** The next broker of this round; null when all had their turn. Each round starts one further. */
  next(round: number): number | null {
    const count = this.#brokers.length;
    if (count === 0) return null;
    if (round !== this.#round) {
      this.#round = round;
      this.#taken = 0;
      this.#start = (this.#start + 1) % count;
    }
    if (this.#taken >= count) return null;
    return this.#brokers[(this.#start + this.#taken++) % count]!;
  }

  shuffle(): void {
    shuffle(this.#brokers, this.#prng);
  }
}

interface Rack {
  readonly name: string | null;
  readonly unfenced: Turns;
  readonly fenced: Turns;
}

class Stripes {
  readonly #racks: Rack[];
  readonly #unfencedCount: number;
  readonly #prng: Prng;
  #start: number;
  #round = 0;

  constructor(brokers: readonly UsableBroker[], unfencedCount: number, prng: Prng) {
    this.#racks = racksOf(brokers, prng);
    this.#unfencedCount = unfencedCount;
    this.#prng = prng;
    this.#start = below(prng, this.#racks.length);
  }

  /** The replicas of the next partition, its leader first. */
  next(replicationFactor: number): number[] {
    // After as many partitions as brokers the pattern would repeat: mix the order.
    if (this.#round === this.#unfencedCount && this.#unfencedCount > 1) {
      shuffle(this.#racks, this.#prng);
      for (const { unfenced, fenced } of this.#racks) {
        unfenced.shuffle();
        fenced.shuffle();
      }
      this.#round = 0;
    }
    const count = this.#racks.length;
    if (this.#start === count) this.#start = 0;
    let leaderRack = this.#start;
    let leader = this.#racks[leaderRack]!.unfenced.next(this.#round);
    while (leader === null) {
      leaderRack = (leaderRack + 1) % count;
      leader = this.#racks[leaderRack]!.unfenced.next(this.#round);
    }
    const replicas = [leader];
    let skipped = false; // the leader's rack has had its first turn
    for (let rack = this.#start; replicas.length < replicationFactor; rack = (rack + 1) % count) {
      if (rack === leaderRack && !skipped) {
        skipped = true;
        continue;
      }
      const { unfenced, fenced } = this.#racks[rack]!;
      const replica = unfenced.next(this.#round) ?? fenced.next(this.#round);
      if (replica !== null) replicas.push(replica);
    }
    this.#round++;
    this.#start++;
    return replicas;
  }
}

function racksOf(brokers: readonly UsableBroker[], prng: Prng): Rack[] {
  const byName = new Map<string | null, { unfenced: number[]; fenced: number[] }>();
  for (const { id, rack, fenced } of brokers) {
    let members = byName.get(rack);
    if (members === undefined) byName.set(rack, members = { unfenced: [], fenced: [] });
    (fenced ? members.fenced : members.unfenced).push(id);
  }
  return [...byName]
    .sort(([a], [b]) => a === null ? -1 : b === null ? 1 : a < b ? -1 : 1)
    .map(([name, { unfenced, fenced }]) => ({
      name,
      unfenced: new Turns(unfenced, prng),
      fenced: new Turns(fenced, prng),
    }));
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffle<T>(items: T[], prng: Prng): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(prng, last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
}
