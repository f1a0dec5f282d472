import { assert } from "../../base/mod.ts";
import { errorCodes } from "../../protocol/errors.ts";
import type { JoinGroupResponse, SyncGroupResponse } from "../../protocol/mod.ts";
import type { ShardTimer } from "../state_machine.ts";
import {
  type ClassicMember,
  type MemberProtocol,
  metadataFor,
  newMember,
  type Reply,
} from "./classic_member.ts";
import { assertTransition, type GroupState } from "./group_state.ts";
import { electProtocol } from "./protocol_vote.ts";
import { joinError, syncError } from "./responses.ts";
import { subscribedTopics } from "./subscription.ts";

/** The protocol type under which consumers (and nobody else) assign topic partitions. */
export const CONSUMER_PROTOCOL_TYPE = "consumer";

/**
 * The live side of a classic group: who is in it, who waits for whom, and where it stands in a
 * rebalance. It is soft state: what must survive is in the group's last record
 * ({@linkcode GroupStore}), from which it is made again. It keeps its own counts right and decides
 * nothing; join_group.ts, sync_group.ts, leave_group.ts and rebalance.ts do.
 */
export class ClassicGroup {
  /** What this kind of group is called in ListGroups. */
  readonly type = "classic";
  generationId = 0;
  protocolType: string | null = null;
  protocolName: string | null = null;
  leaderId: string | null = null;
  /** Topics that the members subscribe to; null when that is not known. */
  topics: ReadonlySet<string> | null = null;
  /** Whether someone joined while the first rebalance waits for more members. */
  hasNewMember = false;
  /** The generation whose assignment is on its way to the log; -1: none is. */
  generationBeingStored = -1;
  /** Ends the join phase. */
  joinTimer: ShardTimer | null = null;
  /** Ends the wait for SyncGroups. */
  syncTimer: ShardTimer | null = null;
  /** Since when the state holds; -1: not known (records of old versions). */
  stateTimestampMs: number;
  readonly members = new Map<string, ClassicMember>();
  /** Ids that were given out and not joined with yet, each with the end of its session. */
  readonly pendingJoins = new Map<string, ShardTimer>();
  /** Members that have not sent SyncGroup in this generation. */
  readonly pendingSyncs = new Set<string>();
  #state: GroupState;
  #previousState: GroupState = "Dead";
  /** Member id by group instance id. */
  readonly #staticMembers = new Map<string, string>();
  /** How many members offer a protocol. */
  readonly #supporters = new Map<string, number>();
  #awaitingJoinCount = 0;

  constructor(readonly groupId: string, state: GroupState, stateTimestampMs: number) {
    this.#state = state;
    this.stateTimestampMs = stateTimestampMs;
  }

  get state(): GroupState {
    return this.#state;
  }
  /** The state before this one. */
  get previousState(): GroupState {
    return this.#previousState;
  }
  /** How many members wait in a JoinGroup. */
  get awaitingJoinCount(): number {
    return this.#awaitingJoinCount;
  }
  /** Whether every member waits in a JoinGroup and no id is out. */
  get hasAllJoined(): boolean {
    return this.members.size === this.#awaitingJoinCount && this.pendingJoins.size === 0;
  }
  /** The longest time that a member allows for a rebalance. */
  get rebalanceTimeoutMs(): number {
    let longestMs = 0;
    for (const member of this.members.values()) {
      longestMs = Math.max(longestMs, member.rebalanceTimeoutMs);
    }
    return longestMs;
  }
  /** Whether the members are consumers, whose subscriptions can be read. */
  get usesConsumerProtocol(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL_TYPE;
  }

