import { assert, type Prng } from "../base/mod.ts";
import {
  type MetadataBatch,
  type MetadataDelta,
  type MetadataImage,
  type MetadataRecord,
  metadataRecord,
  MetadataState,
  type Provenance,
  type Publication,
} from "../metadata/mod.ts";
import { activationRecords } from "./activation.ts";
import { Heartbeats } from "./heartbeats.ts";
import { Indexes } from "./indexes.ts";
import { Periodic, type PeriodicTask } from "./periodic.ts";
import { type ControllerResult, divisible } from "./result.ts";
import type { ConfigRules, ControllerSettings } from "./settings.ts";
import type { ControllerView } from "./view.ts";
import { balanceLeaders, electUncleanLeaders } from "./elections.ts";
import { fenceStaleBroker } from "./brokers.ts";

/** What a controller is made of. */
export interface ControllerOptions {
  readonly settings: ControllerSettings;
  readonly rules: ConfigRules;
  readonly prng: Prng;
  /** The records that the metadata directory was formatted with. */
  readonly bootstrap: readonly MetadataRecord[];
  /** The finalized level of `kraft.version`. */
  readonly kraftVersion: number;
}

/**
 * Decides the metadata of the cluster. Handlers read {@linkcode view} and give records and an answer;
 * `replay()` alone changes the image, alike for what this controller wrote and what it read from the
 * log. It decides while it is active, from `activate()` on until `deactivate()`:
 *
 *     standby --leads the quorum, has replayed all that is committed--> active
 *     active --lost the lead, or an append failed--> standby
 */
export class Controller {
  readonly #options: ControllerOptions;
  #state: MetadataState;
  #indexes: Indexes;
  #heartbeats: Heartbeats | null = null;
  #periodic: Periodic | null = null;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#state = new MetadataState();
    this.#indexes = new Indexes(this.#state.head);
  }

  /** The image with all that was replayed, committed or not. */
  get image(): MetadataImage {
    return this.#state.head;
  }

  get isActive(): boolean {
    return this.#heartbeats !== null;
  }

  /** What handlers read; `nextOffset` is where their records will go. */
  view(nextOffset: number, nowMs: number): ControllerView {
    assert(this.#heartbeats !== null, "A standby controller was asked to decide");
    const { settings, rules, prng, kraftVersion } = this.#options;
    return {
      image: this.#state.head,
      indexes: this.#indexes,
      heartbeats: this.#heartbeats,
      settings,
      rules,
      prng,
      nextOffset,
      nowMs,
      kraftVersion,
    };
  }

  /** Starts deciding; gives the records that begin the reign. */
  activate(nowMs: number): ControllerResult<null> {
    const { settings, bootstrap } = this.#options;
    this.#heartbeats = new Heartbeats(this.#state.head, settings, nowMs);
    this.#periodic = new Periodic(periodicTasks(settings), nowMs);
    return activationRecords(this.#state, bootstrap, settings);
  }

  /** Stops deciding. Soft state is dropped; the image goes back to what is committed by `reset()`. */
  deactivate(): void {
    this.#heartbeats = null;
    this.#periodic = null;
  }

  /** Takes in a batch and gives what to publish once it is committed. Throws `ReplayError`. */
  replay(batch: MetadataBatch): Publication[] {
    const before = this.#state.head;
    const published = this.#state.replay(batch);
    this.#follow(before, published);
    return published;
  }

  /** Takes in a snapshot in place of everything before it. */
  loadSnapshot(records: Iterable<MetadataRecord>, provenance: Provenance): Publication {
    assert(!this.isActive, "An active controller was given a snapshot");
    const published = this.#state.loadSnapshot(records, provenance);
    this.#indexes = new Indexes(published.image);
    return published;
  }

  /** Goes back to a committed image, after records that were replayed could not be written. */
  reset(image: MetadataImage): void {
    assert(!this.isActive, "An active controller was reset");
    this.#state = new MetadataState(image);
    this.#indexes = new Indexes(image);
  }

  /** When `tick()` must be called at the latest; Infinity while it is a standby. */
  get deadlineMs(): number {
    return this.#periodic?.deadlineMs ?? Infinity;
  }

  /** The records of a periodic task that is due; null when none is. Call again until it is. */
  tick(nextOffset: number, nowMs: number): readonly MetadataRecord[] | null {
    const task = this.#periodic?.takeDue(nowMs);
    if (task === undefined || task === null) return null;
    const { records, response: hasMore } = task.run(this.view(nextOffset, nowMs));
    if (hasMore) this.#periodic?.repeatSoon(task, nowMs);
    return records;
  }

  /** Brings indexes and heartbeats up to the head. */
  #follow(before: MetadataImage, published: readonly Publication[]): void {
    const last = published.at(-1);
    if (last === undefined || published[0]!.delta.before !== before) {
      // Within a transaction, or at its end, the delta does not start where the indexes stand.
      this.#indexes = new Indexes(this.#state.head);
      this.#heartbeats?.reset(this.#state.head);
      return;
    }
    for (const { delta } of published) {
      this.#indexes.update(delta);
      this.#updateHeartbeats(delta);
    }
  }

  #updateHeartbeats({ brokers }: MetadataDelta): void {
    for (const [id, broker] of brokers.changes) {
      const isOther = brokers.before.get(id)?.epoch !== broker?.epoch;
      if (broker === null || isOther) this.#heartbeats?.remove(id);
      if (broker !== null) this.#heartbeats?.register(broker);
    }
  }
}

function periodicTasks(settings: ControllerSettings): PeriodicTask[] {
  const tasks: PeriodicTask[] = [{
    name: "fence stale brokers",
    periodMs: Math.max(1, settings.brokerSessionTimeoutMs / 8),
    run: fenceStaleBroker,
  }, {
    name: "elect unclean leaders",
    periodMs: settings.uncleanLeaderElectionIntervalMs,
    run: electUncleanLeaders,
  }];
  if (settings.metadataMaxIdleIntervalMs > 0) {
    // Lets followers and brokers see that the log goes on, and how far behind they are (KIP-835).
    tasks.push({
      name: "write a NoOpRecord",
      periodMs: settings.metadataMaxIdleIntervalMs,
      run: () => divisible([metadataRecord("NoOpRecord", 0, {})], false),
    });
  }
  if (settings.autoLeaderRebalanceEnable) {
    tasks.push({
      name: "elect preferred leaders",
      periodMs: settings.leaderImbalanceCheckIntervalMs,
      run: balanceLeaders,
    });
  }
  return tasks;
}
