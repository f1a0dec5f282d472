import type { Clock, Timer } from "../base/mod.ts";
import type { Logger } from "../config/mod.ts";
import { type Endpoint, SUPPORTED_FEATURES } from "../metadata/mod.ts";
import {
  type AnyApi,
  brokerHeartbeat,
  type BrokerHeartbeatResponse,
  brokerRegistration,
  errorCodes,
  errorName,
  make,
  type RequestOf,
  type ResponseOf,
} from "../protocol/mod.ts";

/** How a broker speaks to the active controller; rejects when it can't be reached. */
export type ControllerChannel = <A extends AnyApi>(
  api: A,
  request: RequestOf<A>,
  context: { readonly version: number },
) => Promise<ResponseOf<A>>;

/** What a broker tells the controller of itself, and how often it shows that it lives. */
export interface BrokerLifecycleOptions {
  readonly brokerId: number;
  readonly clusterId: string;
  /** New with each start of the process: 22 letters. */
  readonly incarnationId: string;
  readonly endpoints: readonly Endpoint[];
  readonly rack: string | null;
  readonly directoryIds: readonly string[];
  /** Epoch under which the broker stopped cleanly the last time; -1 when it did not. */
  readonly previousBrokerEpoch: number;
  readonly heartbeatIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly channel: ControllerChannel;
  /** Offset of the last metadata record that this broker has replayed. */
  readonly metadataOffset: () => number;
}

const REGISTRATION_VERSION = 4;
const HEARTBEAT_VERSION = 2;

/**
 * A broker's life in the cluster (KIP-631), told in the same messages as over a network:
 *
 *     not registered --register()--> fenced --unfence()--> running --shutDown()--> gone
 *
 * Heartbeats go out from the registration on; the controller fences a broker that misses them.
 */
export class BrokerLifecycle {
  readonly #options: BrokerLifecycleOptions;
  #brokerEpoch = -1;
  #wantFence = true;
  #wantShutDown = false;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor(options: BrokerLifecycleOptions) {
    this.#options = options;
  }

  /** The epoch that the controller gave with the registration; -1 before. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** Registers this incarnation of the broker; it is fenced at first. Throws when it is refused. */
  async register(): Promise<void> {
    const { brokerId, clusterId, incarnationId, endpoints, rack, channel } = this.#options;
    const request = make(brokerRegistration.request, {
      brokerId,
      clusterId,
      incarnationId,
      listeners: endpoints.map((endpoint) => ({ ...endpoint })),
      features: SUPPORTED_FEATURES.map((feature) => ({ ...feature })),
      rack,
      logDirs: [...this.#options.directoryIds],
      previousBrokerEpoch: this.#options.previousBrokerEpoch,
    });
    const { errorCode, brokerEpoch } = await channel(brokerRegistration, request, {
      version: REGISTRATION_VERSION,
    });
    if (errorCode !== errorCodes.NONE) {
      throw new Error(`Cannot register broker ${brokerId}: ${errorName(errorCode)}`);
    }
    this.#brokerEpoch = brokerEpoch;
  }

  /** Asks to be unfenced and resolves when the controller has done so; heartbeats go on from here. */
  async unfence(): Promise<void> {
    this.#wantFence = false;
    for (;;) {
      const { errorCode, isFenced } = await this.#beat();
      if (errorCode === errorCodes.NONE && !isFenced) break;
      if (errorCode !== errorCodes.NONE) {
        throw new Error(`Broker ${this.#options.brokerId} is refused: ${errorName(errorCode)}`);
      }
    }
    this.#schedule();
  }

  /** Hands over what this broker leads; resolves when the controller lets it go, or can't be asked. */
  async shutDown(): Promise<void> {
    this.#timer?.cancel();
    this.#wantShutDown = true;
    try {
      for (;;) {
        const { errorCode, shouldShutDown } = await this.#beat();
        if (errorCode !== errorCodes.NONE || shouldShutDown) return;
      }
    } catch (error) {
      this.#options.logger.warn(`The controlled shutdown was cut short: ${String(error)}`);
    }
  }

  /** Sends no more heartbeats. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #beat(): Promise<BrokerHeartbeatResponse> {
    const { brokerId, channel, metadataOffset } = this.#options;
    const request = make(brokerHeartbeat.request, {
      brokerId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: metadataOffset(),
      wantFence: this.#wantFence,
      wantShutDown: this.#wantShutDown,
      cordonedLogDirs: [],
    });
    return channel(brokerHeartbeat, request, { version: HEARTBEAT_VERSION });
  }

  #schedule(): void {
    if (this.#isClosed || this.#wantShutDown) return;
    const { clock, heartbeatIntervalMs, logger } = this.#options;
    this.#timer = clock.schedule(heartbeatIntervalMs, () => {
      this.#beat().then(({ errorCode }) => {
        if (errorCode !== errorCodes.NONE) {
          logger.warn(`The controller refused a heartbeat: ${errorName(errorCode)}`);
        }
      }, (error: Error) => {
        logger.warn(`A heartbeat did not reach the controller: ${error.message}`);
      }).finally(() => this.#schedule());
    });
  }
}
