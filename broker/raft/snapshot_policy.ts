/** When snapshots are made and how long they are kept, by Kafka's broker options. */
export interface SnapshotSettings {
  /** `metadata.log.max.record.bytes.between.snapshots` */
  readonly bytesBetweenMax: number;
  /** `metadata.log.max.snapshot.interval.ms`; 0 for never. */
  readonly intervalMs: number;
  /** `metadata.max.retention.bytes` of log and snapshots together; negative for no limit. */
  readonly retentionBytes: number;
  /** `metadata.max.retention.ms`; negative for no limit. */
  readonly retentionMs: number;
}

/** True when so much was written, or so much time went by, that a snapshot is due (KIP-876). */
export function isSnapshotDue(
  { bytesBetweenMax, intervalMs }: SnapshotSettings,
  since: { readonly bytes: number; readonly elapsedMs: number },
): boolean {
  return since.bytes >= bytesBetweenMax || (intervalMs > 0 && since.elapsedMs >= intervalMs);
}

/** True when the oldest of several snapshots may go, and the log before the next with it. */
export function isSnapshotExpired(
  { retentionBytes, retentionMs }: SnapshotSettings,
  oldest: { readonly timestampMs: number },
  now: { readonly totalBytes: number; readonly timeMs: number },
): boolean {
  if (retentionBytes >= 0 && now.totalBytes > retentionBytes) return true;
  return retentionMs >= 0 && now.timeMs - oldest.timestampMs > retentionMs;
}
