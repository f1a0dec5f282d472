import type { EpochCache } from "./epoch_cache.ts";
import { GroupSync } from "./group_sync.ts";
import type { LogEnvironment } from "./log_environment.ts";
import type { LogPlace } from "./log_place.ts";
import type { PartitionMetadata } from "./partition_metadata.ts";
import type { ProducerSnapshots } from "./producer_snapshots.ts";
import type { Segments } from "./segments.ts";

/** All files of a log, and where it ends. */
export interface SyncedParts {
  readonly environment: LogEnvironment;
  readonly place: LogPlace;
  readonly segments: Segments;
  readonly metadata: PartitionMetadata;
  readonly epochs: EpochCache;
  readonly snapshots: ProducerSnapshots;
  readonly endOffset: () => number;
}

/**
 * What of one log would survive a power cut: the recovery point, and the work that moves it. A sync
 * of a segment that failed is not tried again, since the system may by then have dropped the bytes
 * and report success: the log takes no appends from then on. Other failures (a full disk) pass.
 */
export class LogSync {
  readonly #parts: SyncedParts;
  readonly #syncs = new GroupSync((withActive) => this.#sync(withActive));
  #recoveryPoint: number;
  #lastSyncMs: number;
  #failure: Error | null = null;
  /** Files were made whose names may not last yet. */
  #namesUnsynced: boolean;
  /** How often offsets were taken back: a sync under way then proves nothing. */
  #cuts = 0;

  /** `namesUnsynced`: files were made, now or before a crash, whose names may not last yet. */
  constructor(parts: SyncedParts, recoveryPoint: number, namesUnsynced: boolean) {
    this.#parts = parts;
    this.#recoveryPoint = recoveryPoint;
    this.#namesUnsynced = namesUnsynced;
    this.#lastSyncMs = parts.environment.clock.nowMs();
  }

  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }
  get lastSyncMs(): number {
    return this.#lastSyncMs;
  }
  /** Why the log takes no appends; null while it does. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Resolves when all that was written before this call would survive a power cut. */
  flush(): Promise<void> {
    return this.#request(true);
  }

  /** A segment was begun: those before it are synced in the background. */
  onRoll(): void {
    this.#namesUnsynced = true;
    this.#soon(() => this.#request(false));
  }

  /** What lies before `offset` no longer counts. */
  onLogStart(offset: number): void {
    this.#recoveryPoint = Math.max(this.#recoveryPoint, offset);
  }

  /** What lies at `offset` and after it was taken back; files were perhaps made anew. */
  onCut(offset: number): void {
    this.#cuts++;
    this.#namesUnsynced = true;
    this.#recoveryPoint = Math.min(this.#recoveryPoint, offset);
  }

  /** Brings small files that have changed to the disk in the background. */
  saveSoon(): void {
    const { metadata, epochs } = this.#parts;
    if (metadata.changed) this.#soon(() => metadata.save());
    if (epochs.changed) this.#soon(() => epochs.save());
  }

  /** The log is deleted: nothing is synced any more. */
  abandon(): void {
    this.#failure ??= new Error(`Log ${this.#parts.place.directory} is deleted`);
  }

  /** Resolves when no sync is under way. */
  idle(): Promise<void> {
    return this.#syncs.idle();
  }

  #request(withActive: boolean): Promise<void> {
    return this.#failure === null ? this.#syncs.request(withActive) : Promise.reject(this.#failure);
  }

  /** In the background; a log that failed or was deleted meanwhile does without. */
  #soon(work: () => Promise<void>): void {
    this.#parts.environment.syncSoon(() => this.#failure === null ? work() : Promise.resolve());
  }

  async #sync(withActive: boolean): Promise<void> {
    const { environment, place, segments } = this.#parts;
    const { active } = segments;
    const endOffset = withActive ? this.#parts.endOffset() : active.baseOffset;
    const cuts = this.#cuts;
    await this.#parts.metadata.save();
    await this.#parts.epochs.save();
    await this.#parts.snapshots.sync();
    for (const segment of segments.from(this.#recoveryPoint)) {
      if (segment === active && !withActive) continue;
      try {
        await segment.sync();
      } catch (error) {
        if (segment.syncFailed) this.#fail(error);
        throw error;
      }
    }
    if (this.#namesUnsynced) {
      await place.disk.syncDirectory(place.directory);
      this.#namesUnsynced = cuts !== this.#cuts || active !== segments.active;
    }
    this.#lastSyncMs = environment.clock.nowMs();
    if (cuts !== this.#cuts || endOffset <= this.#recoveryPoint) return;
    this.#recoveryPoint = endOffset;
    environment.changes.recoveryPoints++;
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    const { environment, place } = this.#parts;
    environment.logger.error(
      `${place.directory} takes no appends any more: ${this.#failure.message}`,
    );
    environment.onFailure(place.directory, this.#failure);
  }
}
