import {
  errorCodes,
  heartbeat,
  joinGroup,
  leaveGroup,
  make,
  syncGroup,
} from "../../../broker/protocol/mod.ts";
import { Backoff, pause } from "../backoff.ts";
import type { KafkaClient } from "../kafka_client.ts";
import { asKafkaError, KafkaError, throwOnCode } from "../kafka_error.ts";

/** One way of sharing out work that a member offers, and what it tells the leader about itself. */
export interface GroupProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

/** A member as the leader sees it. */
export interface GroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

/** What a member holds in one generation. */
export interface GroupAssignment {
  readonly generationId: number;
  readonly memberId: string;
  readonly leaderId: string;
  readonly protocolName: string;
  /** What the leader gave to this member; empty when it gave nothing. */
  readonly assignment: Uint8Array;
}

/** Why an assignment ends: for a new generation, because the group forgot the member, or by leaving. */
export type RevokeReason = "rebalance" | "lost" | "left";

/** What makes a group: its protocol, and what is done when. */
export interface MembershipOptions {
  readonly groupId: string;
  /** `consumer` for consumers, another for others. */
  readonly protocolType: string;
  /** Makes the member a static one (KIP-345), which keeps its place over restarts. */
  readonly groupInstanceId?: string;
  /** How long the group waits for a member that is silent; default 45 s. */
  readonly sessionTimeoutMs?: number;
  /** Default 3 s. */
  readonly heartbeatIntervalMs?: number;
  /** How long the group waits for a member to join again; default 5 minutes. */
  readonly rebalanceTimeoutMs?: number;
  /** In order of preference; asked for at each join. */
  protocols(): readonly GroupProtocol[] | Promise<readonly GroupProtocol[]>;
  /** Called on the leader alone: what each member gets; who is left out gets nothing. */
  assign(
    protocolName: string,
    members: readonly GroupMember[],
  ): ReadonlyMap<string, Uint8Array> | Promise<ReadonlyMap<string, Uint8Array>>;
  onAssigned(assignment: GroupAssignment): void | Promise<void>;
  /** Called before the assignment ends, if there is one; a rebalance waits for it. */
  onRevoked(reason: RevokeReason): void | Promise<void>;
  /** The group refuses the member for good; the membership has ended. */
  onFatal(error: KafkaError): void;
}

const SESSION_TIMEOUT_MS = 45_000;
const HEARTBEAT_INTERVAL_MS = 3_000;
const REBALANCE_TIMEOUT_MS = 300_000;
/** Beyond the time that a join may take at the broker. */
const JOIN_GRACE_MS = 5_000;
const LEAVE_TIMEOUT_MS = 5_000;

/** Codes after which joining again may succeed without anything else to do. */
const TRY_AGAIN: ReadonlySet<number> = new Set([
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.NOT_COORDINATOR,
  errorCodes.REBALANCE_IN_PROGRESS,
  errorCodes.ILLEGAL_GENERATION,
  errorCodes.REQUEST_TIMED_OUT,
]);

/**
 * Membership in a group by the classic protocol (KIP-62): joins, lets the leader assign, beats, joins
 * again when the group rebalances or has forgotten the member, and leaves. What the members share is
 * not its matter: consumers share partitions, registries choose their primary.
 *
 * joining -> stable on an assignment; stable -> joining on a rebalance, a loss or {@linkcode rejoin};
 * any -> ended by {@linkcode leave} or a refusal.
 */
export class GroupMembership {
  readonly #client: KafkaClient;
  readonly #options: MembershipOptions;
  readonly #sessionTimeoutMs: number;
  readonly #heartbeatIntervalMs: number;
  readonly #rebalanceTimeoutMs: number;
  #memberId = "";
  #generationId = -1;
  #assignment: GroupAssignment | null = null;
  #isEnding = false;
  #wantsRejoin = false;
  #wake = new AbortController();
  #running: Promise<void> | null = null;

  constructor(client: KafkaClient, options: MembershipOptions) {
    this.#client = client;
    this.#options = options;
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS;
    this.#heartbeatIntervalMs = options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS;
    this.#rebalanceTimeoutMs = options.rebalanceTimeoutMs ?? REBALANCE_TIMEOUT_MS;
  }

