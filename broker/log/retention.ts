import type { Segment } from "./segment.ts";
import type { Segments } from "./segments.ts";
import type { LogSettings } from "./settings.ts";

/** What retention decides by. */
export interface RetentionState {
  readonly segments: Segments;
  readonly settings: LogSettings;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly endOffset: number;
  readonly nowMs: number;
}

/**
 * The oldest segments that may go: those that lie wholly before the log start offset, and where the
 * policy has `delete`, those beyond `retention.bytes` and those older than `retention.ms`. A segment
 * with records at or above the high watermark stays, and so does an empty active one.
 */
export function expiredSegments(state: RetentionState): Segment[] {
  const { segments, settings } = state;
  let excessBytes = settings.retentionBytes < 0 ? -1 : segments.sizeBytes - settings.retentionBytes;
  const expired: Segment[] = [];
  for (const segment of segments) {
    const next = segments.after(segment);
    if (next === null && segment.sizeBytes === 0) break;
    const endOffset = next === null ? state.endOffset : next.baseOffset;
    if (state.highWatermark < endOffset) break;
    const before = next !== null && next.baseOffset <= state.logStartOffset;
    const beyond = settings.cleanupPolicy.delete &&
      (excessBytes - segment.sizeBytes >= 0 || isOld(segment, settings, state.nowMs));
    if (!before && !beyond) break;
    if (excessBytes >= 0) excessBytes -= segment.sizeBytes;
    expired.push(segment);
  }
  return expired;
}

function isOld(segment: Segment, { retentionMs }: LogSettings, nowMs: number): boolean {
  return retentionMs >= 0 && nowMs - segment.newestMs > retentionMs;
}
