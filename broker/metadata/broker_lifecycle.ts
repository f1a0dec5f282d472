import { assert } from "../base/mod.ts";
import {
  brokerHeartbeat,
  type BrokerHeartbeatRequest,
  type BrokerHeartbeatResponse,
  brokerRegistration,
  type BrokerRegistrationRequest,
  type BrokerRegistrationResponse,
  errorCodes,
  errorName,
  make,
} from "../protocol/mod.ts";
import type { Endpoint } from "./cluster_image.ts";
import type { FeatureRange } from "./features.ts";
import { compareUuids } from "./uuids.ts";

/** Where a broker stands in its life; see {@linkcode BrokerLifecycle}. */
export type BrokerState =
  | "not running"
  | "starting"
  | "recovery"
  | "running"
  | "pending controlled shutdown"
  | "shutting down";

/** What a broker tells of itself when it registers. */
export interface BrokerIdentity {
  readonly brokerId: number;
  readonly clusterId: string;
  /** New with each start of the process. */
  readonly incarnationId: string;
  readonly endpoints: readonly Endpoint[];
  readonly features: readonly FeatureRange[];
  readonly rack: string | null;
  /** Ids of the directories that can be used. */
  readonly directories: readonly string[];
  /** Epoch under which the broker stopped cleanly the last time; -1 when it did not (KIP-966). */
  readonly previousEpoch: number;
}

/** Kafka's options of a broker's life, in milliseconds. */
export interface LifecycleSettings {
  /** `broker.heartbeat.interval.ms` */
  readonly heartbeatIntervalMs: number;
  /** `initial.broker.registration.timeout.ms` */
  readonly registrationTimeoutMs: number;
  /** `log.dir.failure.timeout.ms` */
  readonly directoryFailureTimeoutMs: number;
}

/** What the broker waits to have sent. */
export type LifecycleRequest =
  | { readonly kind: "registration"; readonly request: BrokerRegistrationRequest }
  | { readonly kind: "heartbeat"; readonly request: BrokerHeartbeatRequest };

/** What a broker lives through. */
export type LifecycleEvent =
  | { readonly kind: "start" }
  /** Its replicas are loaded: it can serve. */
  | { readonly kind: "ready" }
  | { readonly kind: "registered"; readonly response: BrokerRegistrationResponse }
  | { readonly kind: "heartbeat answered"; readonly response: BrokerHeartbeatResponse }
  /** The request under way got no answer. */
  | { readonly kind: "unanswered"; readonly reason: string }
  /** What was registered no longer holds, say since the cluster knows more features now. */
  | { readonly kind: "register again" }
  | { readonly kind: "directory failed"; readonly directory: string }
  | { readonly kind: "directories cordoned"; readonly directories: readonly string[] }
  | { readonly kind: "begin controlled shutdown" }
  | { readonly kind: "shut down" };

/** While it catches up, a broker asks again soon. */
const CATCH_UP_INTERVAL_MS = 10;
/** The first time that a broker asks whether it may stop, the answer is mostly one round away. */
const FIRST_SHUTDOWN_INTERVAL_MS = 50;

/**
 * A broker's side of its life in the cluster (KIP-631), pure:
 *
 *     starting --has replayed its registration--> recovery --unfenced--> running
 *     running --begin controlled shutdown--> pending controlled shutdown --let go--> shutting down
 *
 * One request is under way at a time, sent when {@linkcode deadlineMs} is reached and answered by an
 * event. What can't be registered in time, or a failed directory that the controller can't be told
 * of, ends the broker with a {@linkcode failure}.
 */
export class BrokerLifecycle {
  readonly #identity: BrokerIdentity;
  readonly #settings: LifecycleSettings;
  #state: BrokerState = "not running";
  #brokerEpoch = -1;
  #failure: string | null = null;
  #lastRefusal = "the controller did not answer";
  #isRegistered = false;
  #isReady = false;
  #askedToStop = false;
  /** When the next request is due; Infinity when nothing is to be said. */
  #nextMs = Infinity;
  #inFlight: LifecycleRequest | null = null;
  #registerByMs = Infinity;
  /** Until when the controller must have heard of each failed directory; Infinity when it has. */
  readonly #failedDirectories = new Map<string, number>();
  #cordoned: readonly string[];

  constructor(
    identity: BrokerIdentity,
    settings: LifecycleSettings,
    cordonedDirectories: readonly string[] = [],
  ) {
    this.#identity = identity;
    this.#settings = settings;
    this.#cordoned = cordonedDirectories;
  }

  get state(): BrokerState {
    return this.#state;
  }

  /** The epoch of the registration; -1 before there is one. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** Why the broker had to shut down; null when nothing forced it. */
  get failure(): string | null {
    return this.#failure;
  }

