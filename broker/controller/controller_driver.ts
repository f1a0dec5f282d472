import { assert, type Clock, type Disk, type Prng, randomUuid, type Timer } from "../base/mod.ts";
import {
  type AnyApi,
  controllerRegistration,
  describeQuorum as describeQuorumApi,
  type DescribeQuorumRequest,
  errorCodes,
  errorMessage,
  errorName,
  type RequestOf,
  type ResponseOf,
} from "../protocol/mod.ts";
import {
  bootstrapRecords,
  type Endpoint,
  type LogBatch,
  type MetadataBatch,
  type MetadataDelta,
  type MetadataImage,
  type MetadataRecord,
  type Provenance,
  type Publication,
  SUPPORTED_FEATURES,
} from "../metadata/mod.ts";
import {
  type Leadership,
  RaftDriver,
  type RaftDriverOptions,
  type RaftListener,
  type RaftLogger,
} from "../raft/mod.ts";
import { Controller } from "./controller.ts";
import { describeQuorum } from "./describe_quorum.ts";
import { RECORDS_PER_REQUEST_MAX } from "./result.ts";
import { decisions } from "./served_apis.ts";
import type { ConfigRules, ControllerSettings } from "./settings.ts";

/** The controller could not take a request up; `errorCode` says why, and whether to try again. */
export class ControllerError extends Error {
  override readonly name = "ControllerError";

  constructor(readonly errorCode: number, message: string = errorMessage(errorCode)) {
    super(`${errorName(errorCode)}: ${message}`);
  }
}

/** Who asks, as far as it matters to the controller. */
export interface SubmitContext {
  readonly version: number;
}

/** Told of each committed change, in order; `image` is what the cluster has agreed on from then on. */
export type CommitListener = (delta: MetadataDelta, image: MetadataImage) => void;

/** What a {@linkcode ControllerDriver} needs. */
export interface ControllerDriverOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly prng: Prng;
  readonly logger: RaftLogger;
  readonly settings: ControllerSettings;
  readonly rules: ConfigRules;
  /** The controller's own listeners. */
  readonly endpoints: readonly Endpoint[];
  /** Where each voter can be reached, for DescribeQuorum. */
  readonly voterEndpoints: ReadonlyMap<number, readonly Endpoint[]>;
  /** Records of a `bootstrap.checkpoint`; used where the directory holds no bootstrap snapshot. */
  readonly legacyBootstrap?: readonly MetadataRecord[];
  readonly raft: Pick<
    RaftDriverOptions,
    "log" | "self" | "staticVoters" | "electionTimeoutMs" | "fetchTimeoutMs" | "snapshots"
  >;
  /** The node has to stop: the metadata log can't be written or does not fit itself. */
  readonly onFatal: (error: Error) => void;
}

/** An answer that waits until everything below `endOffset` is committed. */
interface Waiting {
  readonly endOffset: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Requests beyond this many are turned away: the disk is not keeping up. */
const WAITING_MAX = 10_000;

/**
 * The active controller of the node, bound to the quorum. A request is decided at once on the latest
 * state; its records are replayed and appended, and the answer waits until they are committed and
 * {@linkcode CommitListener}s have seen them.
 */
export class ControllerDriver implements RaftListener {
  readonly #options: ControllerDriverOptions;
  readonly #raft: RaftDriver;
  readonly #controller: Controller;
  readonly #incarnationId: string;
  readonly #listeners: CommitListener[] = [];
  #image: MetadataImage;
  /** Changes that were replayed and not yet committed, ascending by offset. */
  #uncommitted: Publication[] = [];
  #waiting: Waiting[] = [];
  #activeEpoch = -1;
  #timer: Timer | null = null;
  #isClosed = false;

