/**
 * Hashes that clients and brokers must agree on: which partition a key, a group, a transaction is
 * in.
 */

const MURMUR2_SEED = 0x9747b28c;
const MURMUR2_MULTIPLIER = 0x5bd1e995;

/** Austin Appleby's MurmurHash2 as Kafka's default partitioner uses it: a signed 32-bit number. */
export function murmur2(key: Uint8Array): number {
  const length = key.length;
  const tail = length & ~3;
  let hash = MURMUR2_SEED ^ length;
  for (let i = 0; i < tail; i += 4) {
    const word = key[i]! | key[i + 1]! << 8 | key[i + 2]! << 16 | key[i + 3]! << 24;
    const scrambled = Math.imul(word, MURMUR2_MULTIPLIER);
    hash = Math.imul(hash, MURMUR2_MULTIPLIER) ^
      Math.imul(scrambled ^ scrambled >>> 24, MURMUR2_MULTIPLIER);
  }
  if (tail < length) {
    for (let i = length - 1; i >= tail; i--) hash ^= key[i]! << 8 * (i - tail);
    hash = Math.imul(hash, MURMUR2_MULTIPLIER);
  }
  hash = Math.imul(hash ^ hash >>> 13, MURMUR2_MULTIPLIER);
  return hash ^ hash >>> 15;
}

/** The partition that producers choose for a record with this key, in `[0, partitionCount)`. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitionCount;
}

/** Java's `String.hashCode`: over UTF-16 code units, a signed 32-bit number. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i) | 0;
  return hash;
}

/**
 * The partition of the coordinators' topic that a group id, transactional id or share key belongs
 * to, in `[0, partitionCount)`; its leader is the coordinator.
 */
export function coordinatorPartition(id: string, partitionCount: number): number {
  const hash = javaStringHash(id);
  // The smallest int32 has no positive counterpart; Kafka takes 0.
  return (hash === -0x8000_0000 ? 0 : Math.abs(hash)) % partitionCount;
}

/** The key of a share partition's state, as FindCoordinator names it (KIP-932). */
export function shareCoordinatorKey(groupId: string, topicId: string, partition: number): string {
  return `${groupId}:${topicId}:${partition}`;
}
