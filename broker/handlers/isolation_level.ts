/** The isolation level of a reader that sees no record of an open or aborted transaction (KIP-98). */
export const READ_COMMITTED = 1;

/** Whether a request names one of Kafka's isolation levels: read_uncommitted or read_committed. */
export function isIsolationLevel(level: number): boolean {
  return level === 0 || level === READ_COMMITTED;
}