  /** The id that the group gave; empty before. */
  get memberId(): string {
    return this.#memberId;
  }

  /** Of the current assignment; -1 when there is none. */
  get generationId(): number {
    return this.#assignment === null ? -1 : this.#generationId;
  }

  /** Null while it joins. */
  get assignment(): GroupAssignment | null {
    return this.#assignment;
  }

  /** Whether this member is the one that assigns. */
  get isLeader(): boolean {
    return this.#assignment !== null && this.#assignment.leaderId === this.#memberId;
  }

  /** Begins to join; calling it again does nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Joins again, with new metadata: the group rebalances. */
  rejoin(): void {
    this.#wantsRejoin = true;
    this.#wakeUp();
  }

  /** Gives up the assignment and leaves, so that the others need not wait for the session to end. */
  async leave(): Promise<void> {
    if (this.#isEnding) return void await this.#running;
    this.#isEnding = true;
    this.#wakeUp();
    // A join that is held by the coordinator ends when the member leaves; an assignment ends first.
    const wasJoining = this.#assignment === null;
    if (!wasJoining) await this.#running;
    await this.#sendLeave();
    if (wasJoining && this.#running !== null) {
      const end = new AbortController();
      await Promise.race([this.#running, pause(LEAVE_TIMEOUT_MS, end.signal)]);
      end.abort();
      // It may have got its id, or its place, only now.
      await this.#sendLeave();
    }
  }

  #wakeUp(): void {
    this.#wake.abort();
  }

  get #hasEnded(): boolean {
    return this.#isEnding || this.#client.closed.aborted;
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(50, 1000);
    while (!this.#hasEnded) {
      try {
        const isJoined = await this.#join();
        if (!isJoined) {
          await this.#sleep(backoff.nextMs());
          continue;
        }
        backoff.reset();
        await this.#beat();
      } catch (thrown) {
        const error = asKafkaError(thrown);
        if (error.retriable && !this.#hasEnded) {
          await this.#sleep(backoff.nextMs());
          continue;
        }
        await this.#revoke("lost");
        if (this.#hasEnded) return;
        this.#isEnding = true;
        this.#options.onFatal(error);
      }
    }
    await this.#revoke("left");
  }

  /** True once there is an assignment; false to try again after a while. */
  async #join(): Promise<boolean> {
    const { groupId, protocolType, groupInstanceId = null } = this.#options;
    const protocols = await this.#options.protocols();
    this.#wantsRejoin = false;
    const joined = await this.#client.call(
      joinGroup,
      make(joinGroup.request, {
        groupId,
        sessionTimeoutMs: this.#sessionTimeoutMs,
        rebalanceTimeoutMs: this.#rebalanceTimeoutMs,
        memberId: this.#memberId,
        groupInstanceId,
        protocolType,
        protocols: [...protocols],
      }),
      this.#parked(this.#rebalanceTimeoutMs),
    );
    if (joined.errorCode === errorCodes.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId;
      return this.#isEnding ? false : await this.#join();
    }
    if (!this.#isFine(joined.errorCode, "join")) return false;
    this.#memberId = joined.memberId;
    this.#generationId = joined.generationId;
    const protocolName = joined.protocolName ?? "";
    const isLeader = joined.leader === joined.memberId && !joined.skipAssignment;
    const shares = isLeader ? await this.#options.assign(protocolName, joined.members) : new Map();
    const synced = await this.#client.call(
      syncGroup,
      make(syncGroup.request, {
        groupId,
        generationId: this.#generationId,
        memberId: this.#memberId,
        groupInstanceId,
        protocolType,
        protocolName,
        assignments: [...shares].map(([memberId, assignment]) => ({ memberId, assignment })),
      }),
      this.#parked(this.#rebalanceTimeoutMs),
    );
    if (!this.#isFine(synced.errorCode, "sync")) return false;
    this.#assignment = {
      generationId: this.#generationId,
      memberId: this.#memberId,
      leaderId: joined.leader,
      protocolName,
      assignment: synced.assignment,
    };
    await this.#options.onAssigned(this.#assignment);
    return true;
  }

