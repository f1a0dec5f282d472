import { assert } from "../../base/mod.ts";
import type { ClassicMember } from "./classic_member.ts";
import { javaStringHash } from "../../protocol/mod.ts";

/**
 * The protocol that most members prefer. A member votes for the first of its protocols for which
 * `isCandidate` holds, that is, which everybody offers.
 */
export function electProtocol(
  members: Iterable<ClassicMember>,
  isCandidate: (protocolName: string) => boolean,
): string {
  const votes = new Map<string, number>();
  for (const member of members) {
    const vote = member.protocols.find(({ name }) => isCandidate(name));
    assert(vote !== undefined, `Member ${member.memberId} offers no protocol of the group`);
    votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1);
  }
  assert(votes.size > 0, "An empty group has no protocol");
  // Kafka counts in a hash table and takes the first of equals in the table's order.
  const inTableOrder = [...votes].sort(([left], [right]) => bucket(left) - bucket(right));
  return inTableOrder.reduce((best, vote) => vote[1] > best[1] ? vote : best)[0];
}

/** Where Java's HashMap puts a key while it holds no more than twelve. */
function bucket(key: string): number {
  const hash = javaStringHash(key);
  return (hash ^ (hash >>> 16)) & 15;
}
