/** A member of a group with the topics that it wants. */
export interface Subscriber {
  readonly memberId: string;
  readonly topics: readonly string[];
}

/**
 * Kafka's range assignment: of each topic, the members that want it, in order of their ids, get
 * neighbouring partitions, the first members one more where it does not come out even. Gives each
 * member's partitions by topic.
 */
export function assignRanges(
  members: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, Map<string, number[]>> {
  const assignment = new Map<string, Map<string, number[]>>(
    members.map(({ memberId }) => [memberId, new Map()]),
  );
  for (const [topic, count] of partitionCounts) {
    const wanting = members.filter(({ topics }) => topics.includes(topic))
      .map(({ memberId }) => memberId).sort();
    const share = Math.floor(count / wanting.length), extra = count % wanting.length;
    let next = 0;
    wanting.forEach((memberId, index) => {
      const end = next + share + (index < extra ? 1 : 0);
      if (end > next) assignment.get(memberId)!.set(topic, range(next, end));
      next = end;
    });
  }
  return assignment;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