  private constructor(options: ControllerDriverOptions) {
    this.#options = options;
    const { disk, clock, prng, logger, settings, rules } = options;
    const onFatal = (error: Error) => this.#end(error);
    this.#incarnationId = randomUuid(prng);
    const raft = { ...options.raft, disk, clock, prng, logger, listener: this, onFatal };
    this.#raft = RaftDriver.open(raft);
    this.#controller = new Controller({
      settings,
      rules,
      prng,
      bootstrap: this.#bootstrap(),
      kraftVersion: this.#raft.kraftVersion,
    });
    this.#image = this.#controller.image;
  }

  /**
   * Loads snapshot and log and joins the quorum. A quorum of one is led, and this controller active,
   * when it resolves. Throws when log, snapshots or `quorum-state` can't be used.
   */
  static async open(options: ControllerDriverOptions): Promise<ControllerDriver> {
    const driver = new ControllerDriver(options);
    await driver.#raft.start();
    return driver;
  }

  /** What the cluster has agreed on. */
  get image(): MetadataImage {
    return this.#image;
  }

  get isActive(): boolean {
    return this.#controller.isActive;
  }

  /** The finalized level of `kraft.version`, which stands in the quorum's own records. */
  get kraftVersion(): number {
    return this.#raft.kraftVersion;
  }

  get leadership(): Leadership {
    return this.#raft.leadership;
  }

  /** Calls `listener` for each change that is committed from now on; the result ends that. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  /**
   * Has the controller decide a request; resolves when its effect is committed. Rejects with a
   * {@linkcode ControllerError}: NOT_CONTROLLER while this node does not lead, REQUEST_TIMED_OUT when
   * too much is waiting. What is wrong with the request itself stands in the response.
   */
  async submit<A extends AnyApi>(
    api: A,
    request: RequestOf<A>,
    context: SubmitContext,
  ): Promise<ResponseOf<A>> {
    if (!this.#canDecide) {
      throw new ControllerError(errorCodes.NOT_CONTROLLER);
    }
    if (api.key === describeQuorumApi.key) {
      // The key says that A is DescribeQuorum, which the checker can't follow.
      return this.#describeQuorum(
        request as unknown as DescribeQuorumRequest,
      ) as unknown as ResponseOf<A>;
    }
    const decide = decisions.get(api.key);
    assert(decide !== undefined, `The controller does not serve ${api.name}`);
    if (this.#waiting.length >= WAITING_MAX) {
      throw new ControllerError(errorCodes.REQUEST_TIMED_OUT, "The metadata log can't keep up");
    }
    const { clock } = this.#options;
    const view = this.#controller.view(this.#raft.endOffset, clock.monotonicMs());
    const { records, isAtomic, response } = decide(view, request, context);
    this.#append(records, isAtomic);
    await this.#settled();
    return response as ResponseOf<A>;
  }

  /** Between losing the lead and hearing of it there is a moment in which nothing may be appended. */
  get #canDecide(): boolean {
    return this.#controller.isActive && !this.#isClosed && this.#raft.leads(this.#activeEpoch);
  }

  /** Resigns from deciding and stops; the log stays open. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#raft.close();
    this.#fail(new ControllerError(errorCodes.NOT_CONTROLLER, "The controller is stopping"));
    this.#controller.deactivate();
  }

  /** See {@linkcode RaftListener}. */
  onSnapshot(records: readonly MetadataRecord[], provenance: Provenance): void {
    this.#publish(this.#controller.loadSnapshot(records, provenance));
  }

  /** See {@linkcode RaftListener}. */
  onBatch(batch: LogBatch): void {
    this.#uncommitted.push(...this.#controller.replay(batch));
  }

  /** See {@linkcode RaftListener}. */
  onCommitted(offset: number): void {
    let count = 0;
    while (count < this.#uncommitted.length) {
      const publication = this.#uncommitted[count]!;
      if (publication.image.provenance.offset >= offset) break;
      count++;
      this.#publish(publication);
    }
    this.#uncommitted.splice(0, count);
    const done = this.#waiting.findIndex(({ endOffset }) => endOffset > offset);
    const settled = this.#waiting.splice(0, done < 0 ? this.#waiting.length : done);
    for (const { resolve } of settled) resolve();
    this.#raft.considerSnapshot(this.#image);
  }

  /** See {@linkcode RaftListener}. */
  onLeadership({ epoch, leaderId }: Leadership): void {
    const { settings, logger, clock } = this.#options;
    if (leaderId !== settings.nodeId) return this.#standDown(epoch);
    logger.info(`Node ${settings.nodeId} is the active controller, epoch ${epoch}`);
    this.#activeEpoch = epoch;
    const { records, isAtomic } = this.#controller.activate(clock.monotonicMs());
    this.#append(records, isAtomic);
    this.#register();
    this.#scheduleTick();
  }

  #standDown(epoch: number): void {
    if (!this.#controller.isActive) return;
    this.#options.logger.warn(`This node is no longer the active controller, epoch ${epoch}`);
    this.#timer?.cancel();
    this.#activeEpoch = -1;
    this.#controller.deactivate();
    this.#controller.reset(this.#image);
    this.#uncommitted = [];
    this.#fail(new ControllerError(errorCodes.NOT_CONTROLLER));
  }

  /** Tells the cluster where this controller can be reached (KIP-919). */
  #register(): void {
    const { settings, endpoints, logger } = this.#options;
    this.submit(controllerRegistration, {
      controllerId: settings.nodeId,
      incarnationId: this.#incarnationId,
      zkMigrationReady: false,
      listeners: endpoints.map((endpoint) => ({ ...endpoint })),
      features: SUPPORTED_FEATURES.map((feature) => ({ ...feature })),
    }, { version: 0 }).catch((error: Error) => {
      logger.warn(`The controller could not register itself: ${error.message}`);
    });
  }

  /** Replays records and hands them to the quorum, cut into batches where they may be. */
  #append(records: readonly MetadataRecord[], isAtomic: boolean): void {
    const { clock } = this.#options;
    assert(
      !isAtomic || records.length <= RECORDS_PER_REQUEST_MAX,
      `${records.length} records are too many for one batch`,
    );
    for (let start = 0; start < records.length; start += RECORDS_PER_REQUEST_MAX) {
      const batch = records.slice(start, start + RECORDS_PER_REQUEST_MAX);
      const baseOffset = this.#raft.endOffset;
      const timestampMs = clock.nowMs();
      const epoch = this.#activeEpoch;
      this.#uncommitted.push(
        ...this.#replay({ baseOffset, epoch, timestampMs, records: batch }),
      );
      this.#raft.append(epoch, batch, timestampMs);
    }
  }

  /** Own records that do not fit the own state are a bug, after which nothing can be relied on. */
  #replay(batch: MetadataBatch): Publication[] {
    try {
      return this.#controller.replay(batch);
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  /** Nothing is decided any more; whether what waits was kept is for the next start to find out. */
  #end(error: Error): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#fail(new ControllerError(errorCodes.NOT_CONTROLLER, "The controller has failed"));
    this.#options.onFatal(error);
  }

  /** Resolves when all that was appended so far is committed: answers may rest on any of it. */
  #settled(): Promise<void> {
    const endOffset = this.#raft.endOffset;
    const { highWatermark } = this.#raft.describe();
    if (highWatermark !== null && highWatermark >= endOffset) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ endOffset, resolve, reject }));
  }

  #publish({ delta, image }: Publication): void {
    this.#image = image;
    for (const listener of [...this.#listeners]) listener(delta, image);
  }

  #fail(error: ControllerError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }

  #scheduleTick(): void {
    this.#timer?.cancel();
    const { clock } = this.#options;
    const { deadlineMs } = this.#controller;
    if (deadlineMs === Infinity || this.#isClosed) return;
    this.#timer = clock.schedule(Math.max(0, deadlineMs - clock.monotonicMs()), () => {
      // Without the lead there is nothing to do until `onLeadership()` sets the clock again.
      if (!this.#canDecide) return;
      this.#tick();
      this.#scheduleTick();
    });
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (;;) {
      const records = this.#controller.tick(this.#raft.endOffset, nowMs);
      if (records === null) return;
      this.#append(records, false);
    }
  }

  #describeQuorum(request: DescribeQuorumRequest): ResponseOf<typeof describeQuorumApi> {
    const { leaderId, epoch, highWatermark, logEndOffset, voters } = this.#raft.describe();
    return describeQuorum(
      {
        leaderId: leaderId ?? -1,
        leaderEpoch: epoch,
        highWatermark,
        logEndOffset,
        voters: [...voters],
        endpoints: this.#options.voterEndpoints,
      },
      request,
      this.#options.clock.nowMs(),
    );
  }

  #bootstrap(): readonly MetadataRecord[] {
    const formatted = this.#raft.bootstrapRecords;
    if (formatted.length > 0) return formatted;
    const legacy = this.#options.legacyBootstrap ?? [];
    return legacy.length > 0 ? legacy : bootstrapRecords();
  }
}