  #parked(timeoutMs: number) {
    const requestTimeoutMs = timeoutMs + JOIN_GRACE_MS;
    return {
      to: { group: this.#options.groupId },
      parks: true,
      retry: false,
      timeoutMs: requestTimeoutMs,
      requestTimeoutMs,
    } as const;
  }

  /** False when the member must join (again); throws what is for good. */
  #isFine(code: number, what: string): boolean {
    if (code === errorCodes.NONE) return true;
    if (code === errorCodes.UNKNOWN_MEMBER_ID) {
      this.#memberId = "";
      return false;
    }
    if (TRY_AGAIN.has(code)) return false;
    throwOnCode(code, `Cannot ${what} group "${this.#options.groupId}"`);
    return false;
  }

  /** Beats until the assignment has ended. */
  async #beat(): Promise<void> {
    let aliveAtMs = performance.now();
    let delayMs = this.#heartbeatIntervalMs;
    for (;;) {
      await this.#sleep(delayMs);
      if (this.#hasEnded) return;
      if (this.#wantsRejoin) return await this.#revoke("rebalance");
      const code = await this.#sendHeartbeat();
      delayMs = this.#heartbeatIntervalMs;
      if (code === errorCodes.NONE) aliveAtMs = performance.now();
      else if (code === errorCodes.REBALANCE_IN_PROGRESS) return await this.#revoke("rebalance");
      else if (
        code === errorCodes.UNKNOWN_MEMBER_ID || code === errorCodes.ILLEGAL_GENERATION
      ) {
        await this.#revoke("lost");
        if (code === errorCodes.UNKNOWN_MEMBER_ID) this.#memberId = "";
        return;
      } else if (!TRY_AGAIN.has(code) && code !== errorCodes.NETWORK_EXCEPTION) {
        throw new KafkaError(code, null, { retriable: false });
      } else if (performance.now() - aliveAtMs > this.#sessionTimeoutMs) {
        return await this.#revoke("lost");
      } else delayMs = Math.min(delayMs, 250);
    }
  }

  /** What is in the way of a beat counts as a lost connection. */
  async #sendHeartbeat(): Promise<number> {
    const { groupId, groupInstanceId = null } = this.#options;
    try {
      const answer = await this.#client.call(
        heartbeat,
        make(heartbeat.request, {
          groupId,
          generationId: this.#generationId,
          memberId: this.#memberId,
          groupInstanceId,
        }),
        { to: { group: groupId }, retry: false, timeoutMs: this.#sessionTimeoutMs / 2 },
      );
      return answer.errorCode;
    } catch (thrown) {
      const error = asKafkaError(thrown);
      return error.retriable ? errorCodes.NETWORK_EXCEPTION : error.code;
    }
  }

  async #sleep(delayMs: number): Promise<void> {
    if (!this.#wake.signal.aborted) {
      const onClose = () => this.#wakeUp();
      this.#client.closed.addEventListener("abort", onClose);
      await pause(delayMs, this.#wake.signal);
      this.#client.closed.removeEventListener("abort", onClose);
    }
    this.#wake = new AbortController();
  }

  async #revoke(reason: RevokeReason): Promise<void> {
    if (this.#assignment === null) return;
    try {
      await this.#options.onRevoked(reason);
    } finally {
      this.#assignment = null;
    }
  }

  async #sendLeave(): Promise<void> {
    const { groupId, groupInstanceId } = this.#options;
    // A static member keeps its place until its session ends.
    if (this.#memberId === "" || groupInstanceId !== undefined || this.#client.closed.aborted) {
      return;
    }
    const memberId = this.#memberId;
    try {
      await this.#client.call(
        leaveGroup,
        make(leaveGroup.request, { groupId, memberId, members: [{ memberId }] }),
        { to: { group: groupId }, timeoutMs: LEAVE_TIMEOUT_MS },
      );
    } catch (error) {
      // The session's end does the same, only later.
      asKafkaError(error);
    }
    this.#memberId = "";
  }
}