  /** When `takeRequest()` and `tick()` have something to do; Infinity for not before an event. */
  get deadlineMs(): number {
    const directories = Math.min(...this.#failedDirectories.values());
    const request = this.#inFlight === null ? this.#nextMs : Infinity;
    return Math.min(request, this.#registerByMs, directories);
  }

  step(event: LifecycleEvent, nowMs: number): void {
    if (this.#state === "shutting down") return;
    switch (event.kind) {
      case "start":
        assert(this.#state === "not running", "A broker starts once");
        this.#state = "starting";
        this.#registerByMs = nowMs + this.#settings.registrationTimeoutMs;
        this.#nextMs = nowMs;
        return;
      case "ready":
        this.#isReady = true;
        return this.#hurry(nowMs);
      case "registered":
        return this.#onRegistered(event.response, nowMs);
      case "heartbeat answered":
        return this.#onHeartbeat(event.response, nowMs);
      case "unanswered":
        this.#inFlight = null;
        return this.#retry(event.reason, nowMs);
      case "register again":
        this.#isRegistered = false;
        return this.#hurry(nowMs);
      case "directory failed": {
        const known = this.#failedDirectories.has(event.directory);
        if (known) return;
        const byMs = nowMs + this.#settings.directoryFailureTimeoutMs;
        this.#failedDirectories.set(event.directory, byMs);
        return this.#hurry(nowMs);
      }
      case "directories cordoned":
        this.#cordoned = event.directories;
        return this.#hurry(nowMs);
      case "begin controlled shutdown":
        if (this.#state === "pending controlled shutdown") return;
        if (this.#state !== "running") return this.#shutDown();
        this.#state = "pending controlled shutdown";
        return this.#hurry(nowMs);
      case "shut down":
        return this.#shutDown();
    }
  }

  /** Ends the broker when a deadline was missed. */
  tick(nowMs: number): void {
    if (nowMs >= this.#registerByMs) {
      const { brokerId } = this.#identity;
      const after = this.#settings.registrationTimeoutMs;
      return this.#fail(
        `Broker ${brokerId} could not register within ${after} ms: ${this.#lastRefusal}`,
      );
    }
    for (const [directory, byMs] of this.#failedDirectories) {
      if (nowMs < byMs) continue;
      return this.#fail(`The controller could not be told that directory ${directory} failed`);
    }
  }

  /** What is to be sent now, once; `metadataOffset` is that of the last record that was replayed. */
  takeRequest(
    nowMs: number,
    { metadataOffset, tellsCordoned }: { metadataOffset: number; tellsCordoned: boolean },
  ): LifecycleRequest | null {
    if (this.#inFlight !== null || nowMs < this.#nextMs) return null;
    this.#nextMs = Infinity;
    this.#inFlight = this.#isRegistered
      ? this.#heartbeat(metadataOffset, tellsCordoned)
      : this.#registration();
    return this.#inFlight;
  }

  #registration(): LifecycleRequest {
    const { endpoints, features, directories, previousEpoch, ...identity } = this.#identity;
    const request = make(brokerRegistration.request, {
      ...identity,
      listeners: endpoints.map((endpoint) => ({ ...endpoint })),
      features: features.map((feature) => ({ ...feature })),
      logDirs: [...directories].sort(compareUuids),
      previousBrokerEpoch: previousEpoch,
    });
    return { kind: "registration", request };
  }

  #heartbeat(metadataOffset: number, tellsCordoned: boolean): LifecycleRequest {
    // What a broker has cordoned is told once it knows the cluster's metadata (KIP-1066).
    const isCaughtUp = this.#state !== "starting";
    const request = make(brokerHeartbeat.request, {
      brokerId: this.#identity.brokerId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: metadataOffset,
      wantFence: !this.#isReady,
      wantShutDown: this.#state === "pending controlled shutdown",
      offlineLogDirs: [...this.#failedDirectories.keys()],
      cordonedLogDirs: tellsCordoned && isCaughtUp ? [...this.#cordoned] : null,
    });
    return { kind: "heartbeat", request };
  }

  #onRegistered({ errorCode, brokerEpoch }: BrokerRegistrationResponse, nowMs: number): void {
    this.#inFlight = null;
    if (errorCode !== errorCodes.NONE) {
      return this.#retry(`the controller answered ${errorName(errorCode)}`, nowMs);
    }
    this.#brokerEpoch = brokerEpoch;
    this.#isRegistered = true;
    this.#registerByMs = Infinity;
    this.#nextMs = nowMs;
  }

  #onHeartbeat(response: BrokerHeartbeatResponse, nowMs: number): void {
    const { errorCode, isCaughtUp, isFenced, shouldShutDown } = response;
    const request = this.#inFlight;
    this.#inFlight = null;
    if (errorCode !== errorCodes.NONE) {
      return this.#retry(`the controller answered ${errorName(errorCode)}`, nowMs);
    }
    if (request?.kind === "heartbeat") {
      for (const directory of request.request.offlineLogDirs) {
        this.#failedDirectories.set(directory, Infinity);
      }
    }
    let afterMs = this.#settings.heartbeatIntervalMs;
    if (this.#state === "starting") {
      if (isCaughtUp) this.#state = "recovery";
      afterMs = CATCH_UP_INTERVAL_MS;
    } else if (this.#state === "recovery") {
      if (!isFenced) this.#state = "running";
    } else if (this.#state === "pending controlled shutdown") {
      const wasAsking = request?.kind === "heartbeat" && request.request.wantShutDown;
      if (shouldShutDown) return this.#shutDown();
      if (wasAsking && !this.#askedToStop) afterMs = FIRST_SHUTDOWN_INTERVAL_MS;
      this.#askedToStop ||= wasAsking;
    }
    this.#nextMs = Math.min(this.#nextMs, nowMs + afterMs);
  }

  /** Has the next request sent at once, or right after the one that is under way. */
  #hurry(nowMs: number): void {
    if (this.#state !== "not running") this.#nextMs = nowMs;
  }

  #retry(reason: string, nowMs: number): void {
    this.#lastRefusal = reason;
    this.#nextMs = nowMs + this.#settings.heartbeatIntervalMs;
  }

  #fail(reason: string): void {
    this.#failure = reason;
    this.#shutDown();
  }

  #shutDown(): void {
    this.#state = "shutting down";
    this.#nextMs = this.#registerByMs = Infinity;
    this.#failedDirectories.clear();
  }
}
