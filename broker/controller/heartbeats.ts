import { assert } from "../base/mod.ts";
import type { BrokerImage, MetadataImage } from "../metadata/mod.ts";
import type { ControllerSettings } from "./settings.ts";

/** What a heartbeat makes of a broker. */
export type BrokerControlState = "fenced" | "unfenced" | "controlled shutdown" | "shutdown now";

/** What the controller keeps of a broker besides its registration. */
interface BrokerHeartbeat {
  readonly id: number;
  fenced: boolean;
  /** Up to where the broker has replayed the metadata log; -1 when it has not said. */
  metadataOffset: number;
  /** The offset that all others must reach before the broker may stop; -1 unless it is stopping. */
  controlledShutdownOffset: number;
}

/** The last contact with one incarnation of a broker. */
interface Session {
  readonly epoch: number;
  lastContactMs: number;
}

/** The part of a heartbeat that decides a broker's state. */
export interface HeartbeatWish {
  readonly currentMetadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
}

/**
 * When brokers were last heard of and how far they are. This state is soft: it is not in the log, and
 * a new active controller starts it afresh, giving every broker a whole session to speak up.
 */
export class Heartbeats {
  readonly #sessionTimeoutMs: number;
  readonly #brokers = new Map<number, BrokerHeartbeat>();
  readonly #sessions = new Map<number, Session>();

  /**
   * The session of a broker with the controller's own `nodeId` is not awaited: it ran in the process
   * before this one, so it is gone, and the broker of this process must not wait for that (Kafka's
   * does, for a whole session after a crash).
   */
  constructor(
    image: MetadataImage,
    { nodeId, brokerSessionTimeoutMs }: Pick<
      ControllerSettings,
      "nodeId" | "brokerSessionTimeoutMs"
    >,
    nowMs: number,
  ) {
    this.#sessionTimeoutMs = brokerSessionTimeoutMs;
    for (const broker of image.brokers.values()) {
      this.register(broker);
      const mayLive = !broker.fenced && broker.id !== nodeId;
      if (mayLive) this.recordContact(broker.id, broker.epoch, nowMs);
    }
  }

  /** Takes over the brokers of an image that was not reached step by step; sessions stay. */
  reset(image: MetadataImage): void {
    this.#brokers.clear();
    for (const broker of image.brokers.values()) this.register(broker);
  }

  /** A broker has registered anew or its registration has changed. */
  register({ id, fenced }: BrokerImage): void {
    const known = this.#brokers.get(id);
    if (known === undefined) {
      this.#brokers.set(id, { id, fenced, metadataOffset: -1, controlledShutdownOffset: -1 });
      return;
    }
    this.#touch(known, fenced, known.fenced === fenced ? -1 : known.metadataOffset);
  }

  remove(brokerId: number): void {
    this.#brokers.delete(brokerId);
  }

  /** A message of the broker has come, whatever becomes of it. */
  recordContact(brokerId: number, epoch: number, nowMs: number): void {
    const session = this.#sessions.get(brokerId);
    if (session?.epoch === epoch) session.lastContactMs = nowMs;
    else this.#sessions.set(brokerId, { epoch, lastContactMs: nowMs });
  }

  hasValidSession(brokerId: number, epoch: number, nowMs: number): boolean {
    const session = this.#sessions.get(brokerId);
    return session?.epoch === epoch && !this.#isExpired(session, nowMs);
  }

  /** Forgets one session that has run out, and tells whose it was. */
  takeExpired(nowMs: number): { brokerId: number; epoch: number } | null {
    for (const [brokerId, session] of this.#sessions) {
      if (!this.#isExpired(session, nowMs)) continue;
      this.#sessions.delete(brokerId);
      return { brokerId, epoch: session.epoch };
    }
    return null;
  }

  /** Records what a heartbeat said, after its effect on the broker is decided. */
  touch(brokerId: number, fenced: boolean, metadataOffset: number): void {
    this.#touch(this.#broker(brokerId), fenced, metadataOffset);
  }

  fence(brokerId: number): void {
    const broker = this.#brokers.get(brokerId);
    if (broker !== undefined) broker.fenced = true;
  }

  /** The broker may stop once all active brokers have replayed the log up to `offset`. */
  beginControlledShutdown(brokerId: number, offset: number): void {
    const broker = this.#broker(brokerId);
    assert(!broker.fenced, `Fenced broker ${brokerId} enters controlled shutdown`);
    if (broker.controlledShutdownOffset < 0) broker.controlledShutdownOffset = offset;
  }

  /** True while the broker is handing over its partitions, and must not get new ones. */
  isShuttingDown(brokerId: number): boolean {
    return (this.#brokers.get(brokerId)?.controlledShutdownOffset ?? -1) >= 0;
  }

  currentState(brokerId: number): BrokerControlState {
    const broker = this.#broker(brokerId);
    if (broker.controlledShutdownOffset >= 0) return "controlled shutdown";
    return broker.fenced ? "fenced" : "unfenced";
  }

  /**
   * The state that follows from a heartbeat:
   *
   *     fenced --has replayed its registration--> unfenced
   *     unfenced --wants to stop, leads partitions--> controlled shutdown
   *     controlled shutdown --leads none, and all others know--> shutdown now
   *     fenced, unfenced --wants to stop, leads nothing--> shutdown now
   */
  nextState(
    brokerId: number,
    wish: HeartbeatWish,
    registrationOffset: number,
    leadsPartitions: boolean,
  ): BrokerControlState {
    switch (this.currentState(brokerId)) {
      case "fenced":
        if (wish.wantShutDown) return "shutdown now";
        if (wish.wantFence) return "fenced";
        return wish.currentMetadataOffset >= registrationOffset ? "unfenced" : "fenced";
      case "unfenced":
        if (wish.wantFence) return wish.wantShutDown ? "shutdown now" : "fenced";
        if (!wish.wantShutDown) return "unfenced";
        return leadsPartitions ? "controlled shutdown" : "shutdown now";
      default: {
        if (leadsPartitions) return "controlled shutdown";
        const { controlledShutdownOffset } = this.#broker(brokerId);
        return controlledShutdownOffset <= this.#lowestActiveOffset()
          ? "shutdown now"
          : "controlled shutdown";
      }
    }
  }

  /** How far the slowest broker is that serves partitions; Infinity when there is none. */
  #lowestActiveOffset(): number {
    let lowest = Infinity;
    for (const { fenced, controlledShutdownOffset, metadataOffset } of this.#brokers.values()) {
      if (!fenced && controlledShutdownOffset < 0) lowest = Math.min(lowest, metadataOffset);
    }
    return lowest;
  }

  #touch(broker: BrokerHeartbeat, fenced: boolean, metadataOffset: number): void {
    broker.fenced = fenced;
    broker.metadataOffset = metadataOffset;
    if (fenced) broker.controlledShutdownOffset = -1;
  }

  #broker(brokerId: number): BrokerHeartbeat {
    const broker = this.#brokers.get(brokerId);
    assert(broker !== undefined, `Broker ${brokerId} is not registered`);
    return broker;
  }

  #isExpired({ lastContactMs }: Session, nowMs: number): boolean {
    return lastContactMs + this.#sessionTimeoutMs < nowMs;
  }
}
