import type { Clock, Timer } from "../base/mod.ts";
import {
  type AnyApi,
  brokerHeartbeat,
  brokerRegistration,
  errorCodes,
  errorName,
  type RequestOf,
  type ResponseOf,
} from "../protocol/mod.ts";
import {
  type BrokerIdentity,
  BrokerLifecycle,
  type BrokerState,
  type LifecycleEvent,
  type LifecycleSettings,
} from "./broker_lifecycle.ts";
import { cordonedDirectoriesSupported } from "./features.ts";
import { type MetadataImage, metadataVersionOf } from "./image.ts";

/** How a broker speaks to the active controller; rejects when it can't be reached. */
export type ControllerChannel = <A extends AnyApi>(
  api: A,
  request: RequestOf<A>,
  context: { readonly version: number },
) => Promise<ResponseOf<A>>;

/** What a {@linkcode BrokerLifecycleDriver} needs. */
export interface BrokerLifecycleDriverOptions {
  readonly clock: Clock;
  readonly logger: { info(message: string): void; warn(message: string): void };
  readonly identity: BrokerIdentity;
  readonly settings: LifecycleSettings;
  /** Ids of directories that take no new replicas, by `cordoned.log.dirs` (KIP-1066). */
  readonly cordonedDirectories?: readonly string[];
  readonly channel: ControllerChannel;
  /** What the broker has replayed and acted upon. */
  readonly image: () => MetadataImage;
  /** The broker can't be part of the cluster and has to stop. */
  readonly onFatal: (error: Error) => void;
}

const REGISTRATION_VERSION = 4;
const HEARTBEAT_VERSION = 2;

/** Someone who waits for the broker to come to one of `states`. */
interface Waiting {
  readonly states: readonly BrokerState[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Binds a {@linkcode BrokerLifecycle} to a clock and to the controller. */
export class BrokerLifecycleDriver {
  readonly #options: BrokerLifecycleDriverOptions;
  readonly #core: BrokerLifecycle;
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;
  #told: BrokerState = "not running";

  constructor(options: BrokerLifecycleDriverOptions) {
    this.#options = options;
    this.#core = new BrokerLifecycle(
      options.identity,
      options.settings,
      options.cordonedDirectories,
    );
  }

  get state(): BrokerState {
    return this.#core.state;
  }

  /** See {@linkcode BrokerLifecycle.brokerEpoch}. */
  get brokerEpoch(): number {
    return this.#core.brokerEpoch;
  }

  /**
   * Registers; resolves when the broker's image holds this registration, so that what it says of the
   * broker is true. Heartbeats go on from here. Rejects when no registration was taken in time.
   */
  start(): Promise<void> {
    const caughtUp = this.#reached(["recovery", "running", "pending controlled shutdown"]);
    this.#step({ kind: "start" });
    return caughtUp;
  }

  /** The broker can serve what it holds; resolves when the cluster knows that it does. */
  unfence(): Promise<void> {
    const unfenced = this.#reached(["running", "pending controlled shutdown"]);
    this.#step({ kind: "ready" });
    return unfenced;
  }

  /** Hands over what the broker leads; resolves when the controller lets it go. Never rejects. */
  shutDown(): Promise<void> {
    const gone = this.#reached(["shutting down"]);
    this.#step({ kind: "begin controlled shutdown" });
    return gone;
  }

  /** The controller must hear of a directory that can't be used any more, or the broker has to stop. */
  directoryFailed(directory: string): void {
    this.#step({ kind: "directory failed", directory });
  }

  /** `cordoned.log.dirs` has changed (KIP-1066). */
  directoriesCordoned(directories: readonly string[]): void {
    this.#step({ kind: "directories cordoned", directories });
  }

  /** Registers anew with the same epoch, for the cluster's `metadata.version` has changed. */
  registerAgain(): void {
    this.#step({ kind: "register again" });
  }

  /** Sends no more; who waits for the broker to come further is refused. */
  close(): void {
    this.#step({ kind: "shut down" });
  }

  #reached(states: readonly BrokerState[]): Promise<void> {
    if (states.includes(this.#core.state)) return Promise.resolve();
    if (this.#core.state === "shutting down") return Promise.reject(this.#ended());
    return new Promise((resolve, reject) => this.#waiting.push({ states, resolve, reject }));
  }

  #step(event: LifecycleEvent): void {
    this.#core.step(event, this.#options.clock.monotonicMs());
    this.#run();
  }

  /** Sends what is due, tells who waits, and sets the clock for what comes next. */
  #run(): void {
    const { clock, image } = this.#options;
    this.#timer?.cancel();
    this.#timer = null;
    const nowMs = clock.monotonicMs();
    this.#core.tick(nowMs);
    const current = image();
    const due = this.#core.takeRequest(nowMs, {
      metadataOffset: current.provenance.offset,
      tellsCordoned: cordonedDirectoriesSupported(metadataVersionOf(current)),
    });
    if (due?.kind === "registration") {
      this.#send(brokerRegistration, due.request, REGISTRATION_VERSION, (response) => ({
        kind: "registered",
        response,
      }));
    } else if (due?.kind === "heartbeat") {
      this.#send(brokerHeartbeat, due.request, HEARTBEAT_VERSION, (response) => ({
        kind: "heartbeat answered",
        response,
      }));
    }
    this.#tell();
    const { deadlineMs } = this.#core;
    if (deadlineMs === Infinity) return;
    this.#timer = clock.schedule(Math.max(0, deadlineMs - clock.monotonicMs()), () => this.#run());
  }

  #send<A extends AnyApi>(
    api: A,
    request: RequestOf<A>,
    version: number,
    eventOf: (response: ResponseOf<A>) => LifecycleEvent & { response: { errorCode: number } },
  ): void {
    const { channel, logger } = this.#options;
    channel(api, request, { version }).then(
      (response) => {
        const event = eventOf(response);
        if (event.response.errorCode !== errorCodes.NONE) {
          logger.warn(`${api.name} was answered with ${errorName(event.response.errorCode)}`);
        }
        this.#step(event);
      },
      (error: Error) => {
        logger.warn(`${api.name} got no answer: ${error.message}`);
        this.#step({ kind: "unanswered", reason: error.message });
      },
    );
  }

  #ended(): Error {
    const { brokerId } = this.#options.identity;
    return new Error(this.#core.failure ?? `Broker ${brokerId} is shutting down`);
  }

  #tell(): void {
    const { state, failure, brokerEpoch } = this.#core;
    if (state === this.#told) return;
    this.#told = state;
    const { identity, logger, onFatal } = this.#options;
    logger.info(`Broker ${identity.brokerId} is ${state}, broker epoch ${brokerEpoch}`);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) {
      if (waiter.states.includes(state)) waiter.resolve();
      else if (state === "shutting down") {
        waiter.reject(this.#ended());
      } else this.#waiting.push(waiter);
    }
    if (failure !== null) onFatal(new Error(failure));
  }
}