  transition(to: GroupState, nowMs: number): void {
    assertTransition(this.groupId, this.#state, to);
    this.#previousState = this.#state;
    this.#state = to;
    this.stateTimestampMs = nowMs;
  }

  /** The id of the static member of that name; null when there is none. */
  staticMemberId(groupInstanceId: string): string | null {
    return this.#staticMembers.get(groupInstanceId) ?? null;
  }

  /** The error code for a request in the name of a member; 0 when it may speak. */
  memberError(memberId: string, groupInstanceId: string | null): number {
    if (groupInstanceId !== null) {
      const known = this.staticMemberId(groupInstanceId);
      if (known === null) return errorCodes.UNKNOWN_MEMBER_ID;
      if (known !== memberId) return errorCodes.FENCED_INSTANCE_ID;
    }
    return this.members.has(memberId) ? 0 : errorCodes.UNKNOWN_MEMBER_ID;
  }

  /** Whether a member that offers these could take part: one protocol must suit everybody. */
  supports(protocolType: string, protocols: readonly { readonly name: string }[]): boolean {
    if (this.#state === "Empty") return protocolType !== "" && protocols.length > 0;
    return protocolType === this.protocolType &&
      protocols.some(({ name }) => this.#supportersOf(name) === this.members.size);
  }

  add(member: ClassicMember, reply: Reply<JoinGroupResponse> | null): void {
    const { memberId, groupInstanceId } = member;
    if (groupInstanceId !== null) {
      assert(!this.#staticMembers.has(groupInstanceId), `Instance ${groupInstanceId} joined twice`);
      this.#staticMembers.set(groupInstanceId, memberId);
    }
    if (this.members.size === 0) this.protocolType = member.protocolType;
    this.leaderId ??= memberId;
    this.members.set(memberId, member);
    this.#countProtocols(member.protocols, 1);
    this.#park(member, reply);
    this.removePending(memberId);
  }

  /** Removes a member or an id that was given out; an unknown id does nothing. */
  remove(memberId: string): void {
    const member = this.members.get(memberId);
    if (member !== undefined) {
      this.members.delete(memberId);
      this.#countProtocols(member.protocols, -1);
      this.#park(member, null);
      member.session?.cancel();
      if (member.groupInstanceId !== null) this.#staticMembers.delete(member.groupInstanceId);
    }
    if (this.leaderId === memberId) this.leaderId = this.members.keys().next().value ?? null;
    this.removePending(memberId);
    this.pendingSyncs.delete(memberId);
  }

  removePending(memberId: string): void {
    this.pendingJoins.get(memberId)?.cancel();
    this.pendingJoins.delete(memberId);
  }

  /** Takes over what a member says when it joins again; it waits for an answer unless `reply` is null. */
  update(
    member: ClassicMember,
    said: Pick<ClassicMember, "protocols" | "rebalanceTimeoutMs" | "sessionTimeoutMs">,
    reply: Reply<JoinGroupResponse> | null,
  ): void {
    this.#countProtocols(member.protocols, -1);
    this.#countProtocols(said.protocols, 1);
    member.protocols = said.protocols;
    member.rebalanceTimeoutMs = said.rebalanceTimeoutMs;
    member.sessionTimeoutMs = said.sessionTimeoutMs;
    // A client that asks twice has given the first request up.
    this.answerJoin(member, joinError(errorCodes.REBALANCE_IN_PROGRESS, member.memberId));
    this.#park(member, reply);
  }

  /**
   * Gives a static member's place to a new member id. Whoever still waits under the old id is told
   * that it is fenced.
   */
  replaceStatic(groupInstanceId: string, newMemberId: string): ClassicMember {
    const oldMemberId = this.staticMemberId(groupInstanceId);
    const old = oldMemberId === null ? undefined : this.members.get(oldMemberId);
    assert(old !== undefined, `No static member ${groupInstanceId} in group ${this.groupId}`);
    this.answerJoin(old, joinError(errorCodes.FENCED_INSTANCE_ID, old.memberId));
    this.answerSync(old, syncError(errorCodes.FENCED_INSTANCE_ID));
    old.session?.cancel();
    this.members.delete(old.memberId);
    const member = newMember({ ...old, memberId: newMemberId }, old);
    this.members.set(newMemberId, member);
    if (this.pendingSyncs.delete(old.memberId)) this.pendingSyncs.add(newMemberId);
    this.#staticMembers.set(groupInstanceId, newMemberId);
    if (this.leaderId === old.memberId) this.leaderId = newMemberId;
    return member;
  }

  /** Answers a parked JoinGroup, if there is one. */
  answerJoin(member: ClassicMember, response: JoinGroupResponse): void {
    const reply = member.awaitingJoin;
    this.#park(member, null);
    reply?.(response);
  }

  /** Answers a parked SyncGroup; returns whether there was one. */
  answerSync(member: ClassicMember, response: SyncGroupResponse): boolean {
    const reply = member.awaitingSync;
    member.awaitingSync = null;
    reply?.(response);
    return reply !== null;
  }

  /** Keeps the leader if it has joined, else takes the first member that has; false: nobody has. */
  electLeader(): boolean {
    const leader = this.leaderId === null ? undefined : this.members.get(this.leaderId);
    if (leader === undefined) return false;
    if (leader.awaitingJoin !== null) return true;
    for (const member of this.members.values()) {
      if (member.awaitingJoin === null) continue;
      this.leaderId = member.memberId;
      return true;
    }
    return false;
  }

  /** The protocol that most members prefer among those that all of them offer. */
  electProtocol(): string {
    return electProtocol(
      this.members.values(),
      (name) => this.#supportersOf(name) === this.members.size,
    );
  }

  /** Ends the join phase: those who are left are the next generation. */
  startGeneration(nowMs: number): void {
    this.generationId++;
    const isEmpty = this.members.size === 0;
    this.protocolName = isEmpty ? null : this.electProtocol();
    this.topics = subscribedTopics(this);
    this.transition(isEmpty ? "Empty" : "CompletingRebalance", nowMs);
    this.pendingSyncs.clear();
  }

  /** Whether offsets of the topic are in use; when subscriptions cannot be read, all might be. */
  isSubscribedTo(topic: string): boolean {
    return this.topics === null ? this.usesConsumerProtocol : this.topics.has(topic);
  }

  /** The members as the leader is told of them. */
  joinedMembers(): JoinGroupResponse["members"] {
    return Array.from(this.members.values(), (member) => {
      const metadata = metadataFor(member, this.protocolName);
      assert(metadata !== null, `Member ${member.memberId} lacks the group's protocol`);
      return { memberId: member.memberId, groupInstanceId: member.groupInstanceId, metadata };
    });
  }

  /** Cancels every timer. */
  stopTimers(): void {
    this.joinTimer?.cancel();
    this.syncTimer?.cancel();
    for (const member of this.members.values()) member.session?.cancel();
    for (const session of this.pendingJoins.values()) session.cancel();
  }

  #park(member: ClassicMember, reply: Reply<JoinGroupResponse> | null): void {
    if (member.awaitingJoin !== null) this.#awaitingJoinCount--;
    if (reply !== null) this.#awaitingJoinCount++;
    member.awaitingJoin = reply;
  }

  #countProtocols(protocols: readonly MemberProtocol[], change: 1 | -1): void {
    for (const { name } of protocols) {
      const count = this.#supportersOf(name) + change;
      if (count === 0) this.#supporters.delete(name);
      else this.#supporters.set(name, count);
    }
  }

  #supportersOf(protocolName: string): number {
    return this.#supporters.get(protocolName) ?? 0;
  }
}
