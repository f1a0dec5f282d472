/** Which member of a group gets which partitions: what the leader computes. Pure. */

/** A member and the topics that it wants. */
export interface Subscriber {
  readonly memberId: string;
  /** Orders static members (KIP-345) before their ids do. */
  readonly groupInstanceId: string | null;
  readonly topics: readonly string[];
}

/** Partitions of a topic. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** Shares out all partitions of all topics that someone wants. */
export interface Assignor {
  /** The protocol's name, as other clients know it. */
  readonly name: string;
  assign(
    members: readonly Subscriber[],
    partitionCounts: ReadonlyMap<string, number>,
  ): Map<string, TopicPartitions[]>;
}

/**
 * Topic by topic, the members that want it get neighbouring partitions, the first ones one more where
 * it doesn't come out even: partition n of several topics is with one member.
 */
export const rangeAssignor: Assignor = {
  name: "range",
  assign(members, partitionCounts) {
    const ordered = inOrder(members);
    const shares = emptyShares(members);
    for (const topic of wantedTopics(members)) {
      const wanting = ordered.filter(({ topics }) => topics.includes(topic));
      const count = partitionCounts.get(topic) ?? 0;
      const each = Math.floor(count / wanting.length);
      const rest = count % wanting.length;
      let next = 0;
      wanting.forEach(({ memberId }, n) => {
        const size = each + (n < rest ? 1 : 0);
        if (size > 0) shares.get(memberId)!.push({ topic, partitions: numbersFrom(next, size) });
        next += size;
      });
    }
    return shares;
  },
};

/** All partitions of all topics in a row, dealt out one by one to who wants them. */
export const roundRobinAssignor: Assignor = {
  name: "roundrobin",
  assign(members, partitionCounts) {
    const ordered = inOrder(members);
    const dealt = new Map<string, Map<string, number[]>>();
    let turn = 0;
    for (const topic of wantedTopics(members)) {
      for (let partition = 0; partition < (partitionCounts.get(topic) ?? 0); partition++) {
        while (!ordered[turn % ordered.length]!.topics.includes(topic)) turn++;
        const { memberId } = ordered[turn++ % ordered.length]!;
        const topics = dealt.get(memberId) ?? new Map<string, number[]>();
        dealt.set(memberId, topics);
        const partitions = topics.get(topic);
        if (partitions === undefined) topics.set(topic, [partition]);
        else partitions.push(partition);
      }
    }
    const shares = emptyShares(members);
    for (const [memberId, topics] of dealt) {
      for (const [topic, partitions] of topics) shares.get(memberId)!.push({ topic, partitions });
    }
    return shares;
  },
};

/** Static members by their instance ids, then the others by their member ids. */
function inOrder(members: readonly Subscriber[]): Subscriber[] {
  return [...members].sort((a, b) => {
    if ((a.groupInstanceId === null) !== (b.groupInstanceId === null)) {
      return a.groupInstanceId === null ? 1 : -1;
    }
    const left = a.groupInstanceId ?? a.memberId;
    const right = b.groupInstanceId ?? b.memberId;
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function wantedTopics(members: readonly Subscriber[]): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))].sort();
}

function emptyShares(members: readonly Subscriber[]): Map<string, TopicPartitions[]> {
  return new Map(members.map(({ memberId }) => [memberId, []]));
}

function numbersFrom(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => start + n);
}
